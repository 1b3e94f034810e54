"""The promise of a first contact: reminded before, escalated after, kept by an interaction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import access, clock
from chalicelib.core.access import Principal
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import placing, service, sla
from chalicelib.sales.leads.intake import take_in
from chalicelib.sales.leads.models import Lead
from tests.client import COLLEAGUE, MANAGER, NORTH, REP
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, again, enquiry, seen
from tests.streams import Stream, sweep

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def ritas(**details: Any) -> Lead:
    """A lead of Rita's that came in on Monday morning."""
    place = placing.given({"owner_id": REP.id, "team_id": NORTH}, "GIVEN")
    asked = enquiry("1", email="li@example.cn", **details)
    with clock.at(MONDAY):
        return take_in(replace(asked, place=place)).lead


def tasks_of(who: Principal) -> list[Any]:
    return list(activities.tasks(who=who, owner_id=who.id, limit=50).items)


def called(lead: Lead, at: datetime, stream: Stream, **details: Any) -> Lead:
    """Rita logs an interaction at an instant, and the stream delivers it."""
    with clock.at(at):
        told = {"type": "CALL", "direction": "OUT", "result": "Reached"} | details
        activities.log_interaction(about_id=lead.id, subject="First call", by=REP, **told)
        stream.drain()
    return again(lead)


def test_nothing_happens_before_the_reminder_is_due() -> None:
    lead = ritas()

    assert sweep(MONDAY + 17 * HOUR) == 0
    assert again(lead).version == lead.version


def test_the_owner_is_reminded_when_three_quarters_of_the_time_have_gone() -> None:
    lead = ritas()

    assert sweep(MONDAY + 18 * HOUR) == 1

    assert again(lead).sla_status == "DUE"
    [task] = tasks_of(REP)
    assert (task.about_id, task.due_at) == (lead.id, MONDAY + 24 * HOUR)
    assert sweep(MONDAY + 19 * HOUR) == 0


def test_what_was_to_be_done_about_a_lead_goes_to_its_new_owner_and_what_is_done_stays(
    stream: Stream,
) -> None:
    lead = ritas()
    sweep(MONDAY + 18 * HOUR)
    done = activities.assign_task(by=REP, title="Look her up", about_id=lead.id, due_at=MONDAY)
    activities.complete_task(done.id, version=None, by=REP)
    stream.drain()

    service.reassign_lead(lead.id, owner_id=COLLEAGUE.id, version=None, by=MANAGER)
    stream.drain()

    [task] = tasks_of(COLLEAGUE)
    assert (task.about_id, task.due_at, task.team_id) == (lead.id, MONDAY + 24 * HOUR, NORTH)
    assert tasks_of(REP) == []
    assert activities.task(done.id, who=REP).owner_id == REP.id


def test_an_unanswered_lead_is_escalated_to_the_owners_manager_once() -> None:
    lead = ritas()
    sweep(MONDAY + 18 * HOUR)

    sweep(MONDAY + 24 * HOUR)
    sweep(MONDAY + 25 * HOUR)

    late = again(lead)
    assert (late.sla_status, late.sla_breached_at) == ("BREACHED", MONDAY + 24 * HOUR)
    assert seen(late, "escalated_to", "due_minute") == (MANAGER.id, None)
    assert [task.about_id for task in tasks_of(MANAGER)] == [lead.id]


def test_a_late_sweep_escalates_at_once_and_reminds_nobody() -> None:
    ritas(sla_hours=1)
    sweep(MONDAY)

    sweep(MONDAY + HOUR)

    assert (len(tasks_of(REP)), len(tasks_of(MANAGER))) == (0, 1)


def test_a_lead_answered_in_time_never_escalates(stream: Stream) -> None:
    lead = ritas()

    answered = called(lead, MONDAY + 2 * HOUR, stream)
    sweep(MONDAY + 48 * HOUR)

    assert (answered.status, answered.sla_status) == ("WORKING", "FULFILLED")
    assert (answered.first_contacted_at, answered.contact_outcome) == (MONDAY + 2 * HOUR, "Reached")
    assert again(lead).escalated_to is None
    assert tasks_of(MANAGER) == []


def test_a_late_answer_is_noted_and_the_breach_stays(stream: Stream) -> None:
    lead = ritas()
    sweep(MONDAY + 24 * HOUR)

    late = called(lead, MONDAY + 26 * HOUR, stream)

    assert (late.sla_status, late.first_contacted_at) == ("BREACHED", MONDAY + 26 * HOUR)


@pytest.mark.parametrize("told", [{"type": "NOTE", "direction": None}, {"type": "EMAIL", "direction": "IN"}])
def test_a_note_or_what_the_lead_wrote_is_no_answer(stream: Stream, told: dict[str, Any]) -> None:
    lead = ritas()

    noted = called(lead, MONDAY + HOUR, stream, **told)

    assert seen(noted, "sla_status", "first_contacted_at") == ("DUE", None)
    assert noted.last_activity_at == MONDAY + HOUR


def test_the_form_decides_how_long_an_answer_may_take() -> None:
    lead = ritas(sla_hours=4)

    assert (lead.sla_due_at, lead.sla_remind_at) == (MONDAY + 4 * HOUR, MONDAY + 3 * HOUR)


def test_a_lead_in_a_pool_escalates_to_the_pools_manager() -> None:
    pool = service.add_pool(name="Web", manager_id=MANAGER.id, by=access.SYSTEM)
    asked = enquiry("1", email="li@example.cn")
    with clock.at(MONDAY):
        lead = take_in(replace(asked, place=placing.in_pool(pool.id))).lead

    sweep(MONDAY + 18 * HOUR)
    sweep(MONDAY + 24 * HOUR)

    assert (again(lead).sla_status, again(lead).escalated_to) == ("BREACHED", MANAGER.id)


def promised(hours: int, *, reminded: bool = False) -> SimpleNamespace:
    values = sla.begin(MONDAY, hours=hours, calendar_id=None) | {
        "first_contacted_at": None,
        "claimed_from": None,
    }
    return SimpleNamespace(**values | {"sla_reminded_at": MONDAY if reminded else None})


@given(hours=st.integers(1, 720), minutes=st.integers(0, 60_000), reminded=st.booleans())
def test_what_is_due_follows_from_the_time_alone(hours: int, minutes: int, reminded: bool) -> None:
    lead, now = promised(hours, reminded=reminded), MONDAY + timedelta(minutes=minutes)

    what = sla.next_due(lead, now)

    assert (what == "BREACH") == (minutes >= hours * 60)
    assert MONDAY < lead.sla_remind_at <= lead.sla_due_at
    if what == "REMIND":
        assert not reminded
        assert lead.sla_remind_at <= now


@given(hours=st.integers(1, 100), minutes=st.integers(0, 10_000))
def test_a_first_contact_is_in_time_or_late_and_never_both(hours: int, minutes: int) -> None:
    lead, at = promised(hours), MONDAY + timedelta(minutes=minutes)

    change = sla.contacted(lead, at)

    assert change["sla_status"] == ("FULFILLED" if minutes <= hours * 60 else "BREACHED")
    assert ("sla_breached_at" in change) == (minutes > hours * 60)


def test_the_first_contact_is_the_first() -> None:
    lead = promised(24)
    lead.first_contacted_at = datetime(2026, 11, 23, 3, tzinfo=UTC)

    assert sla.contacted(lead, MONDAY + 5 * HOUR) == {}
