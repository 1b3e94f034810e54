"""Setting up lead forms, and having them at hand for every post."""

import time
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.step import change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.leads import forms, sla
from chalicelib.sales.leads.models import LeadForm, Submission
from chalicelib.sales.opportunities import service as opportunities

#: Seconds for which a process takes a form as it was read.
KEPT: Final = 30.0

#: Parts that a form always has, and those that may be empty.
_NEEDED: Final = ("name", "status", "title", "fields")
_EMPTY: Final = ("thanks", "redirects", "origins")

_at_hand: dict[str, tuple[float, LeadForm]] = {}


def add_form(*, by: Principal, **definition: Any) -> LeadForm:
    """Set up a form. Invalid names every part of the definition that cannot be."""
    form = LeadForm(**definition)
    _check(form)
    create(form, by=by.id)
    return form


def change_form(form_id: str, *, version: int | None, by: Principal, **changes: Any) -> LeadForm:
    """Change a form. Other processes take posts by its old definition for 30 s at the most."""
    form = LeadForm.fetch(form_id)
    expect(form, version)
    if missing := [name for name in _NEEDED if name in changes and changes[name] is None]:
        raise errors.Invalid(*(FieldError(name, "missing") for name in missing))
    changes |= {name: type(getattr(form, name))() for name in _EMPTY if changes.get(name, "") is None}
    for name, value in changes.items():
        setattr(form, name, value)
    _check(form)
    change(form, by=by.id, **changes)
    _at_hand.pop(form_id, None)
    return form


def form(form_id: str) -> LeadForm:
    """Return a form as it is set up."""
    return LeadForm.fetch(form_id)


def forms_by_name(**paging: Any) -> Page[LeadForm]:
    """Return a page of forms, by name."""
    return page(LeadForm.by_group.query, "lead_forms", newest_first=False, **paging)


def posts(form_id: str, **paging: Any) -> Page[Submission]:
    """Return a page of what came in by a form, the latest first."""
    # What became of a post names the form too, and stands in the same index.
    posts_only = Submission.id.startswith("submission_")
    return page(Submission.by_form.query, LeadForm.fetch(form_id).id, between=posts_only, **paging)


def open_form(form_id: str) -> LeadForm:
    """Return a form that visitors may fill in, as of 30 s ago at the most. NotFound otherwise."""
    until, found = _at_hand.get(form_id, (0.0, None))
    if found is None or time.monotonic() >= until:
        found = LeadForm.fetch(form_id)
        _at_hand[form_id] = (time.monotonic() + KEPT, found)
    if found.status != "ACTIVE":
        raise errors.NotFound
    return found


def _check(form: LeadForm) -> None:
    wrong = forms.check_fields(form.fields, form.honeypot)
    if not sla.counts_by(form.sla_calendar_id):
        wrong.append(FieldError("sla_calendar_id", "unknown_reference"))
    if form.pipeline_id and not _has_pipeline(form.pipeline_id):
        wrong.append(FieldError("pipeline_id", "unknown_reference"))
    if wrong:
        raise errors.Invalid(*wrong)


def _has_pipeline(pipeline_id: str) -> bool:
    try:
        opportunities.pipeline(pipeline_id)
    except errors.NotFound:
        return False
    return True
