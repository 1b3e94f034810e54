"""``Idempotency-Key``: the same request twice has one effect and one answer.

The key's row is written in the same transaction as what the request writes, so the two cannot
part. The answer is added afterwards; should that be lost, the record itself is the answer.
Rows go after a day, unless told otherwise.
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


class InProgress(errors.Conflict):
    """The same request is being acted on at this moment, or was a moment ago."""

    code = "key_in_progress"


@dataclass(slots=True)
class Attempt:
    """One request with a key: its row, and whether that has been written."""

    row: Guard
    written: bool = False

    @property
    def item_id(self) -> str | None:
        """The record that the request was about, once it is written."""
        return self.row.holder

    @property
    def origin(self) -> str:
        """The id from which those of what it makes may follow."""
        return str(self.row.note["origin"])

    @property
    def answer(self) -> dict[str, Any] | None:
        """What it was answered with. None if that was never kept."""
        found: dict[str, Any] | None = self.row.note.get("answer")
        return found


_current: ContextVar[Attempt | None] = ContextVar("idempotency", default=None)


def earlier(key: str, *, who: str, request: str) -> Attempt | None:
    """Return the earlier request with this key, or None.

    `request` is everything that makes it the same request. Raises Conflict when the key came
    with another one.
    """
    row = guards.read(_row_id(key, who))
    if row is None:
        return None
    if row.note["request"] != digest("idempotency", request):
        raise errors.Conflict("key_reused")
    return Attempt(row, written=True)


@contextmanager
def attempt(key: str, *, who: str, request: str, origin: str, lives: timedelta = LIVES) -> Iterator[Attempt]:
    """Have the key's row written with the first step that commits inside."""
    note = {"request": digest("idempotency", request), "origin": origin}
    made = Attempt(Guard(_row_id(key, who), note=note, expires=clock.now() + lives))
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


def keep(made: Attempt, answer: dict[str, Any]) -> None:
    """Keep the answer, for whoever asks again. Nothing to keep when nothing was written."""
    if made.written:
        made.row.update([Guard.note.set({**made.row.note, "answer": answer})])


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
    return InProgress()


def _row_id(key: str, who: str) -> str:
    return f"idempotency|{digest('idempotency', who + '|' + key)}"
