"""What orders do when something changed elsewhere, and every night."""

from chalicelib.core.changelog import Change
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order


def owner_moved(moved: Change) -> None:
    """Move orders along with their owner to another team."""
    follow_owner(moved, Order)


def compare_exposures() -> None:
    """See that every account owes the sum of its orders, and set right what differs."""
    service.compare()


REACTIONS = {"user": (owner_moved,), "order": (stay_with_owner,)}
NIGHTLY = (compare_exposures,)
