"""A quote that should not be: out of lists, figures and the customer's hands, and back as it was."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.core import boards, clock, errors
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote, QuoteVersion
from tests.client import MANAGER, REP, STRANGER, Client
from tests.platform.imports.bringing import make_bucket
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
from tests.streams import Stream, sweep


@pytest.fixture
def shop(tables: None) -> Shop:
    make_bucket()
    return open_shop()


def _listed(**which: bool) -> list[str]:
    return [each.id for each in service.quotes(who=REP, limit=9, after=None, **which).items]


@pytest.mark.parametrize("at_step", [drafted, in_review, approved, sent])
def test_a_voided_quote_leaves_the_lists_and_comes_back_as_it_was(
    shop: Shop, at_step: Callable[[Shop], Quote]
) -> None:
    quote = at_step(shop)
    was, listed = quote.status, quote.listed

    voided = service.void(quote.id, reason="Wrong customer", by=REP)
    assert (voided.status, voided.void_reason) == ("VOIDED", "Wrong customer")
    assert not voided.due_minute
    assert (_listed(), _listed(voided=True)) == ([], [quote.id])
    with pytest.raises(errors.OutOfTurn) as refused:
        service.void(quote.id, reason="Twice", by=REP)
    assert refused.value.possible == ["restore"]

    back = service.restore(quote.id, by=REP)
    assert (back.status, back.listed, bool(back.void_reason)) == (was, listed, False)
    assert _listed() == [quote.id]


def test_a_voided_quote_cannot_be_accepted_until_it_is_restored(shop: Shop) -> None:
    quote = sent(shop)
    token = token_of(quote)
    service.void(quote.id, reason="Wrong price", by=REP)

    with pytest.raises(errors.Conflict, match="quote_closed"):
        service.accept_by_link(token, name="Li Wei 李伟", address="203.0.113.7")
    service.restore(quote.id, by=REP)
    service.accept_by_link(token, name="Li Wei 李伟", address="203.0.113.7")

    assert service.quote(quote.id, who=REP).status == "ACCEPTED"


def test_one_that_is_restored_too_late_expires(shop: Shop) -> None:
    quote = sent(shop)
    service.void(quote.id, reason="Wrong price", by=REP)
    with clock.at(clock.now() + timedelta(days=40)):
        service.restore(quote.id, by=REP)
        sweep(clock.now() + timedelta(minutes=1))

        assert service.quote(quote.id, who=REP).status == "EXPIRED"


def test_what_was_accepted_is_voided_by_a_manager_and_what_was_sold_by_nobody(shop: Shop) -> None:
    quote = accepted(shop)
    with pytest.raises(errors.Forbidden):
        service.void(quote.id, reason="Mistake", by=REP)
    order = orders.draft_from_quote(quote.id, by=REP)
    with pytest.raises(errors.Conflict, match="quote_sold"):
        service.void(quote.id, reason="Mistake", by=MANAGER)
    orders.cancel(order.id, reason="Mistake", by=REP)

    service.void(quote.id, reason="Mistake", by=MANAGER)

    assert QuoteVersion.fetch(QuoteVersion.id_of(quote.id, 1)).status == "VOIDED"
    for sell in (orders.draft_from_quote, contracts.draft_from_quote):
        with pytest.raises(errors.Conflict, match="quote_not_accepted"):
            sell(quote.id, by=REP)
    assert service.restore(quote.id, by=MANAGER).status == "ACCEPTED"
    assert orders.draft_from_quote(quote.id, by=REP).quote_id == quote.id


def test_voided_it_counts_nowhere(shop: Shop, stream: Stream) -> None:
    quote = sent(shop)
    stream.drain()
    assert boards.total(boards.read("quotes|owner"))["sent_count"] == 1

    service.void(quote.id, reason="Test", by=REP)
    stream.drain()

    assert not boards.total(boards.read("quotes|owner")).get("sent_count")


def test_over_http(client: Client) -> None:
    make_bucket()
    quote = sent(open_shop())
    path, page = f"/quotes/{quote.id}", f"/q/{token_of(quote)}"

    assert client.post(f"{path}/void", {"reason": "x"}).status == 401
    assert client.post(f"{path}/void", {"reason": "x"}, by=STRANGER).status == 404
    assert client.post(f"{path}/void", {}, by=REP).json["errors"][0]["field"] == "reason"
    assert client.post(f"{path}/void", {"reason": "Wrong"}, by=REP).json["status"] == "VOIDED"
    shown = client.get(page, query={"lang": "en"}).text
    assert "has been withdrawn" in shown
    assert "<form" not in shown
    [version] = client.get(f"{path}/versions", by=REP).json["items"]
    assert version["status"] == "VOIDED"
    assert client.post(f"{path}/restore", by=REP).json["status"] == "PRESENTED"
    assert "<form" in client.get(page, query={"lang": "en"}).text
