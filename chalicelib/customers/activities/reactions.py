"""What tasks do when something changed elsewhere, or when their time has come."""

from chalicelib.core import ownership
from chalicelib.core.changelog import Change
from chalicelib.customers.activities import tasks
from chalicelib.customers.activities.models import Task


def move_with_owner(user: Change) -> None:
    """Tasks follow their owner to another team; interactions stay where they happened."""
    ownership.follow_owner(user, Task)


REACTIONS = {"user": (move_with_owner,), "task": (ownership.stay_with_owner,)}
DUE = {Task: tasks.remind}
