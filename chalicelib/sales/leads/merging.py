"""Merging 合并: a lead that is another one goes into it, and comes out again as it was.

The survivor takes what it did not know (and what it is told to take), the other's e-mail and phone as
keys, and with a moment's delay its touches, interactions and tasks. The rows that the other came in, of
which there may be any number, go on naming it, and so lead to the survivor. The merged lead stays to be
read, MERGED, and says where it went; it counts in no figure. What the merge changed is kept with it
(`LeadMerge`), so that un-merging gives every value back that nobody has changed since.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final

from chalicelib.core import access, errors, guards, ids, ownership
from chalicelib.core.access import Principal
from chalicelib.core.attributes import from_wire, to_wire
from chalicelib.core.step import Step, change
from chalicelib.core.table import expect
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import consent, desk, intake, lookalikes, moves, sla, worth
from chalicelib.sales.leads.matching import survivor_of
from chalicelib.sales.leads.models import OPEN, Lead, LeadMerge, Touch

__all__ = ["follow", "merge", "survivor_of", "unmerge"]

Values = dict[str, Any]
#: What is given back by reckoning, and not by what it was.
_RECKONED: Final = ("touches", "claims", "merged_ids", "behaviour", "score", "rating", "reasons")
#: What a contact changes, all of it or nothing.
_OF_CONTACT: Final = ("first_contacted_at", "contact_outcome", "sla_status", "sla_breached_at", "pool_due_at")
#: What the touch tells that a merged lead is with its survivor.
_ARRIVED_WITH: Final = ("name", "company", "email", "phone", "message", "utm", "referrer", "page")


def merge(
    lead_id: str, *, into_id: str, take: list[str], reason: str | None, version: int | None, by: Principal
) -> Lead:
    """Merge a lead into another, open one; return it as it is then.

    Invalid (`into_id`) when that is not there, not in reach to change, the same, or not open.
    """
    lead = desk.lead(lead_id, who=by, to_write=True)
    moves.LIFECYCLE.require("merge", lead.status, by=by)
    expect(lead, version)
    survivor = _survivor(into_id, lead, by)
    values = _taken(survivor, lead, take)
    record = LeadMerge(lead_id=lead.id, into_id=survivor.id, reason=reason, merged_by=by.id)
    gone: Values = {
        "status": "MERGED",
        "listed": ownership.ASIDE + lead.listed,
        "merged_into": survivor.id,
        "merge_id": record.id,
        "pool_id": None,
        "claims": [],
    }
    _remember(record, lead, gone, survivor, values)
    step = Step(by=by.id, about=lead.id)
    moves.hand_on_keys(step, moves.personal(lead.claims), held_by=lead, to=survivor)
    moves.move(step, lead, **gone)
    moves.move(step, survivor, **values, **worth.join(step, survivor, lead, record, values))
    step.create(record)
    step.create(_arrival(lead, record))
    step.commit()
    return lead


def _remember(record: LeadMerge, lead: Lead, gone: Values, survivor: Lead, values: Values) -> None:
    record.merged = {name: _kept(lead, name, getattr(lead, name)) for name in (*gone, "claimed_from")}
    record.survivor = {
        name: {
            "before": _kept(survivor, name, getattr(survivor, name)),
            "after": _kept(survivor, name, value),
        }
        for name, value in values.items()
        if name not in _RECKONED
    }
    record.added_touches = lead.touches + 1


def _arrival(lead: Lead, record: LeadMerge) -> Touch:
    """Return the touch that a merged lead is with its survivor: from where it had come."""
    told: Values = {name: getattr(lead, name) for name in ("channel", "source", "campaign", "form_id")}
    return Touch(
        _arrival_id(record),
        lead_id=record.into_id,
        received_at=lead.received_at,
        matched_by="merge",
        details={name: value for name in _ARRIVED_WITH if (value := getattr(lead, name))},
        **told,
    )


def _arrival_id(record: LeadMerge) -> str:
    # It has the time of the lead, and so its place among the touches.
    return ids.derived("touch", record.lead_id, record.id)


def _survivor(into_id: str, lead: Lead, by: Principal) -> Lead:
    if into_id == lead.id:
        raise errors.Invalid.one("into_id", "merge_itself")
    try:
        survivor = desk.lead(into_id, who=by, to_write=True)
    except errors.NotFound:
        raise errors.Invalid.one("into_id", "unknown_reference") from None
    if survivor.status not in OPEN:
        raise errors.Invalid.one("into_id", "merge_into_closed")
    return survivor


def _taken(survivor: Lead, lead: Lead, take: list[str]) -> Values:
    """Return what changes about the survivor."""
    wanted = {*take, *(name for name in intake.FILLED if not getattr(survivor, name))}
    values: Values = {name: getattr(lead, name) for name in sorted(wanted) if getattr(lead, name)}
    values |= {
        "answers": {**lead.answers, **survivor.answers},
        "consent": consent.standing(survivor.consent, lead.consent),
        "touches": survivor.touches + lead.touches + 1,
        "last_touch_at": max(filter(None, (survivor.last_touch_at, lead.last_touch_at, lead.received_at))),
        "claims": [*survivor.claims, *moves.personal(lead.claims)],
        "merged_ids": [*survivor.merged_ids, lead.id],
        "possible_duplicates": lookalikes.without(survivor.possible_duplicates, lead.id),
    }
    if lead.first_contacted_at is not None:
        values |= sla.contacted(survivor, lead.first_contacted_at, outcome=lead.contact_outcome)
    return values


def unmerge(lead_id: str, *, version: int | None, by: Principal) -> Lead:
    """Take a merged lead out of its survivor again, both as they were but for what changed since.

    Conflict (`unmerge_first`) while the survivor is itself merged into another or voided.
    AlreadyExists when a key of the lead has come to somebody else by now.
    """
    lead = desk.lead(lead_id, who=by, to_write=True)
    moves.LIFECYCLE.require("unmerge", lead.status, by=by)
    expect(lead, version)
    record = LeadMerge.fetch(str(lead.merge_id))
    survivor = desk.lead(record.into_id, who=by, to_write=True)
    if survivor.status in ("MERGED", "VOIDED"):
        raise errors.Conflict("unmerge_first")
    back = {name: _returned(lead, name, value) for name, value in record.merged.items()}
    step = Step(by=by.id, about=lead.id)
    holders = guards.holders(back["claims"])
    away = [key for key in back["claims"] if holders.get(key) != lead.id]
    moves.hand_on_keys(step, away, held_by=survivor, to=lead)
    if back["claimed_from"]:
        step.count(moves.held(back["claimed_from"], lead.owner_id), limit=moves.NO_LIMIT)
    back |= _contacted(lead, back, _its_story(survivor, lead))
    step.change(lead, **{**moves.following(step, lead, **back), **back, **worth.anew(step, lead, back)})
    values = _given_back(survivor, lead, back["claims"], record)
    values |= _contacted(survivor, values, _story_without(survivor, lead))
    moves.move(step, survivor, **values, **worth.part(step, survivor, lead, record, values))
    step.change(record, status="UNDONE", undone_by=by.id)
    if arrival := Touch.find(_arrival_id(record)):
        step.change(arrival, lead_id=None)
    step.commit()
    return lead


def _given_back(survivor: Lead, lead: Lead, keys: list[str], record: LeadMerge) -> Values:
    """Return what the survivor takes again: what it had, where it still has what the merge gave it."""
    values: Values = {
        name: _returned(survivor, name, value["before"])
        for name, value in record.survivor.items()
        if _kept(survivor, name, getattr(survivor, name)) == value["after"]
    }
    if "first_contacted_at" not in values:
        values = {name: value for name, value in values.items() if name not in _OF_CONTACT}
    values |= {
        "touches": survivor.touches - record.added_touches,
        "claims": [key for key in survivor.claims if key not in keys],
        "merged_ids": [each for each in survivor.merged_ids if each != lead.id],
    }
    return values


def _its_story(survivor: Lead, lead: Lead) -> Iterator[Any]:
    """Yield the interactions that are a merged lead's own; nothing is read before the first is asked for."""
    yield from activities.told_of(lead.id)
    yield from (each for each in activities.told_of(survivor.id) if lead.id in each.moved_from)


