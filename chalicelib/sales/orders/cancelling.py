"""Cancelling 取消: what has not gone out is given up; what has comes back by a return."""

from dataclasses import replace
from functools import partial

from chalicelib.core import clock
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.sales.orders import keeping
from chalicelib.sales.orders.drafting import free_origin
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import note, ready
from chalicelib.sales.orders.shipping import open_quantities


def cancel(order_id: str, *, reason: str, by: Principal, version: int | None = None) -> Order:
    """Cancel an order, or, once something has gone out, all that has not.

    Nothing more is owed for it: what is here for it is the customer's, and may be refunded. What was
    kept for it is free. Of an order cancelled as a whole, its opportunity or quote can become an
    order again.
    """
    return keeping.while_stock_moves(partial(_cancel, order_id, reason=reason, by=by, version=version))


def _cancel(order_id: str, *, reason: str, by: Principal, version: int | None) -> Order:
    order = ready("cancel", order_id, by=by, version=version)
    facts = {"cancelled_on": clock.today(), "cancel_reason": reason, "amendment_document": None}
    step = Step(by=by.id)
    if order.shipment_rows:
        note(step, order, "cancel", **facts, line_rows=_without_the_rest(order))
    else:
        note(step, order, "cancel", **facts)
        free_origin(step, order)
    keeping.let_go(step, order)
    step.commit()
    return order


def _without_the_rest(order: Order) -> list[dict[str, object]]:
    rest = open_quantities(order.lines, order.shipments)
    return [replace(line, cancelled=rest.get(line.number, 0)).row() for line in order.lines]
