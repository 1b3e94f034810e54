"""Items with more rows than one transaction takes, and lanes that meet at one item."""

from collections.abc import Iterator

import pytest

from chalicelib.core import aggregates, boards, errors
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Cell, Image

ROWS = 3 * aggregates.MOST_ACTIONS


def by_row(item: Image) -> Iterator[Cell]:
    """Count an item in a row for each number from `first` on."""
    for number in range(item["first"], item["first"] + ROWS):
        yield Cell("wide", f"{number:05d}", {"count": 1, "sum": number})


MEASURES = {"order": by_row}


def _change(version: int, first: int) -> Change:
    return Change("order", "order_1", version, None, {"id": "order_1", "first": first}, "")


def _standing() -> dict[str, dict[str, int]]:
    rows = {row: {n: v for n, v in numbers.items() if v} for row, numbers in boards.read("wide").items()}
    return {row: numbers for row, numbers in rows.items() if numbers}


def _right(first: int) -> dict[str, dict[str, int]]:
    return {f"{n:05d}": {"count": 1, "sum": n} for n in range(first, first + ROWS) if n} | (
        {"00000": {"count": 1}} if first == 0 else {}
    )


def test_an_item_of_many_rows_is_counted_part_by_part_and_once(tables: None) -> None:
    for change in (_change(1, 0), _change(2, 150), _change(1, 0), _change(2, 150)):
        aggregates.apply([change], MEASURES)

    assert _standing() == _right(150)
    assert aggregates.ledger(["order_1"])["order_1"].version == 2


def test_a_crash_between_two_parts_is_made_up_for(tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(aggregates, "TRIES", 1)
        with pytest.raises(errors.Busy):
            aggregates.apply([_change(1, 0)], MEASURES)
    assert 0 < len(_standing()) < ROWS

    aggregates.apply([_change(1, 0)], MEASURES)

    assert _standing() == _right(0)


def test_two_repairs_of_one_item_at_once_add_up_to_one(tables: None) -> None:
    """Both read the ledger before either writes: the second finds it written and is refused."""
    aggregates.apply([_change(1, 0)], MEASURES)
    elsewhere = [_change(1, 7)]
    [first] = aggregates._groups(elsewhere, MEASURES, forced=True)
    [second] = aggregates._groups(elsewhere, MEASURES, forced=True)

    aggregates._write(first)
    assert aggregates._write(second) == elsewhere

    aggregates.apply(elsewhere, MEASURES, forced=True)
    assert _standing() == _right(7)