def _story_without(survivor: Lead, lead: Lead) -> Iterator[Any]:
    """Yield the interactions of a survivor without a merged lead; read as they are asked for, too."""
    yield from (each for each in activities.told_of(survivor.id) if lead.id not in each.moved_from)


def _contacted(lead: Lead, values: Values, story: Iterable[Any]) -> Values:
    """Return the change of a lead that takes these values back, by the first contact of its own.

    There was one by its own story, by its having been confirmed, or with those that are still merged
    into it. Without it a lead that was answered in time would be one that nobody answered. The story, of
    which there may be any length, is read only where the values leave no first contact.
    """
    if values.get("first_contacted_at", lead.first_contacted_at) is not None:
        return {}
    merged = Lead.many(values.get("merged_ids", ()))
    contacts: list[tuple[datetime | None, str | None]] = [
        *((each.happened_at, each.result) for each in story if sla.is_contact(each.type, each.direction)),
        (lead.qualified_at, None),
        *((each.first_contacted_at, each.contact_outcome) for each in merged),
    ]
    known = [(at, outcome) for at, outcome in contacts if at is not None]
    if not known:
        return {}
    at, outcome = min(known, key=lambda contact: contact[0])
    as_it_was = SimpleNamespace(**{**intake.profile(lead), **values})
    began: datetime | None = lead.sla_started_at
    return sla.contacted(as_it_was, at if began is None else max(at, began), outcome=outcome)


def _kept(lead: Lead, name: str, value: Any) -> Any:
    """Return an attribute's value as a document can keep it."""
    attribute: Any = type(lead).get_attributes()[name]
    return None if value is None else from_wire({attribute.attr_type: attribute.serialize(value)})


def _returned(lead: Lead, name: str, kept: Any) -> Any:
    attribute: Any = type(lead).get_attributes()[name]
    return None if kept is None else attribute.deserialize(to_wire(kept)[attribute.attr_type])


def follow(lead_id: str) -> None:
    """Let the story of a lead stand where the lead is: with its survivor, or with itself again.

    Touches, interactions and tasks are moved one by one; safe to repeat, and to run late.
    """
    lead = Lead.fetch(lead_id)
    if lead.status == "MERGED":
        _tell(lead.id, to=str(lead.merged_into))
        activities.hand_on(lead.id, to=str(lead.merged_into))
        return
    for record in LeadMerge.by_lead.query(lead.id, LeadMerge.id.startswith(f"{LeadMerge.kind}_")):
        _take_back(record.into_id, to=lead.id)
        activities.hand_back(record.into_id, to=lead.id)


def _tell(lead_id: str, *, to: str) -> None:
    for touch in Touch.by_lead.query(lead_id, Touch.id.startswith("touch_")):
        change(touch, by=access.SYSTEM.id, lead_id=to, moved_from=[*touch.moved_from, lead_id])


def _take_back(survivor_id: str, *, to: str) -> None:
    for touch in Touch.by_lead.query(survivor_id, Touch.id.startswith("touch_")):
        if touch.moved_from[-1:] == [to]:
            change(touch, by=access.SYSTEM.id, lead_id=to, moved_from=touch.moved_from[:-1])
