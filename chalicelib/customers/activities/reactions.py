"""What tasks do when something changed elsewhere, or when their time has come."""

from chalicelib.core import ownership
from chalicelib.core.changelog import Change
from chalicelib.customers.activities import tasks
from chalicelib.customers.activities.models import Task


def move_with_owner(user: Change) -> None:
    """Tasks follow their owner to another team; interactions stay where they happened."""
    ownership.follow_owner(user, Task)


def go_with_record(given: Change) -> None:
    """What the owner of a lead or deal had still to do about it is for its new owner to do.

    A lead that goes to a pool is nobody's: what was to be done stays with whoever had it, also when
    somebody claims the lead.
    """
    before = (given.before or {}).get("owner_id")
    if "owner_id" in given.fields and before:
        tasks.pass_on(given.id, had_by=before)


REACTIONS = {
    "user": (move_with_owner,),
    "task": (ownership.stay_with_owner,),
    "lead": (go_with_record,),
    "opportunity": (go_with_record,),
}
DUE = {Task: tasks.remind}
