"""A job's change starts its next chunk."""

from chalicelib.core.changelog import Change
from chalicelib.platform.imports import chunks


def bring_in_next_chunk(change: Change) -> None:
    """Go on with a job that is running."""
    if change.after and change.after["status"] == "RUNNING":
        chunks.go_on(change.id, version=change.version)


REACTIONS = {"import_job": (bring_in_next_chunk,)}
