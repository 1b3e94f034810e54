"""The promise of a first contact: begun at intake, kept by an interaction, else escalated.

Pure but for the calendar: functions return the attributes to set on a lead.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.organisation.people import service as people

#: A lead is answered within 24 h where neither form nor rule says otherwise.
DEFAULT_HOURS: Final = 24
#: The owner is reminded when this share of the time has gone.
REMIND_PERCENT: Final = 75
#: An interaction of these types is no contact: nobody spoke with the other.
_NO_CONTACT: Final = frozenset(
    {("NOTE", None), ("NOTE", "IN"), ("NOTE", "OUT"), ("EMAIL", "IN"), ("MESSAGE", "IN")}
)


def counts_by(calendar_id: str | None) -> bool:
    """Whether deadlines can be counted by a calendar: it is there and opens at all (or is None)."""
    try:
        people.business_deadline(clock.now(), hours=1, calendar_id=calendar_id)
    except (errors.NotFound, ValueError):
        return False
    return True


def promised(
    details: Mapping[str, Any], named: Sequence[Mapping[str, Any]], *, placed_by: Mapping[str, Any] | None
) -> tuple[int, str | None, dict[str, Any]]:
    """Return within how many hours of which calendar a lead is answered, and by whose word.

    The form it came by says first, then the narrowest of the rules `named` that fits its source and
    rating, then the rule that placed it, else `DEFAULT_HOURS`.
    """
    sources: list[tuple[str, Mapping[str, Any] | None]] = [
        ("FORM", {"hours": details.get("sla_hours"), "calendar_id": details.get("sla_calendar_id")}),
        ("RULE", _narrowest(named, details)),
        ("ASSIGNMENT", placed_by and {"hours": placed_by["sla_hours"], **_calendar_of(placed_by)}),
    ]
    said = [(by, told) for by, told in sources if told]
    by, told = next(((by, told) for by, told in said if told.get("hours")), ("DEFAULT", {}))
    counting = (told for _, told in said if told.get("calendar_id") or told.get("all_hours"))
    calendar_id = next(counting, {}).get("calendar_id")
    return told.get("hours") or DEFAULT_HOURS, calendar_id, _why(by, told)


def _narrowest(named: Sequence[Mapping[str, Any]], details: Mapping[str, Any]) -> Mapping[str, Any] | None:
    fitting = (rule for rule in named if _fits(rule, details))
    return min(fitting, key=lambda rule: -_narrow(rule), default=None)


def _fits(rule: Mapping[str, Any], details: Mapping[str, Any]) -> bool:
    source = str(details.get("source") or "").strip().casefold()
    return (not rule.get("source") or rule["source"].casefold() == source) and (
        not rule.get("rating") or rule["rating"] == details.get("rating")
    )


def _narrow(rule: Mapping[str, Any]) -> int:
    # A source is narrower than a rating: there are more of them.
    return 2 * bool(rule.get("source")) + bool(rule.get("rating"))


def _calendar_of(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {"calendar_id": rule.get("sla_calendar_id"), "name": rule.get("name")}


def _why(by: str, told: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: told[name] for name in ("name", "source", "rating") if told.get(name)}
    return {"by": by, **named}


def begin(start: datetime, *, hours: int, calendar_id: str | None) -> dict[str, Any]:
    """Return what a lead promises from `start` on: answered within business `hours` of a calendar."""
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
    }


def sooner(lead: Any, rating: str, named: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the change of a lead that waits for its first contact, and has another rating now.

    What the narrowest of the rules `named` says for that counts from now on, if it is sooner than what
    was promised: a promise is never loosened. `sla_by` tells what it was instead of. What a form said stays.
    """
    rule = _narrowest(named, {"source": lead.source, "rating": rating})
    if rule is None or (lead.sla_by or {}).get("by") == "FORM":
        return {}
    calendar_id = None if rule.get("all_hours") else rule.get("calendar_id") or lead.sla_calendar_id
    promise = begin(clock.now(), hours=rule["hours"], calendar_id=calendar_id)
    if promise["sla_due_at"] >= lead.sla_due_at:
        return {}
    instead_of = {**(lead.sla_by or {}), "hours": lead.sla_hours}
    kept = {name: promise[name] for name in ("sla_hours", "sla_calendar_id", "sla_due_at", "sla_remind_at")}
    return {**kept, "sla_by": {**_why("RULE", rule), "instead_of": instead_of}}


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


#: What `next_look` looks at.
LOOKED_AT: Final = ("sla_status", "sla_due_at", "sla_remind_at", "sla_reminded_at")


def next_look(promise: Mapping[str, Any]) -> datetime | None:
    """Return when to look at a promise (the attributes `LOOKED_AT`) next, or None: never."""
    if promise["sla_status"] != "DUE":
        return None
    upcoming: datetime = promise["sla_due_at" if promise["sla_reminded_at"] else "sla_remind_at"]
    return upcoming


def reminded(now: datetime) -> dict[str, Any]:
    """Return the change of a lead whose owner has been reminded."""
    return {"sla_reminded_at": now}


def breached(lead: Any, *, to: str | None) -> dict[str, Any]:
    """Return the change of a lead that nobody answered in time, escalated `to` somebody."""
    return {
        "sla_status": "BREACHED",
        "sla_breached_at": lead.sla_due_at,
        "escalated_to": to,
    }


def is_contact(type: str, direction: str | None) -> bool:
    """Whether an interaction is one with the lead, and not a note or what the other side wrote."""
    return (type, direction) not in _NO_CONTACT


def contacted(lead: Any, at: datetime, *, outcome: str | None = None) -> dict[str, Any]:
    """Return the change of a lead by a contact at an instant.

    Whoever claimed it keeps it then. The first contact is in time, or late and still breached.
    """
    change: dict[str, Any] = {"pool_due_at": None} if lead.claimed_from else {}
    if lead.first_contacted_at is not None:
        return change
    in_time = lead.sla_due_at is None or at <= lead.sla_due_at
    kept = lead.sla_status == "DUE" and in_time
    change |= {"first_contacted_at": at, "contact_outcome": outcome}
    if lead.sla_status is not None:
        change["sla_status"] = "FULFILLED" if kept else "BREACHED"
    if lead.sla_status == "DUE" and not in_time:
        change["sla_breached_at"] = lead.sla_due_at
    return change


def ended(lead: Any) -> Mapping[str, Any]:
    """Return the change of a lead that needs no first contact any more (unfit, voided)."""
    return {"sla_status": None} if lead.sla_status == "DUE" else {}
