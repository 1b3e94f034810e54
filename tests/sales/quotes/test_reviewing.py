"""Whoever may approve a quote hears of it, and has a list of what waits."""

import pytest

from chalicelib.core.access import Principal
from chalicelib.customers.activities import service as activities
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.quotes import service
from tests.client import FINANCE, MANAGER, OPERATIONS, REP, STRANGER, Client
from tests.sales.quotes.builders import Shop, drafted, in_review, open_shop
from tests.streams import Stream


@pytest.fixture
def shop(tables: None) -> Shop:
    return open_shop()


def to_do(who: Principal) -> list[str]:
    """Return the titles of somebody's open tasks."""
    return [each.title for each in activities.tasks(who=who, limit=50).items]


def test_the_manager_is_asked_to_approve_a_quote_until_it_is_decided(shop: Shop, stream: Stream) -> None:
    quote = in_review(shop)
    stream.drain()
    assert to_do(MANAGER) == [f"Approve quote {quote.number}, 9913.84 CNY"]
    assert to_do(OPERATIONS) == to_do(FINANCE) == []

    service.send_back(quote.id, reason="Too cheap", by=MANAGER)
    stream.drain()
    assert to_do(MANAGER) == []
    service.submit(quote.id, by=REP)
    stream.drain()
    assert len(to_do(MANAGER)) == 1
    service.approve(quote.id, by=MANAGER)
    stream.drain()
    assert to_do(MANAGER) == []


def test_the_manager_is_asked_again_once_for_a_quote_that_was_voided_in_review_and_restored(
    shop: Shop, stream: Stream
) -> None:
    quote = in_review(shop)
    stream.drain()

    for _ in range(2):
        service.void(quote.id, reason="Wrong customer", by=REP)
        stream.drain()
        assert to_do(MANAGER) == []
        service.restore(quote.id, by=REP)
        stream.drain()
        assert len(to_do(MANAGER)) == 1

    service.approve(quote.id, by=MANAGER)
    stream.drain()
    assert to_do(MANAGER) == []


def test_beyond_the_managers_own_limit_those_are_asked_who_may_give_more(shop: Shop, stream: Stream) -> None:
    catalog.set_policy(by=OPERATIONS, version=0, limits={"MANAGER": 500, "OPERATIONS": 10_000})
    in_review(shop)
    stream.drain()

    assert (to_do(MANAGER), len(to_do(OPERATIONS))) == ([], 1)


def test_quotes_that_wait_are_listed_for_those_who_reach_them(client: Client) -> None:
    shop = open_shop()
    waits, decided, voided = in_review(shop).id, in_review(shop).id, in_review(shop).id
    drafted(shop)
    service.approve(decided, by=MANAGER)
    service.void(voided, reason="Twice", by=REP)

    def waiting(who: Principal) -> list[str]:
        found = client.get("/quotes", by=who, query={"waits_for": "APPROVAL"})
        return [each["id"] for each in found.json["items"]]

    assert waiting(MANAGER) == waiting(OPERATIONS) == waiting(REP) == [waits]
    assert waiting(STRANGER) == []
