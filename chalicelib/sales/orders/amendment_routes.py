"""Changes of approved orders over HTTP."""

from chalicelib.core.endpoint import Call
from chalicelib.core.shapes import NoQuery
from chalicelib.core.web import Room
from chalicelib.sales.orders import service
from chalicelib.sales.orders.amendment_schemas import NewAmendment
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.schemas import OrderView

amendments = Room("order_amendments", prefix="/orders")


@amendments.post("/{order_id}/amendment", needs="orders:write", body=NewAmendment, answers=OrderView)
def amend_order(call: Call[NewAmendment, NoQuery], order_id: str) -> Order:
    """Change lines of an approved order; in force at once where no signature is missing."""
    return service.amend(order_id, **call.body.values(), version=call.version, by=call.who)


@amendments.post("/{order_id}/amendment/approve", needs="orders:approve", answers=OrderView)
def approve_order_amendment(call: Call[None, NoQuery], order_id: str) -> Order:
    """Approve a change that somebody else proposed; with the last signature it is in force."""
    return service.approve_amendment(order_id, version=call.version, by=call.who)


@amendments.post("/{order_id}/amendment/drop", needs="orders:write", answers=OrderView)
def drop_order_amendment(call: Call[None, NoQuery], order_id: str) -> Order:
    """Take a change back, or refuse it; the order stays as it is."""
    return service.drop_amendment(order_id, version=call.version, by=call.who)
