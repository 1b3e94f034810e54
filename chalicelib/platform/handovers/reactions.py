"""A handover's change starts its next batch; one that stands still is woken."""

from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.platform.handovers import batches
from chalicelib.platform.handovers.models import Handover


def move_next_batch(change: Change) -> None:
    """Go on with a handover that is running."""
    if change.after and change.after["status"] == "RUNNING":
        batches.go_on(change.id, version=change.version)


def wake(found: Handover) -> None:
    """Go on with a handover that has stood still: whoever was to do that never came back."""
    batches.go_on(found.id, version=found.version)


REACTIONS = {"handover": (move_next_batch,)}
DUE: Handlers = {Handover: wake}
