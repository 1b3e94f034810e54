"""What stock tells the figures, and when somebody is told that it runs low."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.core import boards, clock
from chalicelib.core.money import Money
from chalicelib.customers.activities import service as activities
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Warehouse
from tests.client import FINANCE, OPERATIONS, REP, Client
from tests.sales.inventory.builders import (
    allow_back_orders,
    moved,
    product,
    release,
    reserve,
    take_out,
    warehouse,
)
from tests.streams import Stream


@pytest.fixture
def sz(gtx: str) -> Warehouse:
    return warehouse("SZ", rank=1)


def decide(product_id: str, at: Warehouse, **decided: Any) -> None:
    version = service.rule(product_id, at.id).version
    service.set_rule(product_id, at.id, version=version, by=OPERATIONS, **decided)


def tasks() -> list[str]:
    found = activities.tasks(who=OPERATIONS, owner_id=OPERATIONS.id, limit=50).items
    return [task.title for task in found]


def test_stock_counts_in_units_and_in_value_at_the_cost_that_was_decided(
    gtx: str, sz: Warehouse, stream: Stream
) -> None:
    moved("RECEIPT", 10)
    reserve(1, (gtx, 3))
    stream.drain()
    assert boards.read("stock|product") == {f"{gtx}|-": {"on_hand": 10, "reserved": 3}}

    decide(gtx, sz, unit_cost=Money(1_250, "CNY"))
    take_out(1, gtx, 2)
    stream.drain()

    row = {"on_hand": 8, "reserved": 1, "value": 10_000}
    assert boards.read("stock|warehouse")[f"{sz.id}|CNY"] == row
    assert boards.read("stock|product")[f"{gtx}|CNY"] == row
    assert not any(boards.read("stock|product")[f"{gtx}|-"].values())


def test_those_who_know_costs_read_what_stock_is_worth(
    gtx: str, sz: Warehouse, stream: Stream, client: Client
) -> None:
    moved("RECEIPT", 10)
    moved("RECEIPT", 2, of=product_code())
    decide(gtx, sz, unit_cost=Money(1_250, "CNY"))
    stream.drain()

    by_place = client.get("/analytics/stock", by=FINANCE).json["rows"]
    by_product = client.get("/analytics/stock", query={"by": "product"}, by=FINANCE).json["rows"]

    worth = {"amount": "125.00", "currency": "CNY"}
    assert [(row["name"], row["on_hand"], row["value"]) for row in by_place] == [
        ("SZ 仓", 2, None),
        ("SZ 仓", 10, worth),
    ]
    assert {(row["name"], row["on_hand"]) for row in by_product} == {("GTX 仪器", 10), ("MSX 仪器", 2)}
    assert client.get("/analytics/stock", by=REP).status == 403


def product_code() -> str:
    """Put one more product on sale; return its code."""
    product("MSX")
    return "MSX"


def test_movements_count_in_the_month_they_happened_in_where_the_company_is(
    gtx: str, sz: Warehouse, stream: Stream
) -> None:
    gz = warehouse("GZ")
    # Midnight has passed in Shanghai, not yet in Greenwich.
    with clock.at(datetime(2026, 10, 31, 17, tzinfo=UTC)):
        moved("RECEIPT", 10)
        moved("TRANSFER", 4, into="GZ")
        moved("COUNT", 5)
    reserve(1, (gtx, 2))
    with clock.at(datetime(2026, 11, 5, tzinfo=UTC)):
        take_out(1, gtx, 2)
    stream.drain()

    assert boards.read(f"stock_moves|{sz.id}") == {
        f"2026-11|{gtx}": {"received": 10, "transferred": -4, "adjusted": -1, "shipped": -2}
    }
    assert boards.read(f"stock_moves|{gz.id}") == {f"2026-11|{gtx}": {"transferred": 4}}


def test_the_keeper_is_told_once_for_each_time_that_stock_falls_to_the_reorder_point(
    gtx: str, sz: Warehouse, stream: Stream
) -> None:
    decide(gtx, sz, reorder_point=5)
    stream.drain()
    before = len(tasks())
    moved("RECEIPT", 8)
    reserve(1, (gtx, 2))
    stream.drain()
    assert len(tasks()) == before

    reserve(2, (gtx, 1))
    reserve(3, (gtx, 1))
    stream.drain()
    stream.deliver(stream.delivered)
    assert len(tasks()) == before + 1
    assert tasks()[-1] == "GTX 仪器: 5 available in SZ 仓, reorder point 5"

    release(1, gtx)
    moved("ISSUE", 3)
    stream.drain()
    assert len(tasks()) == before + 2


def test_the_keeper_is_told_when_a_reorder_point_is_set_above_what_is_there(
    gtx: str, sz: Warehouse, stream: Stream
) -> None:
    moved("RECEIPT", 8)
    stream.drain()

    for point in (7, 8, 9, None, 20):
        decide(gtx, sz, reorder_point=point)
        stream.drain()

    assert len(tasks()) == 2


def test_those_who_wait_count_as_not_there(gtx: str, sz: Warehouse, stream: Stream) -> None:
    allow_back_orders(gtx, sz.id)
    reserve(1, (gtx, 3))
    stream.drain()

    assert boards.read("stock|product") == {f"{gtx}|-": {"waiting": 3}}
