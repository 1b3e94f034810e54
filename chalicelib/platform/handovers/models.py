"""Handovers as they are kept."""

from datetime import timedelta
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, due, ids
from chalicelib.core.attributes import DocumentAttribute, InstantAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.ownership import Owned
from chalicelib.core.table import index, meta

#: A batch takes seconds, and ten tries of it minutes: then whoever was to go on will not come back.
STALLED: Final = timedelta(hours=1)


class Handover(Owned):
    """The book of somebody (`from_id`, then of team `team_id`) on its way to others (`to_ids`).

    RUNNING, DONE, or STOPPED (`failure` says why, `failed_id` at which record). Its owner is who asked
    for it. `batch` is what is being moved now: each record's id, and to whom. `place` says how far the
    book has been looked through: in which part, after which record, and whether this round found
    anything; `turn` whose turn it is. Records were `moved`, or `passed_over` because somebody else
    had moved or closed them by then: both by kind; `received` counts the moved by person. While it
    is RUNNING, `due_minute` is when it has stood still for so long that the minute goes on with it.
    """

    Meta = meta("handovers")
    kind = "handover"
    area = "handovers"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("handover"))
    status = UnicodeAttribute(default="RUNNING")
    from_id = UnicodeAttribute()
    to_ids = ListOfAttribute()
    reason = UnicodeAttribute()
    batch = ListOfAttribute(default=list)
    place = DocumentAttribute(default=dict)
    turn = IntegerAttribute(default=0)
    moved = DocumentAttribute(default=dict)
    received = DocumentAttribute(default=dict)
    passed_over = DocumentAttribute(default=dict)
    failure = UnicodeAttribute(null=True)
    failed_id = UnicodeAttribute(null=True)
    finished_at = InstantAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_due = index("due_minute", "id")


def stalled_after() -> str:
    """Return when a handover that moves now and then no more has stood still for too long."""
    return due.minute(clock.now() + STALLED)


def book_key(user_id: str) -> str:
    """Return the guard key that one handover of somebody's book holds as long as it runs."""
    return f"handover|book|{user_id}"


RECORDS = (Handover,)
