"""The promise of a first contact: begun at intake, kept by an interaction, else escalated.

Pure but for the calendar: functions return the attributes to set on a lead.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.core import clock, due, errors
from chalicelib.organisation.people import service as people

#: A lead is answered within 24 h where neither form nor rule says otherwise.
DEFAULT_HOURS: Final = 24
#: The owner is reminded when this share of the time has gone.
REMIND_PERCENT: Final = 75


def counts_by(calendar_id: str | None) -> bool:
    """Whether deadlines can be counted by a calendar: it is there and opens at all (or is None)."""
    try:
        people.business_deadline(clock.now(), hours=1, calendar_id=calendar_id)
    except (errors.NotFound, ValueError):
        return False
    return True


def begin(start: datetime, *, hours: int | None, calendar_id: str | None) -> dict[str, Any]:
    """Return what a lead promises from `start` on: answered within business `hours` of a calendar."""
    hours = hours or DEFAULT_HOURS
    due_at = people.business_deadline(start, hours=hours, calendar_id=calendar_id)
    remind_at = _reminder(start, due_at, hours, calendar_id)
    return {
        "sla_status": "DUE",
        "sla_hours": hours,
        "sla_calendar_id": calendar_id,
        "sla_started_at": start,
        "sla_due_at": due_at,
        "sla_remind_at": remind_at,
        "sla_reminded_at": None,
        "sla_breached_at": None,
        "escalated_to": None,
        "first_contacted_at": None,
        "contact_outcome": None,
        "due_minute": due.minute(remind_at),
    }


def _reminder(start: datetime, due_at: datetime, hours: int, calendar_id: str | None) -> datetime:
    share = hours * REMIND_PERCENT
    if calendar_id and share % 100 == 0:
        return people.business_deadline(start, hours=share // 100, calendar_id=calendar_id)
    # A calendar counts whole hours: parts of one are taken off the end, where work is surely done.
    return due_at - timedelta(hours=hours) * (100 - REMIND_PERCENT) / 100


def next_due(lead: Any, now: datetime) -> str:
    """Return DONE, WAIT, REMIND or BREACH: what a lead's promise asks for at an instant."""
    if lead.sla_status != "DUE":
        return "DONE"
    if now >= lead.sla_due_at:
        return "BREACH"
    return "REMIND" if lead.sla_reminded_at is None and now >= lead.sla_remind_at else "WAIT"


def waiting(lead: Any) -> dict[str, Any]:
    """Return when to look at a lead's promise next, or never."""
    if lead.sla_status != "DUE":
        return {"due_minute": None}
    upcoming = lead.sla_due_at if lead.sla_reminded_at else lead.sla_remind_at
    # What came due while nobody looked (voided, merged) is looked at now: a minute gone by is not swept.
    return {"due_minute": due.minute(max(upcoming, clock.now()))}


def reminded(lead: Any, now: datetime) -> dict[str, Any]:
    """Return the change of a lead whose owner has been reminded."""
    return {"sla_reminded_at": now, "due_minute": due.minute(lead.sla_due_at)}


def breached(lead: Any, *, to: str | None) -> dict[str, Any]:
    """Return the change of a lead that nobody answered in time, escalated `to` somebody."""
    return {
        "sla_status": "BREACHED",
        "sla_breached_at": lead.sla_due_at,
        "escalated_to": to,
        "due_minute": None,
    }


def contacted(lead: Any, at: datetime, *, outcome: str | None = None) -> dict[str, Any]:
    """Return the change of a lead by its first contact at an instant: in time, or late and still breached."""
    if lead.first_contacted_at is not None:
        return {}
    in_time = lead.sla_due_at is None or at <= lead.sla_due_at
    kept = lead.sla_status == "DUE" and in_time
    change: dict[str, Any] = {"first_contacted_at": at, "contact_outcome": outcome, "due_minute": None}
    if lead.sla_status is not None:
        change["sla_status"] = "FULFILLED" if kept else "BREACHED"
    if lead.sla_status == "DUE" and not in_time:
        change["sla_breached_at"] = lead.sla_due_at
    return change


def ended(lead: Any) -> Mapping[str, Any]:
    """Return the change of a lead that needs no first contact any more (unfit, voided)."""
    return {"due_minute": None} | ({"sla_status": None} if lead.sla_status == "DUE" else {})
