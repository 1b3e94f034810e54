"""The guides are walked as they are written: their blocks in a shell, and what each line is to print."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.stack.sandbox import Sandbox

GUIDES = sorted((Path(__file__).parents[2] / "docs" / "guides").glob("*.md"))
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SAID = re.compile(r"# → (.+)$", re.MULTILINE)

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_line_of_a_guide_prints_what_stands_behind_it(stack: Sandbox, guide: Path) -> None:
    script = "".join(_BLOCK.findall(guide.read_text("utf-8"))).replace(".sandbox/", f"{stack.folder}/")

    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script], capture_output=True, text=True, timeout=540
    )

    assert done.stdout.splitlines() == _SAID.findall(script), done.stderr
    assert done.returncode == 0, done.stderr
