"""What an order's lines cost: just what a quote says, unless the prices were agreed before."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import MANAGER, OPERATIONS, REP, Client
from tests.sales.inventory.builders import product
from tests.sales.orders.builders import Shop, approved, booked, drafted, open_shop
from tests.sales.quotes import builders as quotes


def sums(document: Any) -> list[tuple[str, int, int]]:
    """The lines of a quote or an order: what, how many, for how much."""
    return [(line.name, line.quantity, line.net.minor) for line in document.lines]


def wrong(refused: pytest.ExceptionInfo[errors.Invalid]) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in refused.value.errors]


def off(shop: Shop, **terms: Any) -> None:
    """Take something off presses for everybody."""
    given = {"name": "Season", "currency": "CNY", "product_ids": [shop.press_id], **terms}
    catalog.add_promotion(by=OPERATIONS, **given)


def test_an_order_costs_what_a_quote_says(shop: Shop) -> None:
    accounts.grade_account(shop.account_id, grade="GOLD", version=None, by=OPERATIONS)
    booked(shop.press_id, {1: 90_000, 10: 80_000}, grades=["GOLD"], channels=["WEB"])
    off(shop, percent_bps=333)
    asked = {"lines": [*shop.lines(), {"name": "Freight", "quantity": 1, "unit_price": Money(5_000, "CNY")}]}

    order = drafted(shop, channel="WEB", **asked)

    assert sums(order) == sums(quotes.drafted(shop, channel="WEB", **asked))
    assert order.lines[0].net == Money(676_690, "CNY")
    assert (order.lines[0].discount_bps, order.lines[0].tax_bps) == (1_250, 1_300)
    assert sums(drafted(shop, **asked))[0] == ("Press 压力机", 10, 845_863)


def test_a_price_that_does_not_divide_is_kept_to_the_last_unit(shop: Shop) -> None:
    off(shop, amount=Money(33_333, "CNY"), least_quantity=3)
    off(shop, percent_bps=7)

    [line] = drafted(shop, lines=[{"product_id": shop.press_id, "quantity": 7}]).lines

    [quoted] = quotes.drafted(shop, lines=[{"product_id": shop.press_id, "quantity": 7}]).lines
    assert line.net == quoted.net
    assert line.unit_price.minor * 7 - line.net.minor < 7
    assert catalog.bps_off(line) == 0


def test_a_price_agreed_stands_and_is_measured_from_the_book(shop: Shop) -> None:
    booked(shop.press_id, {1: 200_000})

    [line] = drafted(
        shop, lines=[{"product_id": shop.press_id, "quantity": 2, "unit_price": Money(50_000, "CNY")}]
    ).lines

    assert (line.unit_price, line.net) == (Money(50_000, "CNY"), Money(100_000, "CNY"))
    assert catalog.bps_off(line) == 7_500


def test_a_bundle_costs_what_it_holds_and_what_is_to_be_chosen_is_chosen(shop: Shop) -> None:
    product("CASE"), product("METER")
    codes = catalog.by_codes(["CASE", "METER"])
    parts = [{"product_id": codes["METER"], "quantity": 2, "least": 1, "most": 5}]
    kit = product("KIT", stocked=False, components=parts, price_from_components=True)
    choice = {"product_id": codes["CASE"], "least": 1, "most": 2}
    group = {"id": "case", "names": {"en": "Case"}, "least": 1, "most": 1, "choices": [choice]}
    rig = product("RIG", option_groups=[group])

    asked = [
        {"product_id": kit, "quantity": 1, "components": [{"product_id": codes["METER"], "quantity": 3}]},
        {"product_id": rig, "quantity": 2, "options": [{"product_id": codes["CASE"], "quantity": 2}]},
    ]
    order = drafted(shop, lines=asked)

    assert sums(order) == [("KIT 仪器", 1, 300_000), ("RIG 仪器", 2, 200_000), ("CASE 仪器", 4, 400_000)]
    assert order.lines[0].contents == {codes["METER"]: 3}
    with pytest.raises(errors.Invalid) as refused:
        drafted(shop, lines=[{"product_id": rig, "quantity": 2}])
    assert wrong(refused) == [("lines.0.options", "option_count")]


def test_a_template_is_sold_as_its_variants_only(shop: Shop) -> None:
    template = product("PUMP", axes=["size"])
    lines = [{"product_id": template, "quantity": 1}]

    with pytest.raises(errors.Invalid) as refused:
        drafted(shop, lines=lines)
    assert wrong(refused) == [("lines.0.product_id", "choose_variant")]

    order = approved(shop)
    with pytest.raises(errors.Invalid) as refused:
        service.amend(order.id, reason="More", add=lines, by=REP)
    assert wrong(refused) == [("add.0.product_id", "choose_variant")]


def test_lines_that_are_edited_are_priced_anew(shop: Shop) -> None:
    order = drafted(shop)
    booked(shop.press_id, {1: 70_000}, channels=["WEB"])
    lines = [{"product_id": shop.press_id, "quantity": 1}]

    order = service.edit(order.id, by=REP, version=None, lines=lines, channel="WEB")
    assert order.net == Money(70_000, "CNY")
    with pytest.raises(errors.Invalid) as refused:
        service.edit(order.id, by=REP, version=None, channel=None)
    assert wrong(refused) == [("channel", "with_lines")]


def added(order: Order, quantity: int, **changes: Any) -> Money:
    """What so many presses, added to an order, cost each."""
    line = {"product_id": order.lines[0].product_id, "quantity": quantity}
    proposed = service.amend(order.id, reason="More", add=[line], by=REP, **changes).amendment
    assert proposed is not None
    service.drop_amendment(order.id, by=REP)
    return proposed.add[0].unit_price


def test_what_an_amendment_adds_costs_what_all_pieces_of_it_reach(shop: Shop) -> None:
    booked(shop.press_id, {1: 90_000, 12: 60_000})
    order = approved(shop)

    assert added(order, 1) == Money(90_000, "CNY")
    assert added(order, 2) == Money(60_000, "CNY")
    assert added(order, 2, change=[{"number": 1, "quantity": 9}]) == Money(90_000, "CNY")
    assert added(order, 2, change=[{"number": 1, "tax_bps": 0}]) == Money(60_000, "CNY")
    assert added(order, 11, drop=[1]) == Money(90_000, "CNY")


def test_pieces_in_a_bundle_with_a_price_of_its_own_reach_no_tier(shop: Shop) -> None:
    part = {"product_id": shop.press_id, "quantity": 10, "least": 10, "most": 10}
    whole = {"product_id": product("SET", stocked=False, components=[part]), "quantity": 1}
    loose = {
        "product_id": product("LOT", stocked=False, components=[part], price_from_components=True),
        "quantity": 1,
    }
    booked(shop.press_id, {1: 90_000, 11: 60_000})
    one: dict[str, Any] = {"add": [{"product_id": shop.press_id, "quantity": 1}]}

    for bundle, price in ((whole, 90_000), (loose, 60_000)):
        order = service.amend(approved(shop, lines=[bundle]).id, reason="More", by=REP, **one)
        assert order.amendment is not None
        assert order.amendment.add[0].unit_price == Money(price, "CNY")


def test_a_credit_note_takes_what_is_no_longer_on_sale(shop: Shop) -> None:
    booked(shop.press_id, {1: 80_000})
    catalog.change_product(shop.press_id, version=None, by=SYSTEM, status="RETIRED")
    lines = [{"product_id": shop.press_id, "quantity": 2}]

    given: dict[str, Any] = {
        "account_id": shop.account_id,
        "currency": "CNY",
        "reason": "Broken",
        "by": MANAGER,
    }
    assert service.issue_credit_note(lines=lines, **given).total == Money(160_000, "CNY")
    with pytest.raises(errors.Invalid):
        drafted(shop, lines=lines)


def test_an_order_is_configured_over_http(client: Client) -> None:
    shop = open_shop()
    option = {"product_id": shop.die_id, "quantity": 1}
    line = {"product_id": shop.press_id, "quantity": 1, "options": [option]}
    body = {"account_id": shop.account_id, "currency": "CNY", "channel": "WEB", "lines": [line]}

    refused = client.post("/orders", body, by=REP)
    choice = {"product_id": shop.die_id, "least": 1, "most": 2}
    group = {"id": "die", "names": {"en": "Die"}, "least": 0, "most": 1, "choices": [choice]}
    catalog.change_product(shop.press_id, version=None, by=SYSTEM, option_groups=[group])
    made = client.post("/orders", body, by=REP).json

    assert refused.json["errors"][0]["field"] == "lines.0.options.0.product_id"
    assert [each["name"] for each in made["lines"]] == ["Press 压力机", "Die 模具"]
    assert (made["channel"], made["net"]["amount"]) == ("WEB", "1003.33")
