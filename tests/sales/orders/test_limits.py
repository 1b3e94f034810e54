"""Who may give what discount on an order: beyond it somebody signs whose limits allow it."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import ADMIN, FINANCE, MANAGER, OPERATIONS, REP, Client
from tests.sales.opportunities.builders import a_deal_to_win
from tests.sales.orders.builders import Shop, booked, drafted, may_give, submitted
from tests.sales.quotes import builders as quotes


@pytest.fixture(autouse=True)
def no_amount_is_too_much(shop: Shop) -> None:
    """Let orders need approval for their prices alone."""
    rules()


def rules(*further: dict[str, Any], version: int = 0) -> None:
    service.set_policy(
        by=OPERATIONS,
        version=version,
        approval_limits=[Money(10**9, "CNY"), Money(10**9, "USD")],
        approval_steps=further,
        payment_days=14,
        number_prefix="XS",
    )


def presses(shop: Shop, quantity: int = 1, **terms: Any) -> dict[str, Any]:
    return {"lines": [{"product_id": shop.press_id, "quantity": quantity, **terms}]}


def why(document: Any) -> list[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """The steps of an order or an amendment, with their reasons."""
    return [
        (each.step, [(reason["code"], dict(reason["values"])) for reason in each.reasons])
        for each in document.approvals
    ]


def codes(document: Any) -> list[tuple[str, list[str]]]:
    return [(step, [code for code, _ in reasons]) for step, reasons in why(document)]


def costs(product_id: str, cost: Money) -> None:
    catalog.change_product(product_id, version=None, by=SYSTEM, cost=cost)


def test_beyond_the_limits_of_who_asks_an_order_needs_somebody_whose_limits_reach(shop: Shop) -> None:
    may_give(1_000, REP=500, FINANCE=8_999, MANAGER=9_000)
    costs(shop.press_id, Money(50_000, "CNY"))

    assert submitted(shop, **presses(shop, discount_bps=500)).status == "APPROVED"
    order = submitted(shop, **presses(shop, discount_bps=9_000))

    assert (order.status, why(order)) == (
        "IN_APPROVAL",
        [
            (
                "PRICE",
                [
                    ("discount_beyond_limit", {"limit_bps": 500, "discount_bps": 9_000}),
                    ("margin_below_least", {"least_bps": 1_000}),
                ],
            )
        ],
    )
    assert order.approvals[0].roles == ("ADMIN", "MANAGER")
    with pytest.raises(errors.Forbidden) as refused:
        service.approve(order.id, by=FINANCE)
    assert refused.value.values["step"] == "PRICE"
    assert service.approve(order.id, by=MANAGER).status == "APPROVED"


def test_a_manager_asks_nobody_within_limits_of_his_own(shop: Shop) -> None:
    may_give(REP=500, MANAGER=2_000)

    order = service.submit(drafted(shop, **presses(shop, discount_bps=2_000)).id, by=MANAGER)

    assert (order.status, order.approvals) == ("APPROVED", [])


def test_what_a_deal_gives_away_is_beyond_limits_too(shop: Shop) -> None:
    lines = presses(shop, 2, unit_price=Money(10_000, "CNY"))["lines"]
    deal = a_deal_to_win(account_id=shop.account_id, lines=lines)
    opportunities.win(deal.id, version=None, by=REP)

    order = service.submit(service.draft_from(deal.id, by=REP).id, by=REP)

    assert codes(order) == [("PRICE", ["discount_beyond_limit"])]


def test_prices_of_a_quote_were_approved_there_until_they_are_changed(shop: Shop) -> None:
    quote = quotes.accepted(shop, **presses(shop, 2, discount_bps=4_000))
    order = service.draft_from_quote(quote.id, by=REP)
    assert service.submit(order.id, by=REP).status == "APPROVED"
    order = service.amend(order.id, reason="One will do", change=[{"number": 1, "quantity": 1}], by=REP)
    assert order.amendment is None

    order = service.withdraw(order.id, by=REP)
    service.edit(order.id, by=REP, version=None, **presses(shop, discount_bps=4_000))

    assert service.submit(order.id, by=REP).status == "IN_APPROVAL"


def amended(order: Order, *, by: Any = REP, **changes: Any) -> Order:
    return service.amend(order.id, reason="Asked for", by=by, **changes)


def test_a_change_is_asked_about_what_got_worse_and_nothing_else(shop: Shop) -> None:
    may_give(REP=500, MANAGER=5_000)
    lines = [*presses(shop, 3, discount_bps=4_000)["lines"], {"product_id": shop.die_id, "quantity": 7}]
    order = service.submit(drafted(shop, lines=lines).id, by=MANAGER)
    assert order.status == "APPROVED"

    for harmless in (
        {"change": [{"number": 1, "quantity": 2}]},
        {"change": [{"number": 1, "discount_bps": 3_900}]},
        {"change": [{"number": 2, "discount_bps": 500}], "add": [{"product_id": shop.die_id, "quantity": 1}]},
    ):
        order = amended(order, **harmless)
        assert (order.amendment, order.approvals) == (None, [])

    order = amended(order, change=[{"number": 2, "discount_bps": 600}])
    assert order.amendment is not None
    given = {
        "limit_bps": 500,
        "discount_bps": catalog.bps_off(order.amendment.lines(order.lines, gone={}, back={})[1]),
    }
    assert why(order.amendment) == [("PRICE", [("discount_beyond_limit", given)])]
    order = service.approve_amendment(order.id, by=MANAGER)
    order = amended(order, drop=[3], change=[{"number": 1, "tax_bps": 0}])
    assert (order.amendment, order.approvals[0].approved_by) == (None, MANAGER.id)


def test_another_line_under_a_number_that_is_free_is_a_new_one(shop: Shop) -> None:
    may_give(REP=500, MANAGER=5_000)
    lines = [*presses(shop, discount_bps=4_000)["lines"], {"product_id": shop.die_id, "quantity": 7}]
    order = service.submit(drafted(shop, lines=lines).id, by=MANAGER)

    cheap = {"product_id": shop.die_id, "quantity": 1, "discount_bps": 4_000}
    order = amended(order, drop=[1], add=[cheap])

    assert order.amendment is not None
    assert codes(order.amendment) == [("PRICE", ["discount_beyond_limit"])]


def test_a_margin_that_a_change_thins_is_asked_about(shop: Shop) -> None:
    may_give(3_000, REP=500, MANAGER=5_000)
    costs(shop.press_id, Money(80_000, "CNY"))
    costs(shop.die_id, Money(100, "CNY"))
    lines = [*presses(shop)["lines"], {"product_id": shop.die_id, "quantity": 1_000}]
    order = submitted(shop, lines=lines)
    assert order.status == "APPROVED"

    order = amended(order, change=[{"number": 2, "quantity": 1}])

    assert order.amendment is not None
    assert codes(order.amendment) == [("PRICE", ["margin_below_least"])]
    order = service.approve_amendment(order.id, by=MANAGER)
    assert amended(order, change=[{"number": 2, "quantity": 2}]).amendment is None


def test_a_price_of_a_tier_is_a_discount_for_who_takes_less(shop: Shop) -> None:
    may_give(REP=500, MANAGER=6_000)
    booked(shop.press_id, {1: 100_000, 100: 95_000, 1_000: 40_000})
    order = submitted(shop, **presses(shop, 1_000))
    assert (order.status, order.net) == ("APPROVED", Money(40_000_000, "CNY"))
    assert amended(order, change=[{"number": 1, "quantity": 1_001}]).amendment is None

    order = amended(order, change=[{"number": 1, "quantity": 1}])

    assert order.amendment is not None
    told = {"limit_bps": 500, "discount_bps": 6_000}
    assert why(order.amendment) == [("PRICE", [("discount_beyond_limit", told)])]
    order = service.approve_amendment(order.id, by=MANAGER)
    assert [(line.unit_price.minor, catalog.bps_off(line)) for line in order.lines] == [(40_000, 6_000)]


def test_a_line_loses_its_tier_with_the_pieces_of_another(shop: Shop) -> None:
    may_give(REP=500)
    booked(shop.press_id, {1: 100_000, 10: 90_000})
    half = presses(shop, 5)["lines"]
    order = submitted(shop, lines=[*half, *half])
    assert order.net == Money(900_000, "CNY")

    order = amended(order, drop=[2])

    assert order.amendment is not None
    assert codes(order.amendment) == [("PRICE", ["discount_beyond_limit"])]


def test_what_was_ordered_before_a_price_rose_is_measured_by_its_own_day(shop: Shop) -> None:
    may_give(REP=500)
    order = submitted(shop, **presses(shop, 3))
    booked(shop.press_id, {1: 200_000}, valid_from=order.priced_on.replace(year=order.priced_on.year + 1))

    assert amended(order, change=[{"number": 1, "quantity": 2}]).amendment is None


def foreign(shop: Shop, minor: int = 1) -> dict[str, Any]:
    return {"currency": "USD", **presses(shop, unit_price=Money(minor, "USD"))}


def test_a_price_that_cannot_be_compared_needs_every_step_that_compares(shop: Shop) -> None:
    may_give(1_000, REP=9_999, MANAGER=10_000)
    costs(shop.press_id, Money(50_000, "CNY"))
    discount = {"name": "Discount", "discount_above_bps": 9_000}
    rules(discount, {"name": "Margin", "margin_below_bps": 1_000}, version=1)

    order = submitted(shop, **foreign(shop))

    assert why(order) == [
        ("PRICE", [("discount_unknown", {"currency": "USD"}), ("margin_unknown", {"least_bps": 1_000})]),
        ("Discount", [("discount_unknown", {"currency": "USD"})]),
        ("Margin", [("margin_unknown", {"least_bps": 1_000})]),
    ]
    assert order.approvals[0].roles == ("ADMIN", "MANAGER")
    order = service.approve(order.id, by=MANAGER)
    assert order.status == "APPROVED"

    assert amended(order, change=[{"number": 1, "quantity": 3}]).amendment is None
    assert amended(order, change=[{"number": 1, "unit_price": Money(2, "USD")}]).amendment is None
    order = amended(order, change=[{"number": 1, "unit_price": Money(0, "USD")}])
    assert order.amendment is not None
    assert [each.step for each in order.amendment.approvals if not each.approved_by] == [
        "PRICE",
        "Discount",
        "Margin",
    ]


def test_a_quote_takes_a_price_that_cannot_be_compared_and_asks(shop: Shop) -> None:
    quote = quotes.in_review(shop, **foreign(shop))

    assert [(each["field"], each["code"]) for each in quote.review] == [("lines.0", "discount_unknown")]
    order = service.draft_from_quote(quotes.accepted(shop, **foreign(shop)).id, by=ADMIN)
    assert order.lines[0].uncompared == ("price",)


def test_reasons_are_told_in_the_readers_language(shop: Shop, client: Client) -> None:
    order = submitted(shop, **foreign(shop))

    told = client.get(f"/orders/{order.id}", by=REP, headers={"Accept-Language": "zh-CN"}).json["approvals"]

    assert told[0]["reasons"][0]["message"] == "没有 USD 价格，无法衡量折扣。"
