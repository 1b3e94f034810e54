"""Advice over HTTP: from orders and stock to what to order, when and why."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.core import aggregates, clock, ids
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Cell, Image
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Warehouse
from tests.client import OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.inventory.builders import allow_back_orders, moved, product, reserve, warehouse

TODAY = datetime(2026, 11, 1, 4, tzinfo=UTC)
MONTHS = [f"2025-{month:02d}" for month in range(8, 13)] + [f"2026-{month:02d}" for month in range(1, 11)]


@pytest.fixture
def gtx(client: Client) -> str:
    hire_everybody()
    return product()


def counted(board: str, rows: dict[str, dict[str, int]]) -> None:
    """Put figures on a board as changes of some records would."""

    def cells(image: Image) -> list[Cell]:
        return [Cell(board, row, numbers) for row, numbers in rows.items()]

    item_id = ids.new("order")
    after = {"id": item_id, "version": 1}
    aggregates.apply([Change("order", item_id, 1, None, after, "")], {"order": cells})


def advised(client: Client, at: Warehouse) -> list[Any]:
    with clock.at(TODAY):
        reply = client.get("/reorder-advice", query={"warehouse_id": at.id}, by=REP)
    assert reply.status == 200, reply.text
    found: list[Any] = reply.json["items"]
    return found


def test_nobody_is_advised_without_signing_in(client: Client) -> None:
    assert client.get("/reorder-advice").status == 401


def test_advice_needs_a_warehouse_that_is_there(client: Client) -> None:
    missing = {"warehouse_id": "warehouse_" + "0" * 26}

    assert client.get("/reorder-advice", by=REP).status == 400
    assert client.get("/reorder-advice", query=missing, by=REP).status == 404


def test_what_sells_steadily_is_ordered_before_it_runs_out_and_every_number_is_told(
    client: Client, gtx: str
) -> None:
    sz = warehouse()
    allow_back_orders(gtx, sz.id, lead_days=15, review_days=30, lot=50)
    moved("RECEIPT", 100)
    counted("orders|product", {f"{month}|{gtx}|CNY": {"units": 200} for month in MONTHS})
    counted("orders|part", {f"{month}|{gtx}|CNY": {"units": 100} for month in MONTHS})

    [told] = advised(client, sz)

    assert (told["product_id"], told["available"], told["share"]) == (gtx, 100, "1")
    assert told["demand"]["history"] == ["300"] * len(MONTHS)
    assert told["demand"]["outlook"]["months"][0] == "300"
    assert (told["order_now"], told["advice"]["order_on"]) == (True, "2026-11-01")
    assert told["advice"]["lead_demand"] == 150
    assert told["advice"]["quantity"] == 350
    assert told["advice"]["service_factor"] == "1.645"


def test_what_suppliers_are_to_deliver_in_time_is_taken_off_and_shown(client: Client, gtx: str) -> None:
    sz = warehouse()
    allow_back_orders(gtx, sz.id, lead_days=15, review_days=30, lot=1)
    moved("RECEIPT", 100)
    counted("orders|product", {f"{month}|{gtx}|CNY": {"units": 300} for month in MONTHS})
    for reference, day in (("PO-1", date(2026, 11, 20)), ("PO-0", date(2026, 10, 20))):
        told = {"reference": reference, "product": gtx, "warehouse": sz.id, "quantity": 250}
        service.add_supply({**told, "expected_on": day}, by=OPERATIONS)
    moved("RECEIPT", 50, supply="PO-1")

    [told] = advised(client, sz)

    shown = [(each["reference"], each["open"], each["overdue"]) for each in told["supplies"]]
    assert shown == [("PO-0", 250, True), ("PO-1", 200, False)]
    assert (told["available"], told["advice"]["expected"], told["advice"]["up_to"]) == (150, 200, 446)
    assert (told["advice"]["order_on"], told["advice"]["quantity"]) == ("2026-11-01", 96)


def test_each_warehouse_is_advised_for_the_part_that_it_serves(client: Client, gtx: str) -> None:
    sz, gz, unused = warehouse("SZ"), warehouse("GZ"), warehouse("HK")
    for place in (sz, gz):
        allow_back_orders(gtx, place.id, lead_days=15)
    moved("RECEIPT", 1, at="SZ")
    counted("orders|product", {f"{month}|{gtx}|CNY": {"units": 300} for month in MONTHS})
    counted(f"stock_moves|{sz.id}", {f"2026-10|{gtx}": {"shipped": -75}})
    counted(f"stock_moves|{gz.id}", {f"2026-09|{gtx}": {"shipped": -25}})

    [near], [far] = advised(client, sz), advised(client, gz)

    assert (near["share"], far["share"]) == ("0.75", "0.25")
    assert (near["demand"]["history"][0], far["demand"]["history"][0]) == ("225", "75")
    assert advised(client, unused) == []


def test_what_was_never_ordered_needs_no_order(client: Client, gtx: str) -> None:
    sz = warehouse()
    allow_back_orders(gtx, sz.id)
    moved("RECEIPT", 5)

    [told] = advised(client, sz)

    assert (told["advice"]["quantity"], told["advice"]["order_on"]) == (0, None)
    assert (told["demand"]["history"], told["order_now"]) == ([], False)


@pytest.mark.parametrize("why", ["product_retired", "not_stocked", "warehouse_retired"])
def test_nothing_is_ordered_of_what_is_no_longer_sold_or_kept_and_it_is_said_why(
    client: Client, gtx: str, why: str
) -> None:
    sz = warehouse()
    allow_back_orders(gtx, sz.id, lead_days=15)
    counted("orders|product", {f"{month}|{gtx}|CNY": {"units": 300} for month in MONTHS})
    [before] = advised(client, sz)
    if why == "warehouse_retired":
        service.change_warehouse(sz.id, version=None, by=OPERATIONS, status="RETIRED")
    else:
        changes: dict[str, Any] = {"stocked": False} if why == "not_stocked" else {"status": "RETIRED"}
        catalog.change_product(gtx, version=None, by=OPERATIONS, **changes)

    [told] = advised(client, sz)

    assert (before["order_now"], before["ended"]) == (True, None)
    assert (told["order_now"], told["advice"]["order_on"], told["advice"]["quantity"]) == (False, None, 0)
    assert told["ended"]["code"] == why
    assert told["ended"]["message"] != f"error.{why}"


def test_what_was_promised_of_a_retired_product_is_still_ordered(client: Client, gtx: str) -> None:
    sz = warehouse()
    allow_back_orders(gtx, sz.id, lead_days=15, lot=1)
    reserve(1, (gtx, 7))
    counted("orders|product", {f"{month}|{gtx}|CNY": {"units": 300} for month in MONTHS})
    catalog.change_product(gtx, version=None, by=OPERATIONS, status="RETIRED")

    [told] = advised(client, sz)

    assert (told["order_now"], told["advice"]["quantity"]) == (True, 7)


def test_rules_are_for_operations_and_advice_is_for_all(client: Client, gtx: str) -> None:
    sz = warehouse()

    assert client.get(f"/warehouses/{sz.id}/rules/{gtx}", by=REP).status == 403
    assert client.get(f"/warehouses/{sz.id}/rules/{gtx}", by=OPERATIONS).status == 200
    assert advised(client, sz) == []
