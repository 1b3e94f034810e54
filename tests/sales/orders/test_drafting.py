"""How an order comes to be: by hand, or of a won opportunity."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.opportunities.lines import MOST_LINES
from chalicelib.sales.orders import service
from chalicelib.sales.orders.lines import MOST_NUMBER
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, MANAGER, NORTH, REP, Client
from tests.sales.orders.builders import Shop, drafted, open_shop


def test_a_draft_takes_names_and_prices_from_the_catalogue(shop: Shop) -> None:
    order = drafted(shop)

    assert [line.name for line in order.lines] == ["Press 压力机", "Die 模具"]
    assert (order.net, order.tax, order.total) == (
        Money(877_331, "CNY"),
        Money(114_053, "CNY"),
        Money(991_384, "CNY"),
    )
    assert (order.owner_id, order.status, order.number[:3]) == (REP.id, "DRAFT", "SO-")


def test_everything_wrong_with_the_lines_is_told_at_once(shop: Shop) -> None:
    lines: list[dict[str, Any]] = [
        {"product_id": "product_00000000000000000000000XXX", "quantity": 1},
        {"quantity": 1, "unit_price": Money(1, "CNY")},
        {"product_id": shop.press_id, "quantity": 1, "unit_price": Money(1, "USD")},
        {"product_id": shop.press_id, "quantity": 11, "unit_price": Money(10**17, "CNY")},
    ]

    with pytest.raises(errors.Invalid) as refused:
        drafted(shop, lines=lines)

    assert [(wrong.field, wrong.code) for wrong in refused.value.errors] == [
        ("lines.0.product_id", "unknown_reference"),
        ("lines.1.name", "missing"),
        ("lines.2.unit_price", "currency_mismatch"),
        ("lines.3.quantity", "beyond_reckoning"),
    ]


def test_a_rep_drafts_for_nobody_else_and_a_manager_may(shop: Shop) -> None:
    with pytest.raises(errors.Forbidden):
        drafted(shop, owner_id=MANAGER.id)

    given: dict[str, Any] = {"account_id": shop.account_id, "currency": "CNY"}
    assert service.draft(by=MANAGER, owner_id=REP.id, **given).owner_id == REP.id
    assert service.draft(by=FINANCE, **given).owner_id == REP.id  # the account's owner


FEE: dict[str, Any] = {"name": "Fee", "quantity": 1, "unit_price": {"amount": "1.00", "currency": "CNY"}}


def _won(shop: Shop, **details: Any) -> str:
    opportunities.ensure_default_pipeline()
    given: dict[str, Any] = {
        "external_id": "test:1",
        "name": "Press line",
        "stage_id": "won",
        "account_id": shop.account_id,
        "owner_id": REP.id,
        "team_id": NORTH,
        "opened_on": date(2026, 10, 1),
        "closed_on": date(2026, 11, 1),
    }
    deal = opportunities.bring_in(**(given | details))
    assert deal is not None
    return deal.id


def test_a_won_deal_becomes_one_order_with_its_lines_and_amounts(shop: Shop) -> None:
    lines = [{"product_id": shop.press_id, "quantity": 3, "unit_price": Money(90_001, "CNY")}]
    deal_id = _won(shop, lines=lines)

    order = service.draft_from(deal_id, by=REP)

    assert (order.account_id, order.owner_id, order.opportunity_id) == (shop.account_id, REP.id, deal_id)
    assert (order.total, order.lines[0].quantity) == (Money(270_003, "CNY"), 3)
    with pytest.raises(errors.AlreadyExists) as refused:
        service.draft_from(deal_id, by=MANAGER)
    assert refused.value.holder == order.id


def test_every_line_of_the_largest_deals_order_goes_out_comes_back_and_is_changed(client: Client) -> None:
    shop = open_shop()
    each = {"product_id": shop.press_id, "quantity": 3, "unit_price": Money(200, "CNY")}
    deal_id = _won(shop, lines=[each] * MOST_LINES, amount=Money(MOST_LINES * 601, "CNY"))
    order = service.draft_from(deal_id, by=REP)
    assert [line.number for line in order.lines] == [*range(1, MOST_NUMBER + 1)]
    service.submit(order.id, by=REP)
    service.approve(order.id, by=MANAGER)
    service.activate(order.id, by=REP)
    last, path = [{"number": MOST_NUMBER, "quantity": 1}], f"/orders/{order.id}"

    sent = client.post(f"{path}/shipments", {"reference": "s-1", "lines": last}, by=REP)
    back = client.post(f"{path}/returns", {"reference": "r-1", "reason": "Bent", "lines": last}, by=REP)
    changes = {"change": [{"number": 199, "quantity": 1}], "drop": [150], "add": [FEE]}
    changed = client.post(f"{path}/amendment", {"reason": "Asked for", **changes}, by=REP)
    beyond = client.post(f"{path}/amendment", {"reason": "x", "drop": [MOST_NUMBER + 1]}, by=REP)
    more = client.post(f"{path}/amendment", {"reason": "x", "add": [FEE]}, by=REP)

    assert sent.json["shipments"][0]["lines"] == back.json["returns"][0]["lines"] == last
    assert changed.status == 200, changed.json
    by_number = {line["number"]: line for line in changed.json["lines"]}
    assert (by_number[199]["quantity"], by_number[150]["name"], len(by_number)) == (1, "Fee", MOST_NUMBER)
    assert [wrong["field"] for wrong in beyond.json["errors"]] == ["drop.0"]
    assert [wrong["code"] for wrong in more.json["errors"]] == ["too_many_lines"]


def test_after_its_order_was_cancelled_a_deal_can_become_one_again(shop: Shop) -> None:
    deal_id = _won(shop, amount=Money(1_000, "CNY"))
    first: Order = service.draft_from(deal_id, by=REP)
    service.cancel(first.id, reason="Wrong account", by=REP)

    assert service.draft_from(deal_id, by=REP).id != first.id


def test_an_open_deal_is_no_order(shop: Shop) -> None:
    deal_id = _won(shop, stage_id="proposal", closed_on=None)

    with pytest.raises(errors.Conflict) as refused:
        service.draft_from(deal_id, by=REP)

    assert refused.value.code == "opportunity_not_won"
