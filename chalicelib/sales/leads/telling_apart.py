"""Telling leads apart: somebody says that two are not one person, for good, or takes that back."""

from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.leads import desk, lookalikes
from chalicelib.sales.leads.models import GONE, Lead, NotDuplicate

DISMISSED, RECONSIDERED = "DISMISSED", "RECONSIDERED"


def dismiss_duplicate(
    lead_id: str, *, other_id: str, reason: str | None, version: int | None, by: Principal
) -> Lead:
    """Say that a lead is not another that it was suggested to be: neither is suggested on the other again.

    Who may change one of them may say so. Invalid (`other_id`) when neither was suggested.
    """
    lead = desk.lead(lead_id, who=by, to_write=True)
    expect(lead, version)
    if lookalikes.dismissed(lead.id, [other_id]):
        return lead
    other = Lead.find(other_id)
    if other is None or not (_note_of(lead, other.id) or _note_of(other, lead.id)):
        raise errors.Invalid.one("other_id", "not_suggested")
    step = Step(by=by.id, about=lead.id)
    for one, another in ((lead, other), (other, lead)):
        noted = _note_of(one, another.id)
        _say(step, one, another, status=DISMISSED, reason=reason, decided_by=by.id, noted=noted)
        if noted:
            left = lookalikes.without(one.possible_duplicates, another.id)
            step.change(one, possible_duplicates=left)
    step.commit()
    return lead


def reconsider_duplicate(lead_id: str, *, other_id: str, version: int | None, by: Principal) -> Lead:
    """Take back that a lead is not another: each is suggested on the other as it was, and from now on.

    Invalid (`other_id`) when nobody said so.
    """
    lead = desk.lead(lead_id, who=by, to_write=True)
    expect(lead, version)
    if not lookalikes.dismissed(lead.id, [other_id]):
        raise errors.Invalid.one("other_id", "not_dismissed")
    other = Lead.fetch(other_id)
    step = Step(by=by.id, about=lead.id)
    for one, another in ((lead, other), (other, lead)):
        said = NotDuplicate.fetch(lookalikes.pair_id(one.id, another.id))
        step.change(said, status=RECONSIDERED, decided_by=by.id)
        if said.noted and not {one.status, another.status} & GONE:
            step.change(one, possible_duplicates=lookalikes.noted(one.possible_duplicates, said.noted))
    step.commit()
    return lead


def told_apart(lead_id: str, *, who: Principal, **paging: Any) -> Page[NotDuplicate]:
    """Return a page of what was said of a lead and others."""
    found = desk.lead(lead_id, who=who)
    of_kind = NotDuplicate.id.startswith(f"{NotDuplicate.kind}_")
    return page(NotDuplicate.by_lead.query, found.id, between=of_kind, **paging)


def _note_of(lead: Lead, other_id: str) -> dict[str, Any] | None:
    return next((each for each in lead.possible_duplicates if each["lead_id"] == other_id), None)


def _say(step: Step, lead: Lead, other: Lead, **values: Any) -> None:
    own = lookalikes.pair_id(lead.id, other.id)
    if said := NotDuplicate.find(own):
        step.change(said, **values)
    else:
        step.create(NotDuplicate(own, lead_id=lead.id, other_id=other.id, **values))
