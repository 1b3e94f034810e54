"""Prices offered once are kept, measured by what holds when they are handed in, and made anew on demand."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote
from tests.client import MANAGER, OPERATIONS, REP, Client
from tests.sales.opportunities.builders import a_deal
from tests.sales.quotes.builders import Shop, drafted, open_shop


@pytest.fixture
def shop(tables: None) -> Shop:
    return open_shop()


def _promotion(shop: Shop, percent_bps: int) -> Any:
    terms = {
        "name": "New Year",
        "currency": "CNY",
        "percent_bps": percent_bps,
        "product_ids": [shop.press_id],
    }
    return catalog.add_promotion(by=OPERATIONS, **terms)


def _one_press(shop: Shop, **more: Any) -> Quote:
    """Return Rita's quote of one press, with the customer: nobody had to approve it."""
    quote = drafted(shop, lines=[{"product_id": shop.press_id, "quantity": 1, **more}])
    assert service.submit(quote.id, by=REP).status == "APPROVED"
    return service.send(quote.id, by_mail=False, by=REP)


def _why(quote: Quote) -> list[tuple[str, str]]:
    return [(each["field"], each["code"]) for each in quote.review]


def test_a_price_of_a_promotion_that_is_over_is_kept_and_goes_to_review(shop: Shop) -> None:
    promotion = _promotion(shop, 5_000)
    quote = _one_press(shop)
    catalog.change_promotion(promotion.id, version=None, by=OPERATIONS, status="RETIRED")

    with clock.at(clock.now() + timedelta(days=330)):
        service.revise(quote.id, by=REP)
        service.edit(quote.id, by=REP, version=None, valid_until=clock.today() + timedelta(days=30))
        again = service.submit(quote.id, by=REP)

    assert (again.status, again.net) == ("IN_REVIEW", Money(50_000, "CNY"))
    assert _why(again) == [("lines.0", "discount_beyond_limit")]
    assert again.review[0]["values"]["discount_bps"] == 5_000
    assert again.discount == Money(50_000, "CNY")
    assert service.approve(quote.id, by=MANAGER).net == Money(50_000, "CNY")


def test_a_margin_is_that_on_todays_cost(shop: Shop) -> None:
    catalog.set_policy(by=OPERATIONS, version=0, limits={"REP": 0}, least_margin_bps=1_000)
    quote = _one_press(shop)
    catalog.change_product(shop.press_id, version=None, by=OPERATIONS, cost=Money(99_000, "CNY"))

    service.revise(quote.id, by=REP)

    assert _why(again := service.submit(quote.id, by=REP)) == [("lines", "margin_below_least")]
    assert service.explanation(again.id, who=MANAGER, language="en").margin == Money(1_000, "CNY")


def test_a_cost_that_is_in_another_currency_by_now_cannot_be_compared(shop: Shop) -> None:
    catalog.set_policy(by=OPERATIONS, version=0, limits={"REP": 0}, least_margin_bps=1_000)
    quote = _one_press(shop)
    book = catalog.add_price_book(name="Home", currency="CNY", by=OPERATIONS)
    tiers = [{"from_quantity": 1, "unit_price": Money(100_000, "CNY")}]
    catalog.set_prices(
        book.id, version=None, by=OPERATIONS, prices=[{"product_id": shop.press_id, "tiers": tiers}]
    )
    abroad = {"list_price": Money(20_000, "USD"), "cost": Money(14_000, "USD")}
    catalog.change_product(shop.press_id, version=None, by=OPERATIONS, **abroad)

    service.revise(quote.id, by=REP)

    assert _why(service.submit(quote.id, by=REP)) == [("lines", "margin_unknown")]


def test_a_price_that_was_everybodys_and_still_is_needs_nobody(shop: Shop) -> None:
    _promotion(shop, 5_000)
    quote = _one_press(shop)

    service.revise(quote.id, by=REP)

    assert service.submit(quote.id, by=REP).status == "APPROVED"


def test_what_is_sold_no_more_is_measured_by_its_last_price(shop: Shop) -> None:
    quote = _one_press(shop)
    dearer = Money(200_000, "CNY")
    catalog.change_product(shop.press_id, version=None, by=OPERATIONS, list_price=dearer, status="RETIRED")

    service.revise(quote.id, by=REP)

    assert _why(service.submit(quote.id, by=REP)) == [("lines.0", "discount_beyond_limit")]


