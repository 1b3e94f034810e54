"""A handover's change starts its next batch."""

from chalicelib.core.changelog import Change
from chalicelib.platform.handovers import batches


def move_next_batch(change: Change) -> None:
    """Go on with a handover that is running."""
    if change.after and change.after["status"] == "RUNNING":
        batches.go_on(change.id, version=change.version)


REACTIONS = {"handover": (move_next_batch,)}
