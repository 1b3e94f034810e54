"""What a running handover does: one batch of records after the other, each moved by its own verb."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import access, clock, errors, ids
from chalicelib.core.access import Principal
from chalicelib.core.observe import count, log
from chalicelib.core.step import Step
from chalicelib.core.table import Record, may_pass
from chalicelib.platform.handovers import dealing
from chalicelib.platform.handovers.books import OF_KIND
from chalicelib.platform.handovers.looking import look_on
from chalicelib.platform.handovers.models import Handover, book_key, stalled_after


class RecordRefused(Exception):
    """A record cannot be moved, and another try will meet the same."""

    def __init__(self, item_id: str, code: str) -> None:
        super().__init__(f"{item_id}: {code}")
        self.item_id, self.code = item_id, code


@dataclass(slots=True)
class Tally:
    """What became of a batch, by kind and by person. What is `left`, for its receiver works here no
    more, another round deals out anew.
    """

    moved: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    left: int = 0


def go_on(handover_id: str, *, version: int) -> None:
    """Move the batch of a running handover and plan the next one, if it is still at this version.

    Safe to repeat: a record that stands where the batch says is counted, and not moved again.
    """
    found = Handover.fetch(handover_id)
    if found.status != "RUNNING" or found.version != version:
        return
    try:
        _next_batch(found)
    except RecordRefused as stopped:
        log.exception("handover stopped", item=handover_id, record=stopped.item_id)
        count("HandoversStopped")
        _end(found, status="STOPPED", failure=stopped.code, failed_id=stopped.item_id)


def _next_batch(found: Handover) -> None:
    to = dealing.receivers(found.to_ids)
    if not to:
        raise RecordRefused(found.from_id, "handover_nobody")
    tally = _move(found, to)
    counts = {
        name: dict(Counter(getattr(found, name)) + getattr(tally, name))
        for name in ("moved", "received", "passed_over")
    }
    records, place = look_on(found, left=bool(tally.left))
    if place is None:
        _end(found, status="DONE", batch=[], **counts)
        return
    step = Step(by=found.owner_id)
    planned = dealing.deal(step, found, records, to)
    step.change(found, place=place, due_minute=stalled_after(), **planned, **counts)
    step.commit()


def _move(found: Handover, to: Sequence[str]) -> Tally:
    tally = Tally()
    for each in found.batch:
        kind, record = ids.kind_of(each["id"]), Record.anywhere(each["id"])
        owner_id = getattr(record, "owner_id", None)
        is_ours = owner_id == found.from_id and OF_KIND[kind].at_work(record)
        if is_ours and each["to"] not in to:
            tally.left += 1
        elif is_ours or owner_id == each["to"]:
            if is_ours:
                _reassign(record, to=each["to"], by=found.owner_id)
            tally.moved[kind] += 1
            tally.received[each["to"]] += 1
        else:
            tally.passed_over[kind] += 1
    return tally


def _reassign(record: Any, *, to: str, by: str) -> None:
    """Move a record in the name of whoever asked: who may hand over a book may hand over all in it."""
    who = Principal(id=by, role=access.SYSTEM.role)
    try:
        OF_KIND[record.kind].reassign(record.id, owner_id=to, version=record.version, by=who)
    except Exception as fault:
        if may_pass(fault):
            raise
        code = fault.code if isinstance(fault, errors.SalesError) else "handover_unforeseen"
        raise RecordRefused(record.id, code) from fault


def _end(found: Handover, *, status: str, **values: Any) -> None:
    step = Step(by=found.owner_id)
    step.change(found, status=status, finished_at=clock.now(), due_minute=None, **values)
    step.release(book_key(found.from_id), found.id)
    step.commit()
