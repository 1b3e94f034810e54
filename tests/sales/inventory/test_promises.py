"""Promising, letting go, sending out, waiting: what an order gets, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core import clock, errors
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Movement, Stock, Warehouse
from tests.client import OPERATIONS
from tests.sales.inventory.builders import (
    all_of,
    allow_back_orders,
    kept,
    moved,
    product,
    release,
    reserve,
    stands,
    take_out,
    warehouse,
)
from tests.streams import Stream

MORNING = datetime(2026, 11, 2, 1, tzinfo=UTC)


@pytest.fixture
def sz(gtx: str) -> Warehouse:
    return warehouse("SZ", rank=1)


def test_units_are_promised_let_go_and_promised_again(gtx: str, sz: Warehouse) -> None:
    moved("RECEIPT", 10)

    reserve(1, (gtx, 7))
    assert stands(gtx, sz) == (10, 7, 0, 3)
    release(1, gtx)
    release(1, gtx)
    assert stands(gtx, sz) == (10, 0, 0, 10)
    reserve(2, (gtx, 10))

    assert stands(gtx, sz) == (10, 10, 0, 0)


def test_all_of_an_order_is_promised_or_nothing_and_every_missing_unit_is_named(
    gtx: str, sz: Warehouse
) -> None:
    other = product("MSX")
    moved("RECEIPT", 10)
    moved("RECEIPT", 2, of="MSX")

    with pytest.raises(errors.Blocked) as refused:
        reserve(1, (gtx, 12), (other, 5))

    assert [each.values for each in refused.value.missing] == [
        {"product": "GTX 仪器", "wanted": 12, "missing": 2},
        {"product": "MSX 仪器", "wanted": 5, "missing": 3},
    ]
    assert (stands(gtx, sz), stands(other, sz)) == ((10, 0, 0, 10), (2, 0, 0, 2))


def test_what_is_not_kept_in_stock_needs_no_promise(gtx: str, sz: Warehouse) -> None:
    service_id = product("TRAINING", stocked=False)

    reserve(1, (service_id, 100))

    assert kept(1, service_id) == []
    assert all_of(Stock) == []


def test_an_order_is_sent_out_of_all_the_warehouses_that_promised_it(gtx: str, sz: Warehouse) -> None:
    gz = warehouse("GZ", rank=2)
    moved("RECEIPT", 3)
    moved("RECEIPT", 4, at="GZ")
    reserve(1, (gtx, 6))

    take_out(1, gtx, 5)

    assert (stands(gtx, sz), stands(gtx, gz)) == ((0, 0, 0, 0), (2, 1, 0, 1))
    assert kept(1, gtx) == [(0, 0, 3), (1, 0, 2)]
    gone = [each for each in all_of(Movement) if each.type == "SHIPMENT"]
    assert sorted(each.units for each in gone) == [-3, -2]


def test_no_more_goes_out_than_is_there_for_the_order(gtx: str, sz: Warehouse) -> None:
    allow_back_orders(gtx, sz.id)
    moved("RECEIPT", 3)
    reserve(1, (gtx, 5))

    with pytest.raises(errors.Blocked) as refused:
        take_out(1, gtx, 4)

    assert refused.value.missing[0].values == {"product": "GTX 仪器", "wanted": 4, "missing": 1}
    take_out(1, gtx, 3)
    assert stands(gtx, sz) == (0, 0, 2, -2)


def test_what_a_count_did_not_find_is_not_sent_out(gtx: str, sz: Warehouse) -> None:
    moved("RECEIPT", 5)
    reserve(1, (gtx, 5))
    moved("COUNT", 2)

    with pytest.raises(errors.Blocked):
        take_out(1, gtx, 5)

    assert stands(gtx, sz) == (2, 5, 0, -3)


def test_those_who_wait_are_served_the_oldest_first_and_in_part(
    gtx: str, sz: Warehouse, stream: Stream
) -> None:
    allow_back_orders(gtx, sz.id)
    for number in (1, 2, 3):
        with clock.at(MORNING + timedelta(hours=number)):
            reserve(4 - number, (gtx, 4))
    assert stands(gtx, sz) == (0, 0, 12, -12)

    moved("RECEIPT", 6)
    stream.drain()

    assert [kept(number, gtx) for number in (3, 2, 1)] == [[(4, 0, 0)], [(2, 2, 0)], [(0, 4, 0)]]
    assert stands(gtx, sz) == (6, 6, 6, -6)
    release(3, gtx)
    stream.drain()
    assert [kept(number, gtx) for number in (3, 2, 1)] == [[(0, 0, 0)], [(4, 0, 0)], [(2, 2, 0)]]


def test_a_newcomer_does_not_jump_the_queue(gtx: str, sz: Warehouse, stream: Stream) -> None:
    allow_back_orders(gtx, sz.id)
    reserve(1, (gtx, 5))
    moved("RECEIPT", 5)

    reserve(2, (gtx, 1))
    stream.drain()

    assert (kept(1, gtx), kept(2, gtx)) == ([(5, 0, 0)], [(0, 1, 0)])


def test_when_less_is_found_than_was_promised_the_newest_waits(
    gtx: str, sz: Warehouse, stream: Stream
) -> None:
    moved("RECEIPT", 10)
    with clock.at(MORNING):
        reserve(1, (gtx, 6))
    with clock.at(MORNING + timedelta(hours=1)):
        reserve(2, (gtx, 4))

    moved("COUNT", 5)
    stream.drain()

    assert (kept(1, gtx), kept(2, gtx)) == ([(5, 1, 0)], [(0, 4, 0)])
    assert stands(gtx, sz) == (5, 5, 5, -5)


def test_more_orders_wait_than_are_served_in_one_go(gtx: str, sz: Warehouse, stream: Stream) -> None:
    allow_back_orders(gtx, sz.id)
    for number in range(30):
        reserve(number, (gtx, 1))

    moved("RECEIPT", 30)
    stream.drain()

    assert stands(gtx, sz) == (30, 30, 0, 0)


def test_a_retired_warehouse_serves_no_new_order_but_those_it_promised(gtx: str, sz: Warehouse) -> None:
    moved("RECEIPT", 5)
    reserve(1, (gtx, 2))
    service.change_warehouse(sz.id, status="RETIRED", version=1, by=OPERATIONS)

    with pytest.raises(errors.Blocked):
        reserve(2, (gtx, 1))
    take_out(1, gtx, 2)

    assert service.stock(gtx).available == 0
    assert stands(gtx, sz) == (3, 0, 0, 3)


def test_what_may_be_had_is_told_by_warehouse_and_together(gtx: str, sz: Warehouse) -> None:
    gz, unkept = warehouse("GZ", rank=2), product("TRAINING", stocked=False)
    moved("RECEIPT", 5)
    moved("RECEIPT", 3, at="GZ")
    reserve(1, (gtx, 4))

    found = service.availability([gtx, unkept, "product_" + "0" * 26])

    assert set(found) == {gtx, unkept}
    assert (found[gtx].on_hand, found[gtx].reserved, found[gtx].available) == (8, 4, 4)
    assert [(each.warehouse_id, each.available) for each in found[gtx].warehouses] == [(sz.id, 1), (gz.id, 3)]
    assert (found[unkept].stocked, found[unkept].available) == (False, 0)


def test_an_order_promises_no_more_products_than_one_transaction_takes(gtx: str, sz: Warehouse) -> None:
    lines = []
    for number in range(46):
        lines.append((product(f"P{number}"), 1))
        moved("RECEIPT", 1, of=f"P{number}")

    with pytest.raises(errors.Blocked) as refused:
        reserve(1, *lines)
    assert [(each.field, each.code) for each in refused.value.missing] == [("lines", "too_many_stock_parts")]
    reserve(1, *lines[:45])

    assert {stands(product_id, sz) for product_id, _ in lines[:45]} == {(1, 1, 0, 0)}
