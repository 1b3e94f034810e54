"""Bundles on orders: their parts are promised, go out and come back, as they were put together then."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.attributes import plain
from chalicelib.core.measures import contribution
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory.models import Movement, Warehouse
from chalicelib.sales.orders import service
from chalicelib.sales.orders.lines import MOST_PARTS
from chalicelib.sales.orders.measures import orders
from chalicelib.sales.orders.models import Order
from tests.client import MANAGER, OPERATIONS, REP, Client
from tests.sales.inventory.builders import all_of, bundle, moved, product, stands, warehouse
from tests.sales.orders.builders import Shop, activated, approved, may_give
from tests.sales.quotes import builders as quotes


@pytest.fixture
def sz(shop: Shop) -> Warehouse:
    """A warehouse with thirty meters and ten cases, and a training that nobody keeps."""
    product("METER"), product("CASE"), product("TRAINING", stocked=False)
    made = warehouse("SZ")
    moved("RECEIPT", 30, of="METER")
    moved("RECEIPT", 10, of="CASE")
    return made


@pytest.fixture
def kit(sz: Warehouse) -> str:
    """A kit of three meters, a case and a training."""
    return bundle("KIT", METER=3, CASE=1, TRAINING=1)


def code(name: str) -> str:
    return catalog.by_codes([name])[name]


def lines(*wanted: tuple[str, int]) -> dict[str, Any]:
    return {"lines": [{"product_id": product_id, "quantity": n} for product_id, n in wanted]}


def stand(sz: Warehouse) -> list[tuple[int, int]]:
    """What is on hand and reserved of meters and of cases."""
    return [stands(code(name), sz)[:2] for name in ("METER", "CASE")]


def kept(order: Order) -> list[tuple[str, int, int]]:
    found = service.kept(service.order(order.id, who=REP))
    names = {each.id: each.code for each in catalog.known(each.product_id for each in found).values()}
    return sorted((names[each.product_id], each.reserved, each.taken) for each in found)


def test_the_parts_are_promised_go_out_and_come_back(shop: Shop, sz: Warehouse, kit: str) -> None:
    order = activated(shop, **lines((kit, 4), (code("METER"), 2)))
    assert stand(sz) == [(30, 14), (10, 4)]

    service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 3}], by=REP)
    assert kept(order) == [("CASE", 1, 3), ("METER", 5, 9)]
    service.return_goods(
        order.id, reference="r-1", reason="Broken", lines=[{"number": 1, "quantity": 1}], by=REP
    )
    assert stand(sz) == [(24, 5), (8, 1)]
    service.cancel(order.id, reason="Enough", by=REP)

    assert stand(sz) == [(24, 0), (8, 0)]
    told = {(each.type, each.product_id, each.units) for each in all_of(Movement) if each.order_id}
    assert told == {
        ("SHIPMENT", code("METER"), -9),
        ("SHIPMENT", code("CASE"), -3),
        ("RETURN", code("METER"), 3),
        ("RETURN", code("CASE"), 1),
    }


def test_the_parts_count_as_ordered_beside_the_bundle(shop: Shop, sz: Warehouse, kit: str) -> None:
    order = activated(shop, **lines((kit, 4)))
    service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 3}], by=REP)
    rest_cancelled = service.cancel(order.id, reason="Enough", by=REP)

    cells = contribution(plain(rest_cancelled.serialize()), orders).cells

    row = f"{rest_cancelled.ordered_on.isoformat()[:7]}|{{}}|CNY"
    assert cells["orders|product", row.format(kit)]["units"] == 3
    assert cells["orders|part", row.format(code("METER"))] == {"units": 9}
    assert cells["orders|part", row.format(code("CASE"))] == {"units": 3}


def test_as_many_bundles_may_be_had_as_the_scarcest_part_makes(
    shop: Shop, sz: Warehouse, kit: str, client: Client
) -> None:
    activated(shop, **lines((code("METER"), 4)))
    unlimited = bundle("COURSE", TRAINING=2)

    told = client.get("/stock", query={"product_id": kit}, by=REP).json
    assert (told["stocked"], told["limited"], told["on_hand"], told["available"]) == (False, True, 0, 8)
    assert told["parts"] == [
        {"product_id": code("METER"), "quantity": 3, "available": 26},
        {"product_id": code("CASE"), "quantity": 1, "available": 10},
    ]
    none = client.get("/stock", query={"product_id": unlimited}, by=REP).json
    assert (none["limited"], none["parts"]) == (False, [])

    activated(shop, **lines((kit, 8)))
    order = approved(shop, **lines((kit, 1)))
    with pytest.raises(errors.Blocked) as refused:
        service.activate(order.id, by=REP)
    assert [
        (each.field, each.values["product"], each.values["missing"]) for each in refused.value.missing
    ] == [("lines", "METER 仪器", 1)]
    assert stand(sz) == [(30, 28), (10, 8)]


def test_a_bundle_that_is_kept_in_stock_itself_is_taken_as_it_is(shop: Shop, sz: Warehouse) -> None:
    packed = bundle("PACKED", stocked=True, METER=3, CASE=1)
    moved("RECEIPT", 2, of="PACKED")

    order = activated(shop, **lines((packed, 2)))

    assert order.lines[0].contents == {}
    assert (stands(packed, sz)[:2], stand(sz)) == ((2, 2), [(30, 0), (10, 0)])


def test_what_a_bundle_held_when_it_was_ordered_is_what_goes_out(shop: Shop, sz: Warehouse, kit: str) -> None:
    order = activated(shop, **lines((kit, 2)))
    fewer = [{"product_id": code("METER"), "quantity": 1, "least": 1, "most": 1}]
    catalog.change_product(kit, version=None, by=OPERATIONS, components=fewer)

    service.ship(order.id, reference="s-1", by=REP)

    assert stand(sz) == [(24, 0), (8, 0)]


def test_an_accepted_quote_is_ordered_as_it_was_put_together(
    shop: Shop, sz: Warehouse, client: Client
) -> None:
    parts = [
        {"product_id": code("METER"), "quantity": 3, "least": 1, "most": 5},
        {"product_id": code("CASE"), "quantity": 1, "least": 0, "most": 1},
    ]
    free = product("FREE", stocked=False, components=parts, price_from_components=True)
    chosen = [{"product_id": code("METER"), "quantity": 5}, {"product_id": code("CASE"), "quantity": 0}]
    line = {"product_id": free, "quantity": 2, "components": chosen, "discount_bps": 5_000}

    quote = quotes.accepted(shop, lines=[line])
    assert client.get(f"/quotes/{quote.id}/prices", by=REP).json["lines"][0]["available"] == 6
    made = client.post("/orders/from-quote", {"quote_id": quote.id}, by=REP).json

    assert made["lines"][0]["contents"] == [{"product_id": code("METER"), "quantity": 10}]
    service.submit(made["id"], by=REP)
    service.approve(made["id"], by=MANAGER)
    service.activate(made["id"], by=REP)
    assert stand(sz) == [(30, 10), (10, 0)]


def test_an_amendment_promises_more_parts_or_lets_some_go(shop: Shop, sz: Warehouse, kit: str) -> None:
    may_give(REP=10_000)
    order = activated(shop, **lines((kit, 2)))

    service.amend(order.id, reason="More", change=[{"number": 1, "quantity": 5}], by=REP)
    service.approve_amendment(order.id, by=MANAGER)
    assert stand(sz) == [(30, 15), (10, 5)]
    alone = {"product_id": code("METER"), "quantity": 1, "unit_price": Money(1, "CNY")}
    service.amend(order.id, reason="Apart", drop=[1], add=[alone], by=REP)

    assert stand(sz) == [(30, 1), (10, 0)]


def test_what_is_promised_to_an_order_never_grows_beyond_what_one_cancellation_lets_go(
    shop: Shop, sz: Warehouse, kit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.sales.inventory.promises.MOST_PROMISED", 2)
    other = product("OTHER")
    moved("RECEIPT", 2, of="OTHER")
    may_give(REP=10_000)
    order = activated(shop, **lines((kit, 1)))
    more = {"product_id": other, "quantity": 1, "unit_price": Money(0, "CNY")}

    with pytest.raises(errors.Blocked) as refused:
        service.amend(order.id, reason="More", add=[more], by=REP)
    assert [(each.field, each.code, each.values) for each in refused.value.missing] == [
        ("lines", "too_many_stock_parts", {"most": 2, "parts": 3})
    ]
    service.cancel(order.id, reason="Enough", by=REP)

    assert (stand(sz), stands(other, sz)[:2]) == ([(30, 0), (10, 0)], (2, 0))


def test_bundles_that_hold_more_than_an_order_takes_are_refused_by_name(
    shop: Shop, kit: str, client: Client
) -> None:
    body = {"account_id": shop.account_id, "currency": "CNY", **lines(*[(kit, 1)] * (MOST_PARTS // 3 + 1))}

    refused = client.post("/orders", body, by=REP)

    told = [(each["field"], each["code"]) for each in refused.json["errors"]]
    assert (refused.status, told) == (400, [("lines", "too_many_bundle_parts")])
