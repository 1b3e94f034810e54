"""What happens by itself: orders' payments are counted, customers graded, falls told."""

from chalicelib.core.changelog import Change
from chalicelib.sales.credit import alerts
from chalicelib.sales.credit.models import CreditHistory
from chalicelib.sales.credit.service import look_at, regrade_everybody, take_in


def order_moved(order: Change) -> None:
    """Count how an order that is, or was, in force was paid by now."""
    if order.after and order.after.get("activated_on"):
        take_in(order.id, order.version, order.after)


REACTIONS = {"order": (order_moved,), "credit_profile": (alerts.fell,)}
DUE = {CreditHistory: look_at}
NIGHTLY = (regrade_everybody,)
