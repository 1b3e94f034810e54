"""Stages that ask for an approval, a recent meeting, or a decision maker; and how an approval is lost."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.sales.opportunities import evidence, service
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import ADMIN, MANAGER, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_pipeline, an_account, stage
from tests.streams import Stream


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _careful(*asked: dict[str, Any]) -> str:
    found: str = a_pipeline(stage("first", exit=list(asked)), stage("second"), stage("third")).id
    return found


def _approved(**details: Any) -> Opportunity:
    deal = a_deal(pipeline_id=_careful({"rule": "approval"}), **details)
    return service.approve_stage(deal.id, version=None, by=MANAGER)


def _advance(deal: Opportunity, stage_id: str = "second") -> Opportunity:
    return service.advance(deal.id, stage_id=stage_id, version=None, by=REP)


def _lacks(deal: Opportunity) -> list[str]:
    with pytest.raises(errors.Blocked) as blocked:
        _advance(deal)
    return [lack.code for lack in blocked.value.missing]


def test_a_manager_lets_a_deal_go_on_and_who_and_when_is_told(client: Client, stream: Stream) -> None:
    deal = a_deal(pipeline_id=_careful({"rule": "approval"}))
    path = f"/opportunities/{deal.id}"

    blocked = client.post(f"{path}/advance", {"stage_id": "second"}, by=REP)
    by_the_rep = client.post(f"{path}/approve-stage", by=REP)
    approved = client.post(f"{path}/approve-stage", by=MANAGER, match=1)
    moved = client.post(f"{path}/advance", {"stage_id": "second"}, by=REP)
    stream.drain()
    turns = client.get(f"{path}/history", by=REP).json["items"]

    assert (blocked.json["missing"][0]["field"], by_the_rep.status) == ("stage_approval", 403)
    given = approved.json["stage_approval"]
    assert (given["by"], given["amount"]) == (MANAGER.id, {"amount": "1200.00", "currency": "CNY"})
    assert (moved.status, moved.json["stage_approval"]) == (200, None)
    assert turns[1]["after"]["stage_approval"] == given
    assert turns[0]["before"]["stage_approval"] == given


def test_nobody_approves_their_own_deal_but_an_administrator() -> None:
    own = a_deal(MANAGER, pipeline_id=_careful({"rule": "approval"}))

    with pytest.raises(errors.Forbidden) as refused:
        service.approve_stage(own.id, version=None, by=MANAGER)

    assert refused.value.code == "own_deal"
    assert service.approve_stage(own.id, version=None, by=ADMIN).stage_approval["by"] == ADMIN.id


def test_a_second_approval_changes_nothing_and_a_closed_deal_takes_none() -> None:
    deal = _approved()

    assert service.approve_stage(deal.id, version=None, by=ADMIN).version == deal.version
    service.win(_advance(deal).id, version=None, by=REP)
    with pytest.raises(errors.OutOfTurn):
        service.approve_stage(deal.id, version=None, by=MANAGER)


@pytest.mark.parametrize(
    ("amount", "lacks"),
    [
        (Money(120_000, "CNY"), False),
        (Money(1, "CNY"), False),
        (Money(120_001, "CNY"), True),
        (Money(1, "USD"), True),
    ],
)
def test_an_approval_holds_up_to_the_approved_amount(amount: Money, lacks: bool) -> None:
    deal = _approved()

    service.amend(deal.id, version=None, by=REP, amount=Money(60_000, "CNY"))
    changed = service.amend(deal.id, version=None, by=REP, amount=amount)

    assert (changed.stage_approval is None) is lacks
    assert (_lacks(deal) == ["approval_needed"]) if lacks else (_advance(deal).stage_id == "second")


def test_an_approval_is_of_one_stage_and_a_deal_that_comes_back_needs_another() -> None:
    deal = _advance(_approved())

    back = _advance(deal, "first")

    assert not back.stage_approval
    assert _lacks(deal) == ["approval_needed"]


def test_a_meeting_of_long_ago_is_none_and_a_call_neither() -> None:
    asked = {"rule": "activity", "type": "MEETING", "within_days": 30}
    deal = a_deal(pipeline_id=_careful(asked))

    def meet(days_ago: int, kind: str = "MEETING") -> None:
        at = clock.now() - timedelta(days=days_ago)
        activities.log_interaction(about_id=deal.id, type=kind, subject="x", happened_at=at, by=REP)

    meet(31)
    meet(1, "CALL")
    before = _lacks(deal)
    meet(29)

    assert before == ["activity_needed"]
    assert _advance(deal).stage_id == "second"


def test_what_lies_too_far_back_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_READ", 2)
    deal = a_deal()
    for kind in ("MEETING", "CALL", "NOTE"):
        activities.log_interaction(about_id=deal.id, type=kind, subject="x", by=REP)

    interactions = evidence.Interactions(deal.id)

    assert interactions.count(9) == 1
    assert not interactions.had("MEETING", within_days=1)
    assert interactions.had("CALL", within_days=1)


def test_a_stage_asks_who_decides_and_who_else_is_after_the_deal() -> None:
    asked: list[dict[str, Any]] = [
        {"rule": "buyer", "role": "DECISION_MAKER"},
        {"rule": "competitors", "at_least": 1},
    ]
    account = an_account()
    deal = a_deal(account_id=account.id, pipeline_id=_careful(*asked))
    who = accounts.add_contact(account_id=account.id, name="Li", by=REP)
    service.set_buyer(deal.id, who.id, role="USER", version=None, by=REP)

    before = _lacks(deal)
    service.set_buyer(deal.id, who.id, role="DECISION_MAKER", version=None, by=REP)
    service.amend(deal.id, version=None, by=REP, competitors=[{"name": "Acme"}])

    assert before == ["buyer_needed", "competitors_needed"]
    assert _advance(deal).stage_id == "second"
