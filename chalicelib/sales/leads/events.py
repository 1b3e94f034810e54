"""Events: what leads do on the company's pages, with its mails and at its webinars, told by other systems.

An event counts once, by its id. Those of one lead are one transaction: their ids, what it did, and its
score where that changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.core import clock, errors, guards, identity
from chalicelib.core.access import Principal
from chalicelib.core.contention import tries
from chalicelib.core.observe import count
from chalicelib.core.step import Step
from chalicelib.sales.leads import behaviour, desk, matching, merging, rules, worth
from chalicelib.sales.leads.models import Lead

#: Older events are refused; ids are known for longer than that, so none counts twice.
OLDEST: Final = timedelta(days=365)
KNOWN_FOR: Final = timedelta(days=400)
#: So far the clock of another system may be ahead.
AHEAD: Final = timedelta(minutes=5)
#: Events of a step, beside the lead and what it did.
MOST_AT_ONCE: Final = 90
TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a lead did, under the id that the other system gave it."""

    id: str
    kind: str
    at: datetime

    @property
    def key(self) -> str:
        """The guard key by which it is known; an id may tell who it was."""
        return identity.key("lead", "event", self.id)


def of_lead(details: Mapping[str, Any]) -> str:
    """Return the id of the lead with an e-mail or external id. NotFound when nobody has it."""
    keys = list(matching.own_keys(details).values())
    found = next(iter(guards.holders(keys).values()), None)
    if found is None:
        raise errors.NotFound
    return found


def kinds() -> list[str]:
    """Return the kinds of events that the scoring rules know."""
    return [rule["kind"] for rule in rules.scoring_rules().behaviours]


def check(kind: str, at: datetime, *, kinds: Sequence[str]) -> None:
    """Raise Invalid for an event of none of the kinds, or that is to come, or too long ago."""
    wrong = []
    if kind not in kinds:
        wrong.append(errors.FieldError("kind", "unknown_event_kind", {"kinds": ", ".join(kinds)}))
    if at > clock.now() + AHEAD:
        wrong.append(errors.FieldError("at", "in_future"))
    if at < clock.now() - OLDEST:
        wrong.append(errors.FieldError("at", "event_too_old", {"days": OLDEST.days}))
    if wrong:
        raise errors.Invalid(*wrong)


def take(lead_id: str, events: Sequence[Event], *, origin: str, by: Principal) -> tuple[Lead, set[str]]:
    """Count events of a lead; return it, and the ids of those that another `origin` has told before.

    What a merged lead did is its survivor's. NotFound for a voided lead, and one out of reach.
    Busy when others keep being faster.
    """
    before: set[str] = set()
    for start in range(0, len(events), MOST_AT_ONCE):
        lead, known = _take(lead_id, events[start : start + MOST_AT_ONCE], origin, by)
        before |= known
    return lead, before


def _take(lead_id: str, events: Sequence[Event], origin: str, by: Principal) -> tuple[Lead, set[str]]:
    for _ in tries(TRIES):
        lead = _standing(lead_id, by)
        holders = guards.holders(event.key for event in events)
        try:
            _count(lead, [event for event in events if event.key not in holders], origin, by)
        except (errors.AlreadyExists, errors.Stale):
            continue
        return lead, {event.id for event in events if holders.get(event.key, origin) != origin}
    raise errors.Busy


def _standing(lead_id: str, by: Principal) -> Lead:
    lead = desk.lead(lead_id, who=by, to_write=True)
    if lead.status == "MERGED":
        lead = desk.lead(merging.survivor_of(lead).id, who=by, to_write=True)
    if lead.status == "VOIDED":
        raise errors.NotFound
    return lead


def _count(lead: Lead, events: Sequence[Event], origin: str, by: Principal) -> None:
    if not events:
        return
    step = Step(by=by.id, about=lead.id)
    until = clock.now() + KNOWN_FOR
    for event in events:
        step.claim(event.key, origin, until=until)
    happened = [(event.kind, clock.business_date(event.at)) for event in events]
    record = worth.record_of(lead)
    worth.write(step, lead, record, behaviour.counted(record.days, happened))
    step.commit()
    count("LeadEvents", len(events))


def behaviour_of(lead_id: str, *, who: Principal) -> list[dict[str, Any]]:
    """Return what a lead did by kind, the latest first: how often, when last, worth how many points."""
    days = worth.record_of(desk.lead(lead_id, who=who)).days
    found = rules.scoring_rules().behaviours
    points = {each["kind"]: each["points"] for each in behaviour.standing(found, days, clock.today())}
    names = {rule["kind"]: rule["name"] for rule in found}
    seen = [
        {
            "kind": kind,
            "name": names.get(kind),
            "times": sum(times.values()),
            "last_on": date.fromisoformat(max(times)),
            "points": points.get(kind, 0),
        }
        for kind, times in days.items()
    ]
    return sorted(seen, key=lambda each: (each["last_on"], each["kind"]), reverse=True)
