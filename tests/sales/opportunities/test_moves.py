"""How a deal moves: enforced criteria, win and loss, and taking them back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import clock, errors, step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import service, stalling
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, SOUTH
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_deal_to_win, a_pipeline, stage
from tests.streams import Stream, sweep

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _strict() -> Any:
    asked = [{"rule": "interactions", "at_least": 2}, {"rule": "field", "field": "next_step"}]
    return a_pipeline(
        stage("first", exit=asked, expected_days=10),
        stage("second", entry=[{"rule": "amount"}], probability=75),
    )


def _move(deal: Opportunity, stage_id: str) -> Opportunity:
    return service.advance(deal.id, stage_id=stage_id, version=None, by=REP)


def _told(deal: Opportunity, *names: str) -> list[Any]:
    return [getattr(deal, name) for name in names]


def test_a_deal_that_lacks_something_stays_and_is_told_all_of_it() -> None:
    deal = a_deal(pipeline_id=_strict().id, amount=None)
    activities.log_interaction(about_id=deal.id, type="CALL", subject="Budget", by=REP)
    activities.log_interaction(about_id=deal.id, type="NOTE", subject="Not a contact", by=REP)

    with pytest.raises(errors.Blocked) as blocked:
        _move(deal, "second")

    assert [(lack.field, lack.values) for lack in blocked.value.missing] == [
        ("interactions", {"at_least": 2, "now": 1, "stage": {"en": "First"}}),
        ("next_step", {"stage": {"en": "First"}}),
        ("amount", {"stage": {"en": "Second"}}),
    ]
    assert service.opportunity(deal.id, who=REP).stage_id == "first"


def test_a_deal_that_has_everything_goes_on_and_takes_what_its_stage_says() -> None:
    deal = a_deal(pipeline_id=_strict().id, next_step="Send offer")
    for kind in ("CALL", "VISIT"):
        activities.log_interaction(about_id=deal.id, type=kind, subject="Need", by=REP)

    moved = _move(deal, "second")

    assert (moved.stage_id, moved.probability, moved.version) == ("second", 75, 2)
    assert (moved.journey["first"]["advanced"], moved.journey["second"]["entered"]) == (1, 1)


def test_a_way_back_needs_no_leave_of_the_stage() -> None:
    pipeline = a_pipeline(stage("first"), stage("second", exit=[{"rule": "field", "field": "competitor"}]))
    deal = _move(a_deal(pipeline_id=pipeline.id), "second")

    back = _move(deal, "first")

    assert back.journey["second"] == {"entered": 1, "left": 1, "advanced": 0, "lost": 0, "seconds": 0}
    assert back.journey["first"]["entered"] == 2


def test_a_second_click_on_the_same_stage_changes_nothing() -> None:
    deal = _move(a_deal(), "needs_analysis")

    assert _move(deal, "needs_analysis").version == deal.version


def test_deals_are_won_and_lost_by_their_own_verbs_only() -> None:
    deal = a_deal()

    with pytest.raises(errors.Invalid) as refused:
        _move(deal, "won")
    with pytest.raises(errors.Invalid) as unknown:
        _move(deal, "nowhere")

    assert refused.value.errors[0].code == "closing_stage"
    assert unknown.value.errors[0].code == "unknown_stage"


def test_a_won_deal_keeps_its_day_and_how_long_it_took() -> None:
    with clock.at(START):
        deal = a_deal_to_win()
    with clock.at(START + timedelta(days=30)):
        won = service.win(deal.id, version=1, by=REP)

    assert (won.status, won.stage_id, won.probability) == ("WON", "won", 100)
    assert (won.opened_on.isoformat(), won.closed_on.isoformat()) == ("2026-03-02", "2026-04-01")
    assert won.journey["qualification"]["seconds"] == 30 * 86_400
    with pytest.raises(errors.OutOfTurn):
        service.win(deal.id, version=None, by=REP)


def test_a_deal_without_an_amount_is_not_won_but_may_be_lost() -> None:
    deal = a_deal(amount=None)

    with pytest.raises(errors.Blocked):
        service.win(deal.id, version=None, by=REP)
    with pytest.raises(errors.Invalid) as unknown:
        service.lose(deal.id, reason="mood", version=None, by=REP)
    lost = service.lose(deal.id, reason="price", competitor="Acme", version=None, by=REP)

    assert unknown.value.errors[0].field == "reason"
    assert (lost.status, lost.lost_reason, lost.competitor) == ("LOST", "price", "Acme")
    assert lost.journey["qualification"]["lost"] == 1


def test_a_deal_closes_on_a_day_between_its_opening_and_today() -> None:
    deal = a_deal_to_win()
    for days in (-1, 1):
        with pytest.raises(errors.Invalid):
            service.win(deal.id, closed_on=clock.today() + timedelta(days=days), version=None, by=REP)


def test_a_loss_is_taken_back_by_the_owner_and_a_win_by_who_may_step_in() -> None:
    deal = _move(a_deal_to_win(), "needs_analysis")
    service.lose(deal.id, reason="timing", version=None, by=REP)

    again = service.reopen(deal.id, reason="again", version=None, by=REP)
    service.win(deal.id, version=None, by=REP)
    with pytest.raises(errors.Forbidden):
        service.reopen(deal.id, reason="again", version=None, by=REP)
    back = service.reopen(deal.id, reason="again", stage_id="proposal", version=None, by=MANAGER)

    assert _told(again, "status", "stage_id") == ["OPEN", "needs_analysis"]
    assert _told(again, "closed_on", "closed_from", "lost_reason") == [None, None, None]
    assert "lost" not in again.journey
    assert again.journey["needs_analysis"]["lost"] == 0
    assert (back.status, back.stage_id, back.probability) == ("OPEN", "proposal", 50)


def test_a_deal_that_outstays_its_stage_is_stalled_until_it_moves() -> None:
    with clock.at(START):
        deal = a_deal()
        service.amend(deal.id, version=None, by=REP, next_step="Call on Monday")
    sweep(START + timedelta(days=13))
    in_time = service.opportunity(deal.id, who=REP)

    late = START + timedelta(days=14)
    sweep(late - timedelta(minutes=1))
    sweep(late)
    stalled = service.opportunity(deal.id, who=REP)
    [task] = activities.tasks(about_id=deal.id, who=REP, limit=9).items
    moved = _move(deal, "needs_analysis")

    assert _told(in_time, "stalled_since") == [None]
    assert _told(stalled, "stalled_since", "due_minute") == [late, None]
    assert (task.owner_id, task.due_at, deal.name in task.title) == (REP.id, late, True)
    assert _told(moved, "stalled_since") == [None]
    assert moved.due_minute


def test_deals_that_stand_still_are_a_part_of_every_list_of_open_ones() -> None:
    with clock.at(START):
        late, moved, lost = (a_deal(name=name) for name in ("late", "moved", "lost"))
    sweep(START + timedelta(days=14))
    service.set_member(late.id, COLLEAGUE.id, role="PRESALES", version=None, by=REP)
    _move(moved, "needs_analysis")
    service.lose(lost.id, reason="price", version=None, by=REP)
    a_deal(name="new")

    for who, whose in ((REP, {}), (MANAGER, {"team_id": NORTH}), (COLLEAGUE, {"member_id": COLLEAGUE.id})):
        for part in ({}, {"state": "OPEN"}, {"stage_id": "qualification"}):
            found = service.opportunities(who=who, stalled=True, limit=9, **whose, **part)
            assert [deal.name for deal in found.items] == ["late"]
    for wrong in ({"state": "CLOSED"}, {"voided": True}):
        with pytest.raises(errors.Invalid):
            service.opportunities(who=REP, stalled=True, limit=9, **wrong)


def test_a_deal_that_was_given_more_time_may_stall_once_more() -> None:
    stages = [stage("first", expected_days=10), stage("second")]
    pipeline = a_pipeline(*stages)
    with clock.at(START):
        deal = a_deal(pipeline_id=pipeline.id)
    sweep(START + timedelta(days=10))

    longer = [{**stages[0], "expected_days": 20}, *pipeline.stages[1:]]
    service.change_pipeline(pipeline.id, version=None, by=OPERATIONS, stages=longer)
    with clock.at(START + timedelta(days=11)):
        service.void(deal.id, version=None, by=REP)
        restored = service.restore(deal.id, version=None, by=REP)
    sweep(START + timedelta(days=20))

    assert _told(restored, "stalled_since") == [None]
    assert _told(service.opportunity(deal.id, who=REP), "stalled_since") != [None]
    assert len(activities.tasks(about_id=deal.id, who=REP, limit=9).items) == 2


@pytest.mark.parametrize("kind", ["WON", "LOST"])
def test_a_closed_deal_never_stalls_whatever_its_stage_expects(kind: str) -> None:
    assert stalling.clock_of(stage("over", kind, expected_days=1), START) == stalling.stopped()


def test_an_interaction_is_when_the_deal_was_last_worked_on_whatever_comes_first(stream: Stream) -> None:
    deal = a_deal()
    for hours in (1, 3, 2):
        activities.log_interaction(
            about_id=deal.id,
            type="CALL",
            subject="Call",
            happened_at=clock.now() - timedelta(hours=hours),
            by=REP,
        )
    latest = clock.now() - timedelta(hours=1)

    stream.drain()
    stream.deliver(list(stream.delivered))

    told = service.opportunity(deal.id, who=REP)
    assert abs(told.last_activity_at - latest) < timedelta(seconds=5)


def test_deals_follow_their_owner_to_another_team(stream: Stream) -> None:
    deal = a_deal()
    stream.drain()

    step.change(people.user(REP.id), by=OPERATIONS.id, team_id=SOUTH)
    stream.drain()

    assert service.opportunity(deal.id, who=OPERATIONS).team_id == SOUTH


def test_a_colleague_cannot_move_the_deal_and_a_member_of_its_team_can() -> None:
    deal = a_deal()
    with pytest.raises(errors.NotFound):
        service.advance(deal.id, stage_id="needs_analysis", version=None, by=COLLEAGUE)

    service.set_member(deal.id, COLLEAGUE.id, role="PRESALES", version=None, by=REP)
    moved = service.advance(deal.id, stage_id="needs_analysis", version=None, by=COLLEAGUE)

    assert moved.member_roles == {COLLEAGUE.id: "PRESALES"}
    service.set_member(deal.id, COLLEAGUE.id, role=None, version=None, by=REP)
    with pytest.raises(errors.NotFound):
        service.opportunity(deal.id, who=COLLEAGUE)
