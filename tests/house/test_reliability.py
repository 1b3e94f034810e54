"""The commands of docs/reliability.md: each of them runs something."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from _pytest.mark.expression import Expression

from infra.stages import ROOT

TOLD: Final = (ROOT / "docs" / "reliability.md").read_text("utf-8")
COMMANDS: Final = re.findall(r"`(\.venv/bin/pytest [^`]+)`", TOLD)


def found_in(path: Path) -> Iterator[tuple[str, bool]]:
    """Every test below a path: what it is called by, and whether only the long run has it."""
    for file in sorted(path.rglob("test_*.py")) if path.is_dir() else [path]:
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                marks = {ast.unparse(mark) for mark in node.decorator_list}
                yield f"{file.relative_to(ROOT)} {node.name}", "pytest.mark.long" in marks


def selected(command: str) -> list[str]:
    """The tests that a command runs, by name alone."""
    _, *words = shlex.split(command)
    options = {words[at]: words[at + 1] for at, word in enumerate(words) if word in ("-k", "-m")}
    paths = [word for word in words if word.startswith("tests")]
    assert set(words) == {*paths, *options, *options.values()}, "an option that is not understood here"
    by_name, by_mark = (Expression.compile(options.get(o, default)) for o, default in _DEFAULTS.items())

    def runs(name: str, is_long: bool) -> bool:
        def is_named(word: str, /, **_: object) -> bool:
            return word.lower() in name.lower()

        def is_marked(mark: str, /, **_: object) -> bool:
            return mark == "long" and is_long

        return by_name.evaluate(is_named) and by_mark.evaluate(is_marked)

    return [name for path in paths for name, is_long in found_in(ROOT / path) if runs(name, is_long)]


#: Without an expression of names every test, without one of marks those that are not long.
_DEFAULTS: Final = {"-k": "test", "-m": "not long"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_told_runs_a_test(command: str) -> None:
    assert selected(command)


def test_every_row_of_what_is_proven_tells_how_to_see_it_again() -> None:
    rows = [line for line in TOLD.splitlines() if line.startswith("| ") and not line.startswith("| --")]
    without = [row for row in rows if "`.venv/bin/pytest" not in row.rsplit(" | ", 1)[-1]]

    assert [row for row in without if not row.endswith("| Again |")] == []


def test_a_command_that_selects_nothing_is_seen() -> None:
    assert selected(".venv/bin/pytest tests/house -k nothing_is_called_like_this_but") == []
    assert selected(".venv/bin/pytest tests/house -m long") == []
