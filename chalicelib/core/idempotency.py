"""``Idempotency-Key``: the same request twice has one effect and one answer.

The key's row is written in the same transaction as what the request writes, so the two cannot
part. The answer is added afterwards; should that be lost, the record itself is the answer.
Rows go after a day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.core import clock, errors, guards
from chalicelib.core.guards import Guard
from chalicelib.core.signing import digest

LIVES = timedelta(days=1)


@dataclass(slots=True)
class Attempt:
    """One request with a key: the row to write, and whether it has been written."""

    row: Guard
    written: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the first request with this key came to. `answer` is None if it was never kept."""

    item_id: str | None
    answer: dict[str, Any] | None


_current: ContextVar[Attempt | None] = ContextVar("idempotency", default=None)


def earlier(key: str, *, who: str, request: str) -> Earlier | None:
    """Return what an earlier request with this key came to, or None.

    `request` is everything that makes it the same request. Raises Conflict when the key came
    with another one.
    """
    row = guards.read(_row_id(key, who))
    if row is None:
        return None
    note: dict[str, Any] = row.note or {}
    if note.get("request") != digest("idempotency", request):
        raise errors.Conflict("key_reused")
    return Earlier(row.holder, note.get("answer"))


@contextmanager
def attempt(key: str, *, who: str, request: str) -> Iterator[Attempt]:
    """Have the key's row written with the first step that commits inside."""
    note = {"request": digest("idempotency", request)}
    made = Attempt(Guard(_row_id(key, who), note=note, expires=clock.now() + LIVES))
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


def keep(made: Attempt, answer: dict[str, Any]) -> None:
    """Keep the answer, for whoever asks again. Nothing to keep when nothing was written."""
    if made.written:
        made.row.update([Guard.note.set({**(made.row.note or {}), "answer": answer})])


def pending(item_id: str | None) -> Guard | None:
    """Return the row to write with the present step, if there is one and it is not written yet.

    `item_id` is the record the step is about: what a repeated request is answered with.
    """
    made = _current.get()
    if made is None or made.written:
        return None
    made.row.holder = item_id
    return made.row


def committed() -> None:
    """Note that the row is written."""
    made = _current.get()
    if made and not made.written:
        made.written = True


def repeated(_: dict[str, Any] | None) -> errors.SalesError:
    """Return the error of two requests with one key at the same moment."""
    return errors.Conflict("key_in_progress")


def _row_id(key: str, who: str) -> str:
    return f"idempotency|{digest('idempotency', who + '|' + key)}"
