"""What a lead's behaviour is worth by now: written with its score, and anew as it fades."""

import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from chalicelib.core import access, clock, due, ids
from chalicelib.core.step import Step
from chalicelib.core.step import change as change_record
from chalicelib.sales.leads import behaviour, intake, moves, rules
from chalicelib.sales.leads.behaviour import Days
from chalicelib.sales.leads.models import Lead, LeadBehaviour, LeadMerge

Values = dict[str, Any]


def record_of(lead: Lead) -> LeadBehaviour:
    """Return what a lead did; a record that is still to be written when it did nothing yet."""
    own = ids.derived("lead_behaviour", lead.id)
    return LeadBehaviour.find(own) or LeadBehaviour(own, lead_id=lead.id)


def write(step: Step, lead: Lead, record: LeadBehaviour, days: Days) -> None:
    """Add to a step what a lead did, all told, and its score where that is another by now."""
    values = _reckoned(step, lead, record, days, {})
    if any(getattr(lead, name) != value for name, value in values.items()):
        moves.move(step, lead, **values)


def anew(step: Step, lead: Lead, others: Mapping[str, Any]) -> Values:
    """Return a lead's score with other values that it takes, if what it did may be worth less by now."""
    record = record_of(lead)
    return _reckoned(step, lead, record, record.days, others) if record.version else {}


def join(step: Step, survivor: Lead, lead: Lead, merge: LeadMerge, others: Mapping[str, Any]) -> Values:
    """Return the score of a lead that is another one too, and did what that did."""
    record = record_of(survivor)
    merge.days = record.days
    return _reckoned(step, survivor, record, behaviour.joined(record.days, record_of(lead).days), others)


def part(step: Step, survivor: Lead, lead: Lead, merge: LeadMerge, others: Mapping[str, Any]) -> Values:
    """Return the score of a lead that is another one no more (`join` undone)."""
    record = record_of(survivor)
    days = behaviour.parted(record.days, record_of(lead).days, before=merge.days)
    return _reckoned(step, survivor, record, days, others)


def fade(record: LeadBehaviour) -> None:
    """Score a lead anew whose behaviour is worth less by now. One that was merged is looked at no more."""
    lead = Lead.fetch(record.lead_id)
    if lead.status == "MERGED":
        change_record(record, by=access.SYSTEM.id, due_minute=None)
        return
    step = Step(by=access.SYSTEM.id)
    write(step, lead, record, record.days)
    step.commit()


def _reckoned(step: Step, lead: Lead, record: LeadBehaviour, days: Days, others: Mapping[str, Any]) -> Values:
    """Add to a step what a lead did; return its score, with the `others` values that it takes."""
    found, today = rules.scoring_rules(), clock.today()
    score_of = rules.scorer(found, {**intake.profile(lead), **others})
    worth = behaviour.standing(found.behaviours, days, today)
    look = behaviour.next_look(found.behaviours, days, today, score_of)
    if days or record.version:
        _keep(step, record, days=days, due_minute=_minute(lead, look) if look else None)
    return {"behaviour": worth, **rules.as_attributes(score_of(worth))}


def _keep(step: Step, record: LeadBehaviour, **values: Any) -> None:
    if record.version:
        step.change(record, **values)
        return
    for name, value in values.items():
        setattr(record, name, value)
    step.create(record)


def _minute(lead: Lead, day: date) -> str:
    # Spread over the day: all that fades is not looked at in one minute.
    spread = timedelta(minutes=zlib.crc32(lead.id.encode()) % (24 * 60))
    return due.minute(clock.start_of(day) + spread)
