"""Handovers: asked for, gone on with, read. What a running one does is in `batches`."""

from collections.abc import Sequence
from typing import Any

from chalicelib.core import access, errors, ids, ownership
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect
from chalicelib.organisation.people import service as people
from chalicelib.platform.handovers import dealing
from chalicelib.platform.handovers.models import Handover, book_key, stalled_after


def hand_over(*, from_id: str, to_ids: Sequence[str], reason: str, origin: str, by: Principal) -> Handover:
    """Begin to hand over somebody's book to one colleague or several; of the same `origin` only once.

    Invalid for somebody out of reach, or receivers who do not work here, come twice or are the same
    person; Conflict while another handover of that book is under way.
    """
    person = people.user_or_none(from_id)
    if person is None or not access.reaches(by, person):
        raise errors.Invalid.one("from_id", "unknown_reference")
    _require_receivers(to_ids, other_than=from_id)
    made = Handover(
        ids.derived("handover", origin),
        owner_id=by.id,
        team_id=person.team_id,
        from_id=from_id,
        to_ids=list(to_ids),
        reason=reason,
        due_minute=stalled_after(),
    )
    step = Step(by=by.id)
    step.create(made)
    _claim_book(step, made)
    try:
        step.commit()
    except errors.AlreadyExists:
        return Handover.fetch(made.id)
    return made


def resume(handover_id: str, *, to_ids: Sequence[str] | None, version: int | None, by: Principal) -> Handover:
    """Go on where a handover stopped, to the same people or others. Conflict when it has not stopped."""
    found = ownership.reached(Handover, handover_id, who=by, to_write=True)
    expect(found, version)
    if found.status != "STOPPED":
        raise errors.Conflict("handover_not_stopped")
    _require_receivers(to_ids or found.to_ids, other_than=found.from_id)
    step = Step(by=by.id)
    step.change(
        found,
        status="RUNNING",
        to_ids=list(to_ids or found.to_ids),
        failure=None,
        failed_id=None,
        finished_at=None,
        due_minute=stalled_after(),
    )
    _claim_book(step, found)
    step.commit()
    return found


def handover(handover_id: str, *, who: Principal) -> Handover:
    """Return a handover in the caller's reach: their own, or of somebody of their team."""
    return ownership.reached(Handover, handover_id, who=who)


def handovers(*, who: Principal, **which: Any) -> Page[Handover]:
    """Return a page of handovers: those that somebody asked for, of a team's people, or of a month."""
    return ownership.owned_page(Handover, who=who, **which)


def _require_receivers(to_ids: Sequence[str], *, other_than: str) -> None:
    here = dealing.receivers(to_ids)
    wrong = []
    for at, user_id in enumerate(to_ids):
        if user_id == other_than:
            wrong.append(FieldError(f"to_ids.{at}", "handover_same_person"))
        elif user_id in to_ids[:at]:
            wrong.append(FieldError(f"to_ids.{at}", "duplicate_key"))
        elif user_id not in here:
            wrong.append(FieldError(f"to_ids.{at}", "unknown_reference"))
    if wrong:
        raise errors.Invalid(*wrong)


def _claim_book(step: Step, found: Handover) -> None:
    step.claim(book_key(found.from_id), found.id, refusal=lambda _: errors.Conflict("handover_under_way"))
