"""The made items go wherever a measure can: a board or number that none of them has is not proven."""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from chalicelib import house
from chalicelib.core.measures import contribution
from infra.stages import ROOT
from tests.faults.makers import MAKERS

#: Items of each kind: as many as it takes to have each case a few times.
ITEMS: Final = 400
MEASURES: Final = sorted((ROOT / "chalicelib").glob("*/*/measures.py"))


def lines_of(file: Path) -> set[int]:
    """The lines of the functions of a file."""
    module = compile(file.read_text("utf-8"), str(file), "exec")
    return {line for function in _functions(module) for _, _, line in function.co_lines() if line}


def _functions(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _functions(constant)


def reached() -> dict[str, set[int]]:
    """The lines of measures that the made items reach, by file."""
    found: dict[str, set[int]] = defaultdict(set)
    files = {str(file) for file in MEASURES}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in files:
            return None
        found[frame.f_code.co_filename].add(frame.f_lineno)
        return trace

    dice = random.Random(20261122)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for kind, maker in MAKERS.items():
            for _ in range(ITEMS):
                contribution(maker(dice), house.measures()[kind])
    finally:
        sys.settrace(before)
    return found


def test_every_line_of_every_measure_is_reached_by_some_made_item() -> None:
    found = reached()

    missed = {
        f"{file.parent.name}/{file.name}": sorted(lines_of(file) - found[str(file)]) for file in MEASURES
    }
    assert {name: lines for name, lines in missed.items() if lines} == {}
