"""Due work: what must happen at a time although nobody saves anything.

A record with something due carries `due_minute` (``2026-11-22T10:05``), a sparse index. Every
minute a sweep goes through the minutes since the last sweep, so a late or missed one catches up.
What a domain does with a due record (`DUE` in its ``reactions.py``) moves or removes
`due_minute` under the record's version, so two sweeps do it once. TTL is never a timer.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, errors, guards
from chalicelib.core.observe import count, log
from chalicelib.core.table import Index, Record, index

#: How far back a sweep looks when it has never run, or was stopped for long.
FURTHEST: Final = timedelta(days=7)
#: Minutes looked at again behind the last sweep: writes that came late for their minute.
OVERLAP: Final = timedelta(minutes=2)
#: Records handled per model and minute in one sweep; the rest waits for the next one.
MOST: Final = 500

Handler = Callable[[Any], None]
Handlers = Mapping[type[Record], Handler]


class ByDue(Index):
    """The sparse index of what is due at a minute. A model adds ``by_due = ByDue()``."""

    Meta = index("by_due")

    due_minute = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


def minute(instant: datetime) -> str:
    """Return the bucket of an instant."""
    return clock.iso(instant)[:16]


def sweep(handlers: Handlers) -> int:
    """Handle all that is due by now; return how many records were handled.

    A record whose handling fails stays due: the sweep tells (metric), and comes back to it.
    """
    now = clock.now()
    start = _last_swept(now)
    handled, left_over = 0, False
    moment = start - OVERLAP
    while moment <= now:
        for model, handler in handlers.items():
            done, more = _sweep_minute(model, handler, minute(moment))
            handled += done
            left_over = left_over or more
        moment += timedelta(minutes=1)
    if not left_over:
        guards.remember("due|swept", {"at": clock.iso(now)})
    count("DueHandled", handled)
    return handled


def _last_swept(now: datetime) -> datetime:
    row = guards.read("due|swept")
    last = clock.parse(row.note["at"]) if row and row.note else now - timedelta(minutes=5)
    return max(last, now - FURTHEST)


def _sweep_minute(model: type[Record], handler: Handler, bucket: str) -> tuple[int, bool]:
    found: Sequence[Record] = list(model.by_due.query(bucket, limit=MOST))  # type: ignore[attr-defined]
    done = 0
    for record in found:
        try:
            handler(record)
            done += 1
        except errors.Stale:
            log.info("changed meanwhile, looked at again", item=record.id)
        except Exception:
            # One bad record must not stop the others' deadlines; it stays due and is counted.
            log.exception("due work failed", item=record.id)
            count("DueFailed")
    return done, len(found) == MOST
