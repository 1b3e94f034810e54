"""Interactions and tasks as they are kept."""

from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import clock, ids
from chalicelib.core.attributes import InstantAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.ownership import Owned
from chalicelib.core.table import index, meta


class Activity(Owned):
    """An interaction, LOGGED or VOIDED: it happened, so it is never changed, at most voided.

    Listed by when it happened; `created_month` is the month of that. `task_id` is the task that
    its next action became, `moved_from` what it was about before that was merged into another.
    """

    Meta = meta("activities")
    kind = "activity"
    area = "activities"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("activity"))
    status = UnicodeAttribute(default="LOGGED")
    about_id = UnicodeAttribute()
    account_id = UnicodeAttribute(null=True)
    type = UnicodeAttribute()
    direction = UnicodeAttribute(null=True)
    happened_at = InstantAttribute()
    minutes = IntegerAttribute(null=True)
    subject = UnicodeAttribute()
    body = UnicodeAttribute(null=True)
    result = UnicodeAttribute(null=True)
    next_action = UnicodeAttribute(null=True)
    task_id = UnicodeAttribute(null=True)
    moved_from = ListOfAttribute(default=list)
    by_about = index("about_id", "listed")
    by_account = index("account_id", "listed")


#: Statuses in which there is still something to do.
OPEN: Final = ("NOT_STARTED", "IN_PROGRESS", "DEFERRED")
CLOSED: Final = ("COMPLETED", "CANCELED")


class Task(Owned):
    """Something to do: NOT_STARTED, IN_PROGRESS, DEFERRED, COMPLETED or CANCELED.

    Listed by when it is due. `open_for` is the owner while there is something to do;
    `member_ids` has whoever gave it to the owner; `activity_id` is the interaction it follows.
    """

    Meta = meta("activities")
    kind = "task"
    area = "activities"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("task"))
    status = UnicodeAttribute(default="NOT_STARTED")
    title = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    priority = UnicodeAttribute(default="NORMAL")
    about_id = UnicodeAttribute(null=True)
    account_id = UnicodeAttribute(null=True)
    activity_id = UnicodeAttribute(null=True)
    member_ids = ListOfAttribute(default=list)
    due_at = InstantAttribute()
    remind_at = InstantAttribute()
    reminded_at = InstantAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    open_for = UnicodeAttribute(null=True)
    started_at = InstantAttribute(null=True)
    closed_at = InstantAttribute(null=True)
    moved_from = ListOfAttribute(default=list)
    result = UnicodeAttribute(null=True)
    by_about = index("about_id", "listed")
    by_account = index("account_id", "listed")
    by_open_owner = index("open_for", "listed")
    by_due = index("due_minute", "id")


def place(kind: str, instant: datetime, item_id: str = "") -> str:
    """Return the place in lists of what stands at an instant."""
    return f"{kind}_{clock.iso(instant)}_{item_id}"


def between_instants(model: type[Activity] | type[Task], start: datetime, end: datetime) -> Any:
    """Return the range condition for records from `start` (included) up to `end` (not included)."""
    # A place continues after the instant, so the bare instant stands before all of that moment.
    return model.listed.between(f"{model.kind}_{clock.iso(start)}", f"{model.kind}_{clock.iso(end)}")


RECORDS = (Activity, Task)