def test_what_has_no_price_any_more_goes_to_review(shop: Shop) -> None:
    book = catalog.add_price_book(name="Export", currency="USD", by=OPERATIONS)
    tiers = [{"from_quantity": 1, "unit_price": Money(10_000, "USD")}]
    prices = [{"product_id": shop.press_id, "tiers": tiers}]
    catalog.set_prices(book.id, version=None, by=OPERATIONS, prices=prices)
    fee = {"name": "Freight", "quantity": 1, "unit_price": Money(500, "USD")}
    quote = drafted(shop, currency="USD", lines=[{"product_id": shop.press_id, "quantity": 1}, fee])
    catalog.change_price_book(book.id, version=None, by=OPERATIONS, status="RETIRED")

    handed_in = service.submit(quote.id, by=REP)

    assert (handed_in.net, handed_in.discount) == (Money(10_500, "USD"), Money(0, "USD"))
    assert _why(handed_in) == [("lines.0", "discount_unknown")]
    assert service.approve(quote.id, by=MANAGER).status == "APPROVED"


def test_a_deal_in_a_currency_without_prices_becomes_a_quote_that_somebody_else_looks_at(shop: Shop) -> None:
    agreed = {"product_id": shop.press_id, "quantity": 2, "unit_price": Money(9_500, "USD")}
    deal = a_deal(lines=[agreed])

    quote = service.draft_from(deal.id, by=REP)

    assert (quote.net, quote.lines[0].product_id) == (Money(19_000, "USD"), shop.press_id)
    assert service.edit(quote.id, by=REP, version=None, reprice=True).net == quote.net
    assert _why(service.submit(quote.id, by=REP)) == [("lines.0", "discount_unknown")]
    with pytest.raises(errors.Invalid) as refused:
        drafted(shop, currency="USD", lines=[{"product_id": shop.press_id, "quantity": 2}])
    assert [each.code for each in refused.value.errors] == ["no_price"]


def test_a_draft_is_priced_anew_as_it_stands(shop: Shop) -> None:
    promotion = _promotion(shop, 5_000)
    fee = {"name": "Freight", "quantity": 2, "unit_price": Money(500, "CNY"), "discount_bps": 1_000}
    agreed = {"product_id": shop.die_id, "quantity": 7, "unit_price": Money(300, "CNY"), "tax_bps": 1_300}
    press = {"product_id": shop.press_id, "name": "Old Betsy", "quantity": 10, "discount_bps": 1_000}
    quote = drafted(shop, lines=[press, agreed, fee], discount=Money(1_000, "CNY"))
    assert quote.net == Money(450_000 + 2_100 + 900 - 1_000, "CNY")
    catalog.change_promotion(promotion.id, version=None, by=OPERATIONS, status="RETIRED")

    anew = service.edit(quote.id, by=REP, version=None, reprice=True)

    assert anew.net == Money(900_000 + 2_100 + 900 - 1_000, "CNY")
    assert [line.name for line in anew.lines] == ["Old Betsy", "Die 模具", "Freight"]
    assert [line.tax_bps for line in anew.lines] == [0, 1_300, 0]
    assert service.edit(quote.id, by=REP, version=None, reprice=True).line_rows == anew.line_rows


def test_options_and_what_was_left_out_of_a_bundle_stay_when_priced_anew(shop: Shop) -> None:
    part = {"product_id": shop.die_id, "quantity": 2, "least": 0, "most": 9}
    other = {"product_id": shop.press_id, "quantity": 1, "least": 0, "most": 1}
    choice = {"product_id": shop.die_id, "least": 1, "most": 9}
    group = {"id": "extra", "names": {"en": "Extra"}, "least": 1, "most": 1, "choices": [choice]}
    kit = catalog.add_product(
        code="KIT",
        name="Kit",
        list_price=Money(1, "CNY"),
        components=[part, other],
        price_from_components=True,
        option_groups=[group],
        by=OPERATIONS,
    )
    asked = {
        "product_id": kit.id,
        "quantity": 3,
        "components": [
            {"product_id": shop.die_id, "quantity": 4},
            {"product_id": shop.press_id, "quantity": 0},
        ],
        "options": [{"product_id": shop.die_id, "quantity": 5}],
    }
    quote = drafted(shop, lines=[asked, {"product_id": shop.press_id, "quantity": 1}])
    before = [dict(row) for row in quote.line_rows]

    assert service.edit(quote.id, by=REP, version=None, reprice=True).line_rows == before
    catalog.change_product(shop.die_id, version=None, by=OPERATIONS, list_price=Money(1_000, "CNY"))
    assert service.edit(quote.id, by=REP, version=None, reprice=True).net == Money(
        12_000 + 15_000 + 100_000, "CNY"
    )


def test_a_draft_is_priced_anew_over_http(client: Client) -> None:
    shop = open_shop()
    quote = drafted(shop)
    catalog.change_product(shop.die_id, version=None, by=OPERATIONS, list_price=Money(1_000, "CNY"))

    reply = client.patch(
        f"/quotes/{quote.id}", {"reprice": True, "channel": "WEB"}, by=REP, match=quote.version
    )

    assert (reply.status, reply.json["net"]["amount"], reply.json["channel"]) == (200, "8820.00", "WEB")
