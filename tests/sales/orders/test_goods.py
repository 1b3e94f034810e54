"""Goods of an order: delivered, and sent back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.core import clock, errors
from chalicelib.sales.inventory.models import Movement
from chalicelib.sales.orders import service
from tests.client import MANAGER, OPERATIONS, REP
from tests.sales.inventory.builders import all_of, moved, product, stands, warehouse
from tests.sales.orders.builders import Shop, activated, partly_shipped, shipped

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SOME: list[dict[str, int]] = [{"number": 1, "quantity": 1}]


def test_a_delivery_is_confirmed_once_and_of_what_went_out_only(shop: Shop) -> None:
    with clock.at(NOW):
        order = partly_shipped(shop)
        with pytest.raises(errors.Invalid) as unknown:
            service.deliver(order.id, reference="s-2", by=REP)
        with pytest.raises(errors.Invalid) as early:
            service.deliver(order.id, reference="s-1", delivered_on=date(2026, 11, 21), by=REP)

        order = service.deliver(order.id, reference="s-1", received_by="Wang", by=REP)
        again = service.deliver(order.id, reference="s-1", received_by="Wang", by=REP)

    assert unknown.value.errors[0].code == "unknown_reference"
    assert early.value.errors[0].code == "before_shipment"
    assert (order.shipments[0].delivered_on, order.shipments[0].received_by) == (date(2026, 11, 22), "Wang")
    assert (order.status, again.version) == ("PARTIALLY_SHIPPED", order.version)
    with pytest.raises(errors.Conflict):
        service.deliver(order.id, reference="s-1", received_by="Li", by=REP)


def test_nothing_is_delivered_or_comes_back_that_has_not_gone_out(shop: Shop) -> None:
    order = activated(shop)

    with pytest.raises(errors.OutOfTurn):
        service.deliver(order.id, reference="s-1", by=REP)
    with pytest.raises(errors.OutOfTurn):
        service.return_goods(order.id, reference="r-1", reason="Broken", by=REP)


def test_no_more_comes_back_than_went_out(shop: Shop) -> None:
    order = service.return_goods(
        shipped(shop).id, reference="r-1", reason="Broken", lines=[{"number": 1, "quantity": 4}], by=REP
    )
    with pytest.raises(errors.Invalid) as refused:
        service.return_goods(
            order.id, reference="r-2", reason="Broken", lines=[{"number": 1, "quantity": 7}], by=REP
        )
    assert (refused.value.errors[0].code, refused.value.errors[0].values["left"]) == ("more_than_gone", 6)

    order = service.return_goods(order.id, reference="r-2", reason="Broken", by=REP)

    assert order.returns[1].quantities == {1: 6, 2: 7}
    assert order.owed.minor == 0
    with pytest.raises(errors.Invalid) as nothing:
        service.return_goods(order.id, reference="r-3", reason="Broken", by=REP)
    assert nothing.value.errors[0].code == "nothing_to_return"


def test_the_same_return_told_twice_comes_back_once(shop: Shop) -> None:
    asked: dict[str, Any] = {"reference": "r-1", "reason": "Broken", "lines": SOME, "by": REP}
    order = service.return_goods(shipped(shop).id, **asked)

    assert service.return_goods(order.id, **asked).version == order.version
    with pytest.raises(errors.Conflict):
        service.return_goods(order.id, **asked | {"reason": "Wrong size"})


def test_after_the_days_of_the_policy_only_who_may_approve_takes_something_back(shop: Shop) -> None:
    terms: dict[str, Any] = {"approval_limits": [], "payment_days": 30, "number_prefix": "SO"}
    service.set_policy(by=OPERATIONS, version=0, return_days=7, **terms)
    with clock.at(NOW):
        order = shipped(shop)
    asked: dict[str, Any] = {"reference": "r-1", "reason": "Broken", "lines": SOME}
    with clock.at(datetime(2026, 11, 30, 4, tzinfo=UTC)):
        with pytest.raises(errors.Invalid) as refused:
            service.return_goods(order.id, by=REP, **asked)
        assert refused.value.errors[0].code == "too_late_to_return"

        assert service.return_goods(order.id, by=MANAGER, **asked).returns

    with clock.at(datetime(2026, 11, 29, 4, tzinfo=UTC)):
        assert service.return_goods(order.id, by=REP, **asked | {"reference": "r-2"}).returns


def test_a_day_told_afterwards_does_not_bring_back_the_days_of_the_policy(shop: Shop) -> None:
    terms: dict[str, Any] = {"approval_limits": [], "payment_days": 30, "number_prefix": "SO"}
    service.set_policy(by=OPERATIONS, version=0, return_days=7, **terms)
    with clock.at(NOW):
        order = shipped(shop)
    asked: dict[str, Any] = {"reason": "Broken", "lines": SOME, "returned_on": date(2026, 11, 28)}

    with clock.at(datetime(2026, 12, 2, 4, tzinfo=UTC)):
        told = service.return_goods(order.id, by=REP, reference="r-1", **asked)
    with clock.at(datetime(2026, 12, 3, 4, tzinfo=UTC)):
        with pytest.raises(errors.Invalid) as late:
            service.return_goods(order.id, by=REP, reference="r-2", **asked)
        accepted = service.return_goods(order.id, by=MANAGER, reference="r-2", **asked)

    assert told.returns[0].returned_on == date(2026, 11, 28)
    assert late.value.errors[0].code == "too_late_to_return"
    assert len(accepted.returns) == 2


def test_nothing_comes_back_before_it_went_out(shop: Shop) -> None:
    with clock.at(NOW):
        order = partly_shipped(shop)
    with clock.at(datetime(2026, 11, 25, 4, tzinfo=UTC)):
        order = service.ship(order.id, reference="s-2", by=REP)
        back: dict[str, Any] = {"reason": "Broken", "by": MANAGER}
        two = [{"number": 1, "quantity": 2}]
        for day, lines in ((date(2001, 1, 1), None), (date(2026, 11, 21), SOME), (date(2026, 11, 24), two)):
            with pytest.raises(errors.Invalid) as refused:
                service.return_goods(order.id, reference="r-1", lines=lines, returned_on=day, **back)
            assert (refused.value.errors[0].field, refused.value.errors[0].code) == (
                "returned_on",
                "before_shipment",
            )

        order = service.return_goods(order.id, reference="r-1", returned_on=date(2026, 11, 24), **back)

    assert order.returns[0].quantities == {1: 1}


def test_what_comes_back_stands_in_its_warehouse_again_unless_it_is_scrap(shop: Shop) -> None:
    gtx, sz = product(), warehouse("SZ")
    moved("RECEIPT", 5)
    order = shipped(shop, lines=[{"product_id": gtx, "quantity": 4}])
    assert stands(gtx, sz) == (1, 0, 0, 1)

    service.return_goods(order.id, reference="r-1", reason="Broken", lines=SOME, restock=False, by=REP)
    assert stands(gtx, sz) == (1, 0, 0, 1)
    service.return_goods(order.id, reference="s-1", reason="Too many", by=REP)

    assert stands(gtx, sz) == (4, 0, 0, 4)
    [back] = [each for each in all_of(Movement) if each.type == "RETURN"]
    assert (back.units, back.reference, back.order_id) == (3, "s-1", order.id)
    assert [each.taken for each in service.kept(service.order(order.id, who=REP))] == [1]
