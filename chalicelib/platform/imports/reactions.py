"""A job's change starts its next chunk; one that stands still is ended."""

from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.platform.imports import chunks
from chalicelib.platform.imports.models import ImportJob


def bring_in_next_chunk(change: Change) -> None:
    """Go on with a job that is running."""
    if change.after and change.after["status"] == "RUNNING":
        chunks.go_on(change.id, version=change.version)


REACTIONS = {"import_job": (bring_in_next_chunk,)}
DUE: Handlers = {ImportJob: chunks.give_up}
