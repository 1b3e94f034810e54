"""A deal knows how its quotes stand, however the changes come; and its stages ask for that."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.changelog import Change
from chalicelib.sales.opportunities import quoted
from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.reactions import deal_concerned
from tests.client import MANAGER, REP, Client
from tests.sales.opportunities.builders import a_deal, a_pipeline, stage
from tests.sales.quotes.builders import Shop, open_shop, token_of
from tests.streams import Stream


@pytest.fixture
def shop(tables: None) -> Shop:
    return open_shop()


def _offered(deal: Opportunity) -> Any:
    quote = service.submit(service.draft_from(deal.id, by=REP).id, by=REP)
    return service.send(quote.id, by_mail=False, by=REP)


def _asking_deal(standing: str) -> Opportunity:
    asked = [{"rule": "quote", "standing": standing}]
    pipeline = a_pipeline(stage("talk"), stage("offer", entry=asked))
    return a_deal(pipeline_id=pipeline.id)


def _lacks(deal: Opportunity) -> list[str]:
    with pytest.raises(errors.Blocked) as blocked:
        deals.advance(deal.id, stage_id="offer", version=None, by=REP)
    return [each.code for each in blocked.value.missing]


@pytest.mark.parametrize("standing", ["SENT", "ACCEPTED"])
def test_a_stage_opens_when_the_quote_stands_as_it_asks(shop: Shop, stream: Stream, standing: str) -> None:
    deal = _asking_deal(standing)
    assert _lacks(deal) == [f"quote_{standing.lower()}_needed"]

    quote = _offered(deal)
    stream.drain()
    if standing == "ACCEPTED":
        assert _lacks(deal) == ["quote_accepted_needed"]
        service.accept_by_link(token_of(quote), name="Li Wei 李伟", address="203.0.113.7")
        stream.drain()

    assert deals.advance(deal.id, stage_id="offer", version=None, by=REP).stage_id == "offer"


def test_a_draft_that_nobody_got_is_no_quote_of_the_deal(shop: Shop, stream: Stream) -> None:
    deal = a_deal()
    service.submit(service.draft_from(deal.id, by=REP).id, by=REP)
    stream.drain()

    assert deals.opportunity(deal.id, who=REP).version == deal.version


def _told(deal: Opportunity, version: int, status: str) -> Change:
    image = {"opportunity_id": deal.id, "number": "Q-1", "status": status, "first_sent_on": "2026-03-01"}
    quote_id = "quote_00000000000000000000000001"
    return Change("quote", quote_id, version, None, {"id": quote_id, **image}, "2026-03-01T00:00:00Z")


LIFE = ["PRESENTED", "PRESENTED", "DRAFT", "PRESENTED", "ACCEPTED", "VOIDED", "ACCEPTED"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.permutations([*range(len(LIFE)), *range(len(LIFE))]), last=st.integers(1, len(LIFE)))
def test_however_late_and_often_a_deal_is_told_it_knows_the_last(
    shop: Shop, told: list[int], last: int
) -> None:
    deal = a_deal(name="Told")

    for at in (at for at in told if at < last):
        deal_concerned(_told(deal, at + 1, LIFE[at]))

    stands = deals.opportunity(deal.id, who=REP).sent_quotes
    assert [each["status"] for each in stands] == [LIFE[last - 1]] * (LIFE[last - 1] != "VOIDED")


def test_a_deal_that_is_not_there_is_told_nothing(shop: Shop) -> None:
    deal = a_deal()
    deal.id = "opportunity_00000000000000000000000001"
    deal_concerned(_told(deal, 1, "PRESENTED"))

    assert Opportunity.find(deal.id) is None


def test_of_too_many_quotes_the_accepted_and_the_latest_are_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quoted, "MOST_QUOTES", 2)
    deal = a_deal()

    for number, status in enumerate(("ACCEPTED", "EXPIRED", "PRESENTED"), start=1):
        facts = {"number": f"Q-{number}", "status": status, "sent_on": "2026-03-01"}
        deals.note_quote(deal.id, quote_id=f"quote_{number:026d}", version=1, **facts)

    kept = deals.opportunity(deal.id, who=REP).sent_quotes
    assert [each["number"] for each in kept] == ["Q-1", "Q-3"]


def test_a_deal_shows_how_its_quotes_stand(client: Client, stream: Stream) -> None:
    open_shop()
    deal = a_deal()
    quote = _offered(deal)
    service.reject(quote.id, reason="Too dear", by=MANAGER)
    stream.drain()

    [shown] = client.get(f"/opportunities/{deal.id}", by=REP).json["quotes"]
    assert (shown["quote_id"], shown["number"], shown["status"]) == (quote.id, quote.number, "REJECTED")
