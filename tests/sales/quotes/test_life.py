"""A quote's life: priced, reviewed, sent in versions, answered, and made an order of once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.core.table import Record
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from tests.client import ADMIN, MANAGER, OPERATIONS, REP
from tests.sales.opportunities.builders import a_deal, a_deal_to_win
from tests.sales.quotes.builders import (
    Shop,
    accepted,
    approved,
    drafted,
    in_review,
    open_shop,
    sent,
    token_of,
)
from tests.streams import sweep


@pytest.fixture
def shop(tables: None) -> Shop:
    return open_shop()


def _versions(quote: Quote) -> list[tuple[int, str]]:
    found = service.versions(quote.id, who=REP, limit=50, after=None).items
    return [(each.revision, each.status) for each in found]


def test_a_quote_is_priced_for_its_customer_and_explained(shop: Shop) -> None:
    book = catalog.add_price_book(name="B", currency="CNY", by=OPERATIONS)
    tiers = [{"from_quantity": 1, "unit_price": Money(90_000, "CNY")}]
    catalog.set_prices(
        book.id, version=None, by=OPERATIONS, prices=[{"product_id": shop.press_id, "tiers": tiers}]
    )

    quote = drafted(shop, discount=Money(1_081, "CNY"))

    assert [line.net.minor for line in quote.lines] == [786_422, 2_328]
    assert quote.net == Money(788_750, "CNY")
    assert quote.totals.before_discount == Money(902_331, "CNY")
    told = service.explanation(quote.id, who=REP, language="en")
    assert [step["kind"] for step in told.lines[0]["steps"]] == ["BOOK", "DISCOUNT", "WHOLE_DISCOUNT"]
    assert told.margin is None
    assert service.explanation(quote.id, who=MANAGER, language="en").margin == Money(0, "CNY")


def test_the_seller_sees_what_is_in_stock_of_what_is_kept(shop: Shop) -> None:
    inventory.add_warehouse(code="EAST", name="East", keeper_id=OPERATIONS.id, by=OPERATIONS)
    catalog.change_product(shop.die_id, version=None, by=OPERATIONS, stocked=True)
    came = {"type": "RECEIPT", "reference": "R1", "product": shop.die_id, "warehouse": "EAST", "quantity": 4}
    inventory.record(came, by=OPERATIONS)

    told = service.explanation(drafted(shop).id, who=REP, language="en")

    assert [line["available"] for line in told.lines] == [None, 4]


def test_what_is_within_ones_limits_needs_nobody_else(shop: Shop) -> None:
    catalog.set_policy(by=OPERATIONS, version=0, limits={"REP": 1_250, "MANAGER": 1_250})

    assert service.submit(drafted(shop).id, by=REP).status == "APPROVED"


def test_what_is_beyond_is_approved_by_somebody_else_whose_limits_allow_it(shop: Shop) -> None:
    catalog.set_policy(by=OPERATIONS, version=0, limits={"REP": 1_000, "MANAGER": 1_200})
    quote = in_review(shop)

    assert (quote.status, [(each["field"], each["code"]) for each in quote.review]) == (
        "IN_REVIEW",
        [("lines.0", "discount_beyond_limit")],
    )
    with pytest.raises(errors.Forbidden, match="beyond_your_limits"):
        service.approve(quote.id, by=MANAGER)
    mine = service.submit(drafted(shop).id, by=MANAGER)
    with pytest.raises(errors.Forbidden, match="own_submission"):
        service.approve(mine.id, by=MANAGER)
    assert service.approve(quote.id, by=ADMIN).approved_by == ADMIN.id


def test_a_quote_without_lines_is_not_handed_in(shop: Shop) -> None:
    with pytest.raises(errors.Blocked) as blocked:
        service.submit(drafted(shop, lines=[]).id, by=REP)

    assert [each.code for each in blocked.value.missing] == ["quote_lines"]


def test_a_quote_sent_back_is_edited_and_handed_in_anew(shop: Shop) -> None:
    quote = service.send_back(in_review(shop).id, reason="Too cheap", by=MANAGER)
    dearer = [{"product_id": shop.press_id, "quantity": 10}]

    assert (quote.status, quote.sent_back_reason, quote.review) == ("DRAFT", "Too cheap", [])
    edited = service.edit(quote.id, lines=dearer, by=REP, version=quote.version)
    assert edited.net == Money(1_000_000, "CNY")
    assert service.submit(quote.id, by=REP).status == "APPROVED"
    assert service.withdraw(quote.id, by=REP).approved_at is None


def test_what_was_sent_never_changes_and_one_version_is_current(shop: Shop) -> None:
    quote = sent(shop, title="First")
    [first] = service.versions(quote.id, who=REP, limit=9, after=None).items
    frozen = dict(first.content)

    service.revise(quote.id, by=REP)
    assert _versions(quote) == [(1, "SUPERSEDED")]
    service.edit(
        quote.id, by=REP, version=None, title="Second", lines=[{"product_id": shop.die_id, "quantity": 1}]
    )
    service.submit(quote.id, by=REP)
    again = service.send(quote.id, by_mail=False, by=REP)

    assert (again.revision, again.status, again.number) == (2, "PRESENTED", quote.number)
    assert _versions(quote) == [(2, "PRESENTED"), (1, "SUPERSEDED")]
    kept = QuoteVersion.fetch(first.id)
    assert (kept.content, kept.content["title"]) == (frozen, "First")


@pytest.mark.parametrize("begun", [drafted, in_review, approved, accepted], ids=lambda each: each.__name__)
def test_only_what_is_with_the_customer_is_revised(shop: Shop, begun: Callable[[Shop], Quote]) -> None:
    with pytest.raises(errors.OutOfTurn):
        service.revise(begun(shop).id, by=REP)


def test_a_quote_is_edited_as_a_draft_only(shop: Shop) -> None:
    with pytest.raises(errors.OutOfTurn):
        service.edit(approved(shop).id, by=REP, version=None, title="x")


def test_nothing_is_sent_without_an_address_or_after_its_last_day(shop: Shop) -> None:
    quote = approved(shop, valid_until=clock.today())

    with (
        clock.at(clock.now() + timedelta(days=1)),
        pytest.raises(errors.Blocked) as blocked,
    ):
        service.send(quote.id, by=REP)

    assert [(each.field, each.code) for each in blocked.value.missing] == [
        ("to", "no_address"),
        ("valid_until", "in_past"),
    ]


def test_a_quote_expires_when_its_last_day_has_passed(shop: Shop) -> None:
    quote = sent(shop, valid_until=clock.today() + timedelta(days=3))
    last_day = clock.start_of(quote.valid_until)

    sweep(at=last_day + timedelta(hours=23, minutes=59))
    assert service.quote(quote.id, who=REP).status == "PRESENTED"
    sweep(at=last_day + timedelta(days=1, minutes=1))

    ended = service.quote(quote.id, who=REP)
    assert (ended.status, _versions(quote)) == ("EXPIRED", [(1, "EXPIRED")])
    assert not ended.due_minute
    assert service.revise(quote.id, by=REP).revision == 2


def test_an_accepted_quote_becomes_one_order_of_the_very_amount(shop: Shop) -> None:
    odd = [
        *shop.lines(),
        {"name": "Freight 运费", "quantity": 3, "unit_price": Money(1_001, "CNY"), "tax_bps": 600},
    ]
    quote = accepted(shop, lines=odd, discount=Money(1_234, "CNY"))

    order = orders.draft_from_quote(quote.id, by=REP)

    assert (order.net, order.tax, order.total) == (quote.net, quote.tax, quote.total)
    assert [line.quantity for line in order.lines] == [10, 7, 3]
    assert (order.quote_id, order.owner_id) == (quote.id, REP.id)
    with pytest.raises(errors.AlreadyExists) as again:
        orders.draft_from_quote(quote.id, by=REP)
    assert again.value.holder == order.id
    orders.cancel(order.id, reason="Mistake", by=REP)
    assert orders.draft_from_quote(quote.id, by=REP).status == "DRAFT"


def test_a_dearer_price_than_everybodys_reaches_the_order_unchanged(shop: Shop) -> None:
    dear = [{"product_id": shop.die_id, "quantity": 3, "unit_price": Money(500, "CNY"), "discount_bps": 1}]
    quote = accepted_without_review(shop, lines=dear)

    assert orders.draft_from_quote(quote.id, by=REP).net == quote.net == Money(1_500, "CNY")


def accepted_without_review(shop: Shop, **details: Any) -> Quote:
    """Return a quote that nobody had to approve, accepted on paper."""
    quote = service.submit(drafted(shop, **details).id, by=REP)
    service.send(quote.id, by_mail=False, by=REP)
    return service.accept(quote.id, name="Li Wei", by=REP)


def test_only_an_accepted_quote_becomes_an_order(shop: Shop) -> None:
    with pytest.raises(errors.Conflict, match="quote_not_accepted"):
        orders.draft_from_quote(sent(shop).id, by=REP)


def test_a_deal_becomes_a_quote_and_no_second_order(shop: Shop) -> None:
    line = {"product_id": shop.press_id, "quantity": 2, "unit_price": Money(95_000, "CNY")}
    deal = a_deal_to_win(lines=[line])
    quote = service.draft_from(deal.id, by=REP)

    assert (quote.opportunity_id, quote.account_id, quote.title) == (deal.id, deal.account_id, deal.name)
    assert (quote.net, quote.totals.discount) == (Money(190_000, "CNY"), Money(10_000, "CNY"))
    service.approve(service.submit(quote.id, by=REP).id, by=MANAGER)
    service.send(quote.id, by_mail=False, by=REP)
    service.accept(quote.id, name="Li Wei", by=REP)
    order = orders.draft_from_quote(quote.id, by=REP)
    deals.win(deal.id, version=None, by=REP)
    with pytest.raises(errors.AlreadyExists) as taken:
        orders.draft_from(deal.id, by=REP)
    assert taken.value.holder == order.id


def test_a_deal_whose_product_wants_options_becomes_a_quote_of_the_lines_sent(shop: Shop) -> None:
    choice = {"product_id": shop.die_id, "least": 1, "most": 9}
    group = {"id": "die", "names": {"en": "Die"}, "least": 1, "most": 1, "choices": [choice]}
    catalog.change_product(shop.press_id, version=None, by=OPERATIONS, option_groups=[group])
    wanted = {"product_id": shop.press_id, "quantity": 2}
    deal = a_deal(lines=[{**wanted, "unit_price": Money(95_000, "CNY")}])
    with pytest.raises(errors.Invalid) as refused:
        service.draft_from(deal.id, by=REP)
    assert [each.code for each in refused.value.errors] == ["option_count"]

    full = {**wanted, "options": [{"product_id": shop.die_id, "quantity": 3}]}
    quote = service.draft_from(deal.id, lines=[full], by=REP)

    assert (quote.opportunity_id, quote.title) == (deal.id, deal.name)
    assert [line.quantity for line in quote.lines] == [2, 6]


def test_a_large_quote_is_refused_before_its_item_is_too_large(shop: Shop) -> None:
    long = [{"name": "长" * 200, "quantity": 1, "unit_price": Money(1, "CNY")}] * 60
    assert Record.anywhere(drafted(shop, lines=long, terms="长" * 5_000, note="长" * 5_000).id)

    parts = [
        catalog.add_product(code=f"C{n}", name="长" * 200, list_price=Money(1, "CNY"), by=OPERATIONS).id
        for n in range(10)
    ]
    held = [{"product_id": each, "quantity": 1, "least": 1, "most": 1} for each in parts]
    kit = catalog.add_product(
        code="KIT",
        name="Kit",
        list_price=Money(1, "CNY"),
        components=held,
        price_from_components=True,
        by=OPERATIONS,
    )
    with pytest.raises(errors.Invalid) as refused:
        drafted(shop, lines=[{"product_id": kit.id, "quantity": 1}] * 60)
    assert [each.code for each in refused.value.errors] == ["too_much_at_once"]


def test_the_discount_on_the_whole_and_the_channel_come_with_the_lines(shop: Shop) -> None:
    quote = drafted(shop)

    with pytest.raises(errors.Invalid) as refused:
        service.edit(quote.id, by=REP, version=None, discount=Money(1, "CNY"), channel="WEB")

    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("channel", "with_lines"),
        ("discount", "with_lines"),
    ]


def test_a_link_is_of_the_version_that_was_sent(shop: Shop) -> None:
    quote = sent(shop)
    old = token_of(quote)

    service.renew_link(quote.id, revoked=False, by=REP)

    assert service.opened(token_of(quote)).quote_id == quote.id
    with pytest.raises(errors.NotFound):
        service.opened(old)
    service.renew_link(quote.id, revoked=True, by=REP)
    with pytest.raises(errors.Conflict, match="no_link"):
        token_of(quote)
