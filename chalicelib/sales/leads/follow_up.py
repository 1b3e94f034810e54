"""What happens to a lead although nobody saves it: contact seen, reminder, breach, a new team."""

from datetime import datetime
from typing import Any

from chalicelib.core import access, clock, i18n, ids
from chalicelib.core.observe import count
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import merging, moves, placing, pool_setup, sla
from chalicelib.sales.leads.models import Lead


def interacted(lead_id: str, *, type: str, direction: str | None, at: datetime, outcome: str | None) -> None:
    """Note an interaction about a lead: the first contact keeps its promise, and it is worked on.

    What the other side wrote and nobody answered is no contact, nor is a note. Safe to repeat.
    """
    lead = Lead.find(lead_id)
    if lead is not None and lead.status == "MERGED":
        merging.follow(lead.id)
        lead = merging.survivor_of(lead)
    if lead is None or lead.status == "VOIDED":
        return
    values: dict[str, Any] = {}
    latest: datetime | None = lead.last_activity_at
    began: datetime | None = lead.sla_started_at
    if latest is None or latest < at:
        values["last_activity_at"] = at
    if sla.is_contact(type, direction):
        values |= sla.contacted(lead, at if began is None else max(at, began), outcome=outcome)
        if lead.status == "ASSIGNED":
            values["status"] = "WORKING"
    if values:
        _write(lead, **values)


def fire(lead: Lead) -> None:
    """Do what is due for a lead now: its promise asks for something, or its pool's patience is over."""
    now = clock.now()
    patient: datetime | None = lead.pool_due_at
    if patient is not None and now >= patient:
        _lose_patience(lead, now)
        return
    what = sla.next_due(lead, now)
    if what == "REMIND":
        _write(lead, task=_reminder(lead), **sla.reminded(now))
    elif what == "BREACH":
        manager = _manager(lead)
        count("FirstContactsBreached")
        _write(lead, task=_escalation(lead, manager), **sla.breached(lead, to=manager))
    else:
        _write(lead)


def _lose_patience(lead: Lead, now: datetime) -> None:
    """Take a claimed lead that nobody contacted back into its pool; tell of one that nobody claims."""
    if not lead.claimed_from:
        manager = pool_setup.pool(lead.pool_id).manager_id if lead.pool_id else None
        task = _task(lead, "unclaimed", manager, due_at=now, since=lead.pool_due_at)
        _write(lead, task=task, pool_due_at=None)
        return
    count("ClaimsTimedOut")
    task = _task(lead, "taken_back", lead.owner_id, due_at=now, since=lead.pool_due_at)
    reason = i18n.text("lead.return.not_contacted", settings().language)
    place = placing.in_pool(lead.claimed_from, "TIMED_OUT", claimed_by=lead.owner_id)
    _write(lead, task=task, **{**place.values, "status": "RECYCLED", "return_reason": reason})


def _manager(lead: Lead) -> str | None:
    if lead.owner_id:
        return people.manager_of(lead.owner_id)
    manager: str | None = pool_setup.pool(lead.pool_id).manager_id if lead.pool_id else None
    return manager


def _reminder(lead: Lead) -> dict[str, Any] | None:
    return _task(lead, "remind", lead.owner_id, due_at=lead.sla_due_at)


def _escalation(lead: Lead, manager: str | None) -> dict[str, Any] | None:
    return _task(lead, "breach", manager, due_at=clock.now())


def _task(
    lead: Lead, reason: str, owner_id: str | None, *, due_at: datetime, since: datetime | None = None
) -> dict[str, Any] | None:
    if owner_id is None:
        return None
    owner = people.user(owner_id)
    language = owner.language or settings().language
    return {
        "id": ids.derived("task", lead.id, reason, clock.iso(since or lead.sla_started_at)),
        "title": i18n.text(f"lead.task.{reason}", language, name=lead.name[:100]),
        "owner_id": owner.id,
        "team_id": owner.team_id,
        "about_id": lead.id,
        "due_at": due_at,
        "priority": "HIGH",
    }


def _write(lead: Lead, *, task: dict[str, Any] | None = None, **values: Any) -> None:
    step = Step(by=access.SYSTEM.id)
    moves.move(step, lead, **values)
    if task:
        activities.add_task(step, **task)
    step.commit()
