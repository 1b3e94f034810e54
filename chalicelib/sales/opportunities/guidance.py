"""Guidance: what somebody who may approve tells the owner of a deal, who acknowledges it.

`{"number", "by", "at", "text", "acknowledged_at"}`; the owner has a task until then. The deal keeps
the latest notes, the change log all of them.
"""

from typing import Final

from chalicelib.core import clock, errors, ownership
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.changelog import Change
from chalicelib.core.step import Step, change
from chalicelib.core.table import expect
from chalicelib.customers.activities import service as activities
from chalicelib.sales.opportunities import todo
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.moves import LIFECYCLE, movable

#: They are read with each page of a list; far more would make it heavy.
MOST_NOTES: Final = 20


def guide(deal_id: str, *, text: str, version: int | None, by: Principal) -> Opportunity:
    """Tell the owner of an open deal what to do; it becomes a task of theirs that the caller can follow."""
    deal = movable("guide", deal_id, version=version, by=by)
    number = deal.guidance[-1]["number"] + 1 if deal.guidance else 1
    at = clock.now()
    note = {"number": number, "by": by.id, "at": clock.iso(at), "text": text, "acknowledged_at": None}
    step = Step(by=by.id, about=deal.id)
    step.change(deal, guidance=[*deal.guidance, note][-MOST_NOTES:])
    others = [by.id] if by.id != deal.owner_id else []
    todo.add_task(step, deal, "guidance", str(number), due_at=at, description=text, member_ids=others)
    step.commit()
    return deal


def acknowledge(deal_id: str, number: str, *, version: int | None, by: Principal) -> Opportunity:
    """Say that guidance was read; once is enough. Forbidden to others than the owner.

    NotFound for a number that the deal has not, or no longer.
    """
    deal = ownership.reached(Opportunity, deal_id, who=by, to_write=True)
    if deal.owner_id != by.id:
        raise errors.Forbidden("owner_acknowledges")
    expect(deal, version)
    LIFECYCLE.require("acknowledge", deal.status, by=by)
    note = next((each for each in deal.guidance if str(each["number"]) == number), None)
    if note is None:
        raise errors.NotFound
    if note["acknowledged_at"] is None:
        read = {**note, "acknowledged_at": clock.iso(clock.now())}
        change(deal, by=by.id, guidance=[read if each is note else each for each in deal.guidance])
    return deal


def finish_task(deal: Change) -> None:
    """React to guidance that was acknowledged: there is nothing to do about it any more. Safe to repeat."""
    if "guidance" not in deal.fields:
        return
    before, after = ((image or {}).get("guidance", ()) for image in (deal.before, deal.after))
    waited = {note["number"] for note in before if note["acknowledged_at"] is None}
    for note in after:
        if note["acknowledged_at"] and note["number"] in waited:
            _complete(todo.task_id(deal.id, "guidance", str(note["number"])))


def _complete(task_id: str) -> None:
    try:
        activities.complete_task(task_id, version=None, by=SYSTEM)
    except errors.OutOfTurn:
        return  # the owner had closed it before
