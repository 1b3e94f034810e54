"""What happens by itself when stock or its rules change, and when a supply does not come."""

from chalicelib.core.changelog import Change
from chalicelib.sales.inventory import alerts, serving
from chalicelib.sales.inventory.models import Supply


def serve_the_waiting(stock: Change) -> None:
    """Give what came in to the orders that wait for it, the oldest first; take back what is not there."""
    after = stock.after
    if after and (after["free"] < 0 or (after["free"] > 0 and after["waiting"] > 0)):
        serving.serve(stock.id)


REACTIONS = {"stock": (serve_the_waiting, alerts.fell), "stock_rule": (alerts.raised,)}
DUE = {Supply: alerts.overdue}
