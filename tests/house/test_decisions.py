"""Every decision record has its number, its three parts and its line in the list."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

DECISIONS = ROOT / "docs" / "decisions"
RECORDS = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
PARTS = ["Context", "Decision", "What enforces it"]


def test_records_are_numbered_in_order_and_never_twice() -> None:
    numbers = [path.name[:5] for path in RECORDS]

    assert numbers == [f"{number:04}-" for number in range(1, len(RECORDS) + 1)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_its_three_parts_and_is_listed(record: Path) -> None:
    text = record.read_text("utf-8")

    assert text.startswith(f"# {record.name[:4]} "), f"{record.name}: the title has its number"
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert f"({record.name})" in (DECISIONS / "README.md").read_text("utf-8")
