"""Due work: what must happen at a time although nobody saves anything.

A record with something due carries `due_minute` (``2026-11-22T10:05``), and its model the sparse index
``by_due = index("due_minute", "id")``. Every minute a sweep goes through the minutes since the last
sweep, so a late or missed one catches up. What a domain does with a due record (`DUE` in its
``reactions.py``) moves or removes `due_minute` under the record's version, so two sweeps do it once.
TTL is never a timer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.core import clock, errors, guards
from chalicelib.core.observe import count, log
from chalicelib.core.table import Record

#: How much of a stand-still one sweep makes up for, so that it ends in time; the next ones go on.
STRIDE: Final = timedelta(hours=4)
#: For so long what failed is come back to.
GIVEN_UP: Final = timedelta(days=7)
#: Minutes looked at again behind the last sweep: writes that came late for their minute.
OVERLAP: Final = timedelta(minutes=2)
#: Records handled per model and minute in one sweep; the rest waits for the next one.
MOST: Final = 500
#: Minutes that were not finished and are kept to come back to: those of half a day's outage. More
#: would take a sweep longer than its minute.
MOST_AGAIN: Final = 720

Handler = Callable[[Any], None]
Handlers = Mapping[type[Record], Handler]


def minute(instant: datetime) -> str:
    """Return the bucket of an instant."""
    return clock.iso(instant)[:16]


def sweep(handlers: Handlers) -> int:
    """Handle all that is due by now; return how many records were handled.

    A record whose handling fails stays due: the sweep tells (metric), and the next ones come back
    to its minute.
    """
    now = clock.now()
    buckets, reached = _buckets(now)
    handled, unfinished = 0, set()
    for bucket in buckets:
        for model, handler in handlers.items():
            done, complete = _sweep_minute(model, handler, bucket)
            handled += done
            if not complete:
                unfinished.add(bucket)
    guards.remember("due|swept", {"at": clock.iso(reached), "again": _again(unfinished)})
    count("DueHandled", handled)
    return handled


def _again(unfinished: set[str]) -> list[str]:
    """Return the minutes to come back to. What is given up, the oldest, is told."""
    minutes = sorted(unfinished)
    given_up = minutes[:-MOST_AGAIN]
    if given_up:
        log.error("due work given up", first=given_up[0], last=given_up[-1])
        count("DueGivenUp", len(given_up))
    return minutes[-MOST_AGAIN:]


def _buckets(now: datetime) -> tuple[list[str], datetime]:
    """Return the minutes to look at, and how far the sweeps have come with them.

    They are the present ones, those since the last sweep, and those that were not finished.
    """
    row = guards.read("due|swept")
    note: dict[str, Any] = row.note if row else {"at": clock.iso(now - timedelta(minutes=5))}
    last = clock.parse(note["at"])
    reached = min(now, last + STRIDE)
    again = {bucket for bucket in note.get("again", ()) if bucket > minute(now - GIVEN_UP)}
    return sorted({*again, *_minutes(last, reached), *_minutes(now, now)}), reached


def _minutes(start: datetime, end: datetime) -> Iterator[str]:
    moment = start - OVERLAP
    while moment <= end:
        yield minute(moment)
        moment += timedelta(minutes=1)
    yield minute(end)


def _sweep_minute(model: type[Record], handler: Handler, bucket: str) -> tuple[int, bool]:
    """Handle a kind's records of one minute; return how many, and whether none is left."""
    # Kinds of one table share the index: ids in capitals follow the kind, another kind's name does not.
    first = model.kind + "_"
    of_kind = model.id.between(first, first + "Z~")
    found: Sequence[Record] = list(model.by_due.query(bucket, of_kind, limit=MOST))  # type: ignore[attr-defined]
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
    return done, done == len(found) < MOST
