"""The approval of an order: which steps it needs and why, and who signs them in which turn."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders import service
from chalicelib.sales.orders.chain import Approval, Rule, carried, needed, pending, signed
from chalicelib.sales.orders.lines import Line
from tests.client import ADMIN, FINANCE, MANAGER, OPERATIONS, REP, Client
from tests.sales.orders.builders import Shop, drafted, may_give, open_shop, submitted

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
RULES = [
    Rule("AMOUNT", over={"CNY": 1_000}),
    Rule("Board", over={"CNY": 100_000}, roles=("OPERATIONS",)),
    Rule("Margin", margin_below_bps=2_000, roles=("FINANCE",)),
    Rule("Discount", discount_above_bps=1_000),
]


def line(minor: int, *, cost: int | None = None, off: int = 0) -> Line:
    bought = None if cost is None else Money(cost, "CNY")
    return Line(1, None, "Press", 1, Money(minor, "CNY"), discount_bps=off, cost=bought)


def steps(*lines: Line, currency: str = "CNY") -> dict[str, list[str]]:
    found = needed(RULES, lines, currency, credit=())
    return {each.step: [reason["code"] for reason in each.reasons] for each in found}


def test_a_step_is_needed_when_its_criterion_holds() -> None:
    assert steps(line(1_000)) == {}
    assert steps(line(1_001)) == {"AMOUNT": ["order_amount"]}
    assert steps(line(100_001)) == {"AMOUNT": ["order_amount"], "Board": ["order_amount"]}
    assert steps(line(1_000, cost=800)) == {}
    assert steps(line(1_000, cost=801)) == {"Margin": ["order_margin"]}
    assert steps(line(1_000, off=1_000)) == {}
    assert steps(line(1_000, off=1_010)) == {"Discount": ["order_discount"]}


def test_below_the_list_price_is_a_discount_too() -> None:
    cheap = Line(1, None, "Press", 2, Money(400, "CNY"), listed=Money(1_000, "CNY"))

    assert steps(cheap) == {"Discount": ["order_discount"]}


def test_what_has_no_price_of_the_catalogue_counts_together() -> None:
    rule = Rule("Unlisted", unlisted_over={"CNY": 1_000})
    listed = Line(1, "product_1", "Press", 1, Money(5_000, "CNY"), listed=Money(5_000, "CNY"))
    foreign = Line(2, "product_1", "Press", 1, Money(400, "USD"), uncompared=("price",))

    def told(*lines: Line, currency: str = "CNY") -> list[tuple[str, int]]:
        return [(each["code"], each["level"]) for each in rule.reasons(lines, currency, anew=lines)]

    assert told(listed, line(600), line(400)) == []
    assert told(listed, line(600), line(401)) == [("order_unlisted", 1_001)]
    assert told(foreign, currency="USD") == [("order_unlisted", 400)]
    assert Rule.of_row(rule.row()) == rule


def test_in_a_currency_without_a_limit_every_order_is_over_it() -> None:
    fee = Line(1, None, "Fee", 1, Money(1, "USD"))

    assert steps(fee, currency="USD") == {"AMOUNT": ["order_currency"], "Board": ["order_currency"]}


def test_what_things_cost_is_never_a_reason_told() -> None:
    [margin] = needed(RULES, [line(1_000, cost=990)], "CNY", credit=())

    assert [each["values"] for each in margin.reasons] == [{"least_bps": 2_000}]


def test_a_step_waits_for_the_one_before() -> None:
    wanted = needed(RULES, [line(200_000, cost=199_000)], "CNY", credit=())

    assert [each.step for each in pending(signed(wanted, by=FINANCE, at=NOW))] == ["Board", "Margin"]
    first = signed(wanted, by=MANAGER, at=NOW)
    assert [each.approved_by for each in first] == [MANAGER.id, None, None]
    assert signed(first, by=FINANCE, at=NOW) == first
    second = signed(first, by=OPERATIONS, at=NOW)
    assert pending(signed(second, by=FINANCE, at=NOW)) == []
    assert pending(signed(wanted, by=ADMIN, at=NOW)) == []


AMOUNTS = st.integers(0, 300_000)
COSTS = st.none() | st.integers(0, 300_000)


@given(AMOUNTS, COSTS, AMOUNTS, COSTS)
def test_a_signature_holds_for_what_is_no_worse_and_for_nothing_else(
    before: int, cost: int | None, after: int, later_cost: int | None
) -> None:
    had = signed(needed(RULES, [line(before, cost=cost)], "CNY", credit=()), by=ADMIN, at=NOW)
    wanted = needed(RULES, [line(after, cost=later_cost)], "CNY", credit=())

    levels = {(each.step, reason["code"]): reason["level"] for each in had for reason in each.reasons}
    for asked, each in zip(wanted, carried(wanted, had), strict=True):
        worst = [(levels.get((asked.step, one["code"])), one["level"]) for one in asked.reasons]
        no_worse = all(signed_at is not None and level <= signed_at for signed_at, level in worst)
        assert (each.step, each.approved_by is not None) == (asked.step, no_worse)
    assert [Approval.of_row(each.row()) for each in had] == had


def set_rules(*further: dict[str, Any], limit: int = 500_000) -> None:
    service.set_policy(
        by=OPERATIONS,
        version=0,
        approval_limits=[Money(limit, "CNY")],
        approval_steps=further,
        payment_days=14,
        number_prefix="XS",
    )
    may_give(REP=2_000, MANAGER=5_000)


def test_an_order_is_approved_by_the_last_of_those_who_have_to_sign(shop: Shop) -> None:
    set_rules({"name": "Finance", "discount_above_bps": 1_000, "roles": ["FINANCE"]})
    order = submitted(shop)
    assert [each.step for each in order.approvals] == ["AMOUNT", "Finance"]

    order = service.approve(order.id, by=MANAGER)
    assert (order.status, order.approvals[0].approved_by) == ("IN_APPROVAL", MANAGER.id)
    with pytest.raises(errors.Forbidden) as refused:
        service.approve(order.id, by=MANAGER)
    assert refused.value.values["step"] == "Finance"

    order = service.approve(order.id, by=FINANCE)
    assert (order.status, order.approved_by) == ("APPROVED", FINANCE.id)


def test_a_thin_margin_is_seen_though_it_is_not_told(shop: Shop) -> None:
    set_rules({"name": "Margin", "margin_below_bps": 3_000}, limit=10_000_000)
    product = catalog.product(shop.press_id)
    catalog.change_product(product.id, version=product.version, by=SYSTEM, cost=Money(80_000, "CNY"))

    thin = submitted(shop)
    catalog.change_product(product.id, version=None, by=SYSTEM, cost=Money(10_000, "CNY"))

    assert [each.step for each in thin.approvals] == ["Margin"]
    assert service.submit(service.withdraw(thin.id, by=REP).id, by=REP).status == "IN_APPROVAL"
    assert submitted(shop).status == "APPROVED"


def test_a_withdrawn_order_loses_its_signatures(shop: Shop) -> None:
    set_rules({"name": "Finance", "discount_above_bps": 1_000, "roles": ["FINANCE"]})
    order = service.approve(submitted(shop).id, by=MANAGER)

    order = service.withdraw(order.id, by=REP)
    assert order.approvals == []

    order = service.submit(order.id, by=REP)
    assert [each.approved_by for each in order.approvals] == [None, None]


def test_two_steps_have_two_names(shop: Shop) -> None:
    for name in ("PRICE", "AMOUNT", "CREDIT", "Twice"):
        with pytest.raises(errors.Invalid) as refused:
            set_rules({"name": name, "over": []}, {"name": "Twice", "over": []})
        assert refused.value.errors[0].code == "duplicate_step"


def test_the_steps_are_set_and_told_over_http(client: Client) -> None:
    shop = open_shop()
    charges = {"name": "Charges", "unlisted_over": [{"amount": "10.00", "currency": "CNY"}], "roles": []}
    step = {"name": "Finance", "over": [{"amount": "1.00", "currency": "CNY"}], "roles": ["FINANCE"]}
    body = {
        "approval_limits": [],
        "approval_steps": [step, charges],
        "payment_days": 30,
        "number_prefix": "SO",
    }

    refused = client.put(
        "/order-policy", body | {"approval_steps": [{"name": "Never"}]}, by=OPERATIONS, match=0
    )
    told = client.put("/order-policy", body, by=OPERATIONS, match=0).json["approval_steps"]
    may_give(REP=2_000)
    order = client.post(f"/orders/{drafted(shop).id}/submit", by=REP).json

    assert [(each["field"], each["code"]) for each in refused.json["errors"]] == [
        ("approval_steps", "no_criterion")
    ]
    unsaid = dict.fromkeys(("over", "margin_below_bps", "discount_above_bps", "unlisted_over"))
    assert told == [unsaid | step, unsaid | charges]
    assert [each["step"] for each in order["approvals"]] == ["AMOUNT", "Finance"]
    assert order["approvals"][1]["reasons"][0]["values"] == {"total": "9913.84 CNY", "limit": "1.00 CNY"}
    assert "cost" not in str(order)
