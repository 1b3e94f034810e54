"""Cancelling 取消: what still may be given up, and what becomes of it."""

from functools import partial

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.step import Step
from chalicelib.sales.orders import keeping
from chalicelib.sales.orders.drafting import free_origin
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import note, ready


def cancel(order_id: str, *, reason: str, by: Principal, version: int | None = None) -> Order:
    """Cancel an order of which nothing has gone out. Blocked while money for it is here.

    Its opportunity, or quote, can be made an order of again; what was kept for it is free.
    """
    return keeping.while_stock_moves(partial(_cancel, order_id, reason=reason, by=by, version=version))


def _cancel(order_id: str, *, reason: str, by: Principal, version: int | None) -> Order:
    order = ready("cancel", order_id, by=by, version=version)
    if order.paid.minor:
        raise errors.Blocked(FieldError("payments", "money_received", {"paid": order.paid}))
    step = Step(by=by.id)
    note(step, order, "cancel", cancelled_on=clock.today(), cancel_reason=reason)
    free_origin(step, order)
    keeping.let_go(step, order)
    step.commit()
    return order
