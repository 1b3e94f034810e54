"""What orders do when something changed elsewhere."""

from chalicelib.core.changelog import Change
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.orders import waiting
from chalicelib.sales.orders.models import Order


def owner_moved(moved: Change) -> None:
    """Move orders along with their owner to another team."""
    follow_owner(moved, Order)


REACTIONS = {"user": (owner_moved,), "order": (stay_with_owner, waiting.ask)}
