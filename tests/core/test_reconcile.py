"""Whatever happened to the aggregates: a reconcile finds it, repairs it, and finds nothing after."""

import random
from typing import Any

import pytest

from chalicelib import house
from chalicelib.core import boards, changes, quarantine, reconcile
from chalicelib.core.access import SYSTEM
from chalicelib.core.measures import Cell, Image
from chalicelib.core.money import Money
from chalicelib.core.settings import table_name
from chalicelib.core.table import client, scan
from chalicelib.sales.catalog import service as catalog
from tests.streams import Stream

CATALOG = [table_name("catalog")]


def by_family(product: Image) -> list[Cell]:
    """Count products by family, ranked by price."""
    numbers = {"count": 1, "list": product["list_price"]["minor"]}
    return [Cell("products|family", product["family"], numbers, rank="list")]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> changes.House:
    """A house in which products are measured and nobody reacts."""
    made = changes.House({"product": by_family}, {})
    monkeypatch.setattr(house, "house", lambda: made)
    return made


def _products(stream: Stream, how_many: int = 20) -> dict[str, Any]:
    for number in range(how_many):
        family, price = f"F{number % 4}", Money(100 + number, "CNY")
        catalog.add_product(code=f"P{number}", name="Press", list_price=price, family=family, by=SYSTEM)
    stream.drain()
    return dict(boards.read("products|family"))


def _raw(table: str) -> list[dict[str, Any]]:
    return list(scan(table_name(table)))


def test_right_aggregates_are_left_as_they_are(measured: changes.House, stream: Stream) -> None:
    before = _products(stream)

    report = reconcile.run(CATALOG, measured.measures)

    assert (report.items, report.repaired, report.drift) == (20, 0, 0)
    assert boards.read("products|family") == before


def test_records_lost_on_the_way_are_counted_by_the_next_reconcile(
    measured: changes.House, stream: Stream
) -> None:
    before = _products(stream)
    catalog.add_product(code="LOST", name="Lost", list_price=Money(7, "CNY"), family="F0", by=SYSTEM)
    stream.new_records()

    report = reconcile.run(CATALOG, measured.measures)

    assert (report.late, report.drift) == (1, 0)
    assert boards.read("products|family")["F0"]["count"] == before["F0"]["count"] + 1


@pytest.mark.parametrize("seed", range(5))
def test_rows_corrupted_at_random_are_found_and_repaired_in_one_run(
    measured: changes.House, stream: Stream, seed: int
) -> None:
    before, dice = _products(stream), random.Random(seed)
    for table, number in (("aggregates", "count"), ("aggregates", "rank_value")):
        row = dice.choice(_raw(table))
        client().put_item(TableName=table_name(table), Item={**row, number: {"N": "77"}})
    ledger = dice.choice(_raw("ledger"))
    client().put_item(TableName=table_name("ledger"), Item={**ledger, "cells": {"M": {}}})
    client().delete_item(TableName=table_name("ledger"), Key={"id": dice.choice(_raw("ledger"))["id"]})

    first, second = (reconcile.run(CATALOG, measured.measures) for _ in range(2))

    assert first.repaired > 0
    assert (first.drift, second.repaired, second.drift) == (0, 0, 0)
    assert boards.read("products|family") == before
    assert [row for row, _ in boards.top("products|family", limit=4)] == ["F3", "F2", "F1", "F0"]


def test_an_item_removed_by_hand_stops_counting(measured: changes.House, stream: Stream) -> None:
    before = _products(stream)
    gone = _raw("catalog")[0]
    client().delete_item(TableName=CATALOG[0], Key={"id": gone["id"]})

    report = reconcile.run(CATALOG, measured.measures)

    assert (report.orphans, report.drift) == (1, 0)
    after = boards.total(boards.read("products|family"))
    assert after["count"] == boards.total(before)["count"] - 1


def test_an_item_that_came_back_from_a_backup_counts_as_it_is(
    measured: changes.House, stream: Stream
) -> None:
    before, old = _products(stream), _raw("catalog")[0]
    catalog.change_product(old["id"]["S"], family="F9", version=1, by=SYSTEM)
    stream.drain()
    client().put_item(TableName=CATALOG[0], Item=old)

    looked = reconcile.run(CATALOG, measured.measures, repair=False)
    first, second = (reconcile.run(CATALOG, measured.measures) for _ in range(2))

    assert (looked.ahead, looked.drift) == (1, 1)
    assert (first.ahead, first.drift, second.ahead, second.repaired) == (1, 0, 0, 0)
    assert boards.read("products|family") == {**before, "F9": {"count": 0, "list": 0}}


def test_an_item_that_cannot_be_measured_does_not_keep_the_others_from_repair(
    measured: changes.House, stream: Stream
) -> None:
    before = _products(stream)
    broken, lost = _raw("catalog")[:2]
    client().put_item(TableName=CATALOG[0], Item={**broken, "list_price": {"S": "dear"}})
    client().delete_item(TableName=table_name("ledger"), Key={"id": lost["id"]})

    report = reconcile.run(CATALOG, measured.measures)

    assert (report.unreadable, report.late) == (1, 1)
    assert [each.stage for each in quarantine.parked(limit=5).items] == ["reconcile"]
    assert report.drift == 0
    assert boards.read("products|family") == before


def test_a_dry_run_tells_the_drift_and_repairs_nothing(measured: changes.House, stream: Stream) -> None:
    _products(stream)
    row = _raw("aggregates")[0]
    client().put_item(TableName=table_name("aggregates"), Item={**row, "count": {"N": "77"}})

    report = reconcile.run(CATALOG, measured.measures, repair=False)

    assert (report.wrong_rows, report.repaired, report.drift) == (1, 0, 1)
