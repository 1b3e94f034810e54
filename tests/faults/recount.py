"""Counting anew: what every row must say, from the items alone. Of the product it knows the measures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.core.measures import Cell, Image, Measures
from chalicelib.core.settings import table_name
from chalicelib.core.table import client, scan

#: (board, row, name of a number) → the number, where it is not zero; of a row that ranks, where and by what.
Figures = Mapping[tuple[str, str, str], int | str]
#: What every row has of its own.
_OWN = {"board", "row", "steps", "rank_board", "rank_by"}
#: What ranks a row; of one that ranks with nothing it does not matter.
_RANK, _RANKED = "rank_value", ("rank_board", "rank_by")


def apart(measures: Measures, name: str) -> Measures:
    """Return the measures with every board under a name of its own, so that many tests can share a table."""
    return {kind: _named(measure, name) for kind, measure in measures.items()}


def _named(measure: Any, name: str) -> Any:
    def named(item: Image) -> Iterable[Cell]:
        for cell in measure(item):
            yield Cell(f"{name} {cell.board}", cell.row, cell.numbers, cell.rank)

    return named


def expected(items: Iterable[tuple[str, Image]], measures: Measures) -> Figures:
    """Return what the rows must say of these items (kind and image)."""
    figures: Counter[tuple[str, str, str]] = Counter()
    ranks: dict[tuple[str, str], str] = {}
    for kind, image in items:
        if image.get("status") == "VOIDED":
            continue
        for cell in measures[kind](image):
            for name, number in cell.numbers.items():
                figures[cell.board, cell.row, name] += number
            if cell.rank:
                ranks[cell.board, cell.row] = cell.rank
    for (board, row), rank in ranks.items():
        figures[board, row, _RANK] = figures[board, row, rank]
    told: dict[tuple[str, str, str], int | str] = {key: number for key, number in figures.items() if number}
    for (board, row), rank in ranks.items():
        if figures[board, row, _RANK]:
            told |= {(board, row, "rank_board"): board, (board, row, "rank_by"): rank}
    return told


def standing(boards: Iterable[str] | None = None) -> Figures:
    """Return what the rows say now: of these boards, or of all there are."""
    rows = scan(table_name("aggregates")) if boards is None else _of(boards)
    figures: dict[tuple[str, str, str], int | str] = {}
    for raw in rows:
        board, row = raw["board"]["S"], raw["row"]["S"]
        assert raw.get("rank_board", raw["board"])["S"] == board, "ranked under another board"
        for name in raw.keys() - _OWN:
            if number := int(raw[name]["N"]):
                figures[board, row, name] = number
        if (board, row, _RANK) in figures:
            figures |= {(board, row, name): raw[name]["S"] for name in _RANKED if name in raw}
    return figures


def _of(boards: Iterable[str]) -> Iterable[dict[str, Any]]:
    for board in boards:
        asked = {"KeyConditionExpression": "board = :b", "ExpressionAttributeValues": {":b": {"S": board}}}
        answer = client().query(TableName=table_name("aggregates"), **asked)
        assert "LastEvaluatedKey" not in answer, "a test's board fits one page"
        yield from answer["Items"]


def drift(right: Figures, now: Figures) -> dict[tuple[str, str, str], tuple[int | str, int | str]]:
    """Return every number that is not what it must be: (what it must be, what it is)."""
    keys = right.keys() | now.keys()
    return {key: (right.get(key, 0), now.get(key, 0)) for key in keys if right.get(key) != now.get(key)}
