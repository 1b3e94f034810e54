"""Orders and stock: promised at activation, out at shipping, free at cancellation, waiting till it comes."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.sales.inventory.allocation import plan
from chalicelib.sales.inventory.models import Movement, Warehouse
from chalicelib.sales.orders import service
from tests.client import OPERATIONS, REP, STRANGER, Client
from tests.sales.inventory.builders import all_of, allow_back_orders, moved, product, stands, warehouse
from tests.sales.orders.builders import Shop, activated, approved
from tests.streams import Stream


@pytest.fixture
def gtx(shop: Shop) -> str:
    return product()


@pytest.fixture
def sz(shop: Shop) -> Warehouse:
    return warehouse("SZ")


def lines(gtx: str, shop: Shop, *quantities: int) -> dict[str, Any]:
    """Lines of the product that is kept, and one of a die that is not."""
    kept = [{"product_id": gtx, "quantity": quantity} for quantity in quantities]
    return {"lines": [*kept, {"product_id": shop.die_id, "quantity": 7}]}


def waiting(order_id: str) -> list[tuple[int, int, int]]:
    found = service.kept(service.order(order_id, who=REP))
    return [(each.reserved, each.waiting, each.taken) for each in found]


def test_an_order_is_kept_its_units_from_activation_until_they_go_out(
    shop: Shop, gtx: str, sz: Warehouse
) -> None:
    moved("RECEIPT", 10)

    order = activated(shop, **lines(gtx, shop, 3, 4))
    assert stands(gtx, sz) == (10, 7, 0, 3)
    parts = [{"number": 1, "quantity": 2}, {"number": 2, "quantity": 3}, {"number": 3, "quantity": 7}]
    service.ship(order.id, reference="s-1", lines=parts, by=REP)
    service.ship(order.id, reference="s-1", lines=parts, by=REP)
    assert stands(gtx, sz) == (5, 2, 0, 3)
    shipped = service.ship(order.id, reference="s-2", by=REP)

    assert shipped.status == "SHIPPED"
    assert stands(gtx, sz) == (3, 0, 0, 3)
    gone = [each for each in all_of(Movement) if each.type == "SHIPMENT"]
    assert {(each.order_id, each.reference, each.units) for each in gone} == {
        (order.id, "s-1", -5),
        (order.id, "s-2", -2),
    }


def test_an_order_for_more_than_there_is_stays_approved_and_says_what_is_missing(
    shop: Shop, gtx: str, sz: Warehouse
) -> None:
    moved("RECEIPT", 5)
    order = approved(shop, **lines(gtx, shop, 6))

    with pytest.raises(errors.Blocked) as refused:
        service.activate(order.id, by=REP)

    assert [each.values for each in refused.value.missing] == [
        {"product": "GTX 仪器", "wanted": 6, "missing": 1}
    ]
    assert service.order(order.id, who=REP).status == "APPROVED"
    assert stands(gtx, sz) == (5, 0, 0, 5)


def test_a_cancelled_order_lets_its_units_go(shop: Shop, gtx: str, sz: Warehouse) -> None:
    moved("RECEIPT", 5)
    order = activated(shop, **lines(gtx, shop, 5))

    service.cancel(order.id, reason="Changed mind", by=REP)

    assert stands(gtx, sz) == (5, 0, 0, 5)


def test_an_order_waits_for_what_may_be_promised_and_goes_out_when_it_has_come(
    shop: Shop, gtx: str, sz: Warehouse, stream: Stream
) -> None:
    allow_back_orders(gtx, sz.id)
    moved("RECEIPT", 2)
    order = activated(shop, **lines(gtx, shop, 6))
    assert waiting(order.id) == [(2, 4, 0)]

    with pytest.raises(errors.Blocked) as refused:
        service.ship(order.id, reference="s-1", by=REP)
    service.ship(order.id, reference="s-2", lines=[{"number": 1, "quantity": 2}], by=REP)
    assert refused.value.missing[0].values["missing"] == 4
    moved("RECEIPT", 9)
    stream.drain()

    assert waiting(order.id) == [(4, 0, 2)]
    assert service.ship(order.id, reference="s-3", by=REP).status == "SHIPPED"
    assert stands(gtx, sz) == (5, 0, 0, 5)


def test_an_order_from_before_a_product_was_kept_goes_out_as_before(
    shop: Shop, sz: Warehouse, client: Client
) -> None:
    order = activated(shop)
    version = client.get(f"/products/{shop.press_id}", by=REP).json["version"]
    client.patch(f"/products/{shop.press_id}", {"stocked": True}, by=OPERATIONS, match=version)

    assert service.ship(order.id, reference="s-1", by=REP).status == "SHIPPED"
    assert all_of(Movement) == []


def test_somebody_who_is_faster_at_the_last_units_is_seen_and_the_rest_planned_anew(
    shop: Shop, gtx: str, sz: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved("RECEIPT", 5)
    gz = warehouse("XM")
    moved("RECEIPT", 5, at="XM")
    order = approved(shop, **lines(gtx, shop, 4))
    faster = iter(["SZ"])

    def planned(*asked: Any) -> Any:
        made = plan(*asked)
        if at := next(faster, None):
            moved("ISSUE", 3, at=at)
        return made

    monkeypatch.setattr("chalicelib.sales.inventory.promises.plan", planned)
    service.activate(order.id, by=REP)

    assert (stands(gtx, sz), stands(gtx, gz)) == ((2, 0, 0, 2), (5, 4, 0, 1))


def test_what_is_kept_for_an_order_is_read_by_those_who_may_read_the_order(
    shop: Shop, gtx: str, sz: Warehouse, client: Client
) -> None:
    moved("RECEIPT", 5)
    order = activated(shop, **lines(gtx, shop, 3))
    at = f"/orders/{order.id}/stock"

    told = client.get(at, by=REP).json

    row = {"product_id": gtx, "warehouse_id": sz.id, "reserved": 3, "waiting": 0, "taken": 0}
    assert told == {"items": [row]}
    assert client.get(at, by=STRANGER).status == 404
    assert client.get(at).status == 401
