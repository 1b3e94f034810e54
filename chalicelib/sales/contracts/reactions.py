"""What contracts do when something changed elsewhere, and when their time comes."""

from chalicelib.core.changelog import Change
from chalicelib.core.ownership import follow_owner
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.service import look_after


def owner_moved(moved: Change) -> None:
    """Move contracts along with their owner to another team."""
    follow_owner(moved, Contract)


REACTIONS = {"user": (owner_moved,)}
DUE = {Contract: look_after}
