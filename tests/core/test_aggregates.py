"""Items with more rows than one transaction takes, and lanes that meet at one item."""

from collections.abc import Iterator

import pytest

from chalicelib.core import aggregates, boards, errors
from chalicelib.core.attributes import plain
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Cell, Image
from chalicelib.core.settings import table_name
from chalicelib.core.table import scan

ROWS = 3 * aggregates.MOST_ACTIONS


def by_row(item: Image) -> Iterator[Cell]:
    """Count an item in a row for each number from `first` on."""
    for number in range(item["first"], item["first"] + ROWS):
        yield Cell("wide", f"{number:05d}", {"count": 1, "sum": number})


MEASURES = {"order": by_row}


def _change(version: int, first: int) -> Change:
    return Change("order", "order_1", version, None, {"id": "order_1", "first": first}, "")


def by_customer(deal: Image) -> Iterator[Cell]:
    """Rank a customer by what it bought."""
    yield Cell("customers", deal["customer"], {"won": 1, "amount": deal["amount"]}, rank="amount")


def _deal(version: int, customer: str, amount: int, **more: str) -> Change:
    image = {"id": "deal_1", "customer": customer, "amount": amount, **more}
    return Change("deal", "deal_1", version, None, image, "")


def _ranks() -> dict[str, int]:
    rows = [plain(raw) for raw in scan(table_name("aggregates"))]
    return {row["row"]: row["rank_value"] for row in rows}


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


def test_a_customer_sinks_in_the_ranking_when_a_deal_leaves_it_or_is_voided(tables: None) -> None:
    for change, expected in (
        (_deal(1, "acme", 500), {"acme": 500}),
        (_deal(2, "bolt", 700), {"acme": 0, "bolt": 700}),
        (_deal(3, "bolt", 700, status="VOIDED"), {"acme": 0, "bolt": 0}),
    ):
        aggregates.apply([change], {"deal": by_customer})

        assert _ranks() == expected
