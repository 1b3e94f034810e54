"""Money that comes in for an order 回款, what was recorded by mistake, and what is paid back 退款."""

from datetime import date

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.orders.collecting import Payment, Refund
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import MOST_MONEY, ready, record, require
from chalicelib.sales.orders.till import Till


def pay(
    order_id: str,
    *,
    reference: str,
    amount: Money,
    method: str,
    by: Principal,
    version: int | None = None,
    paid_on: date | None = None,
    instalment: int | None = None,
    keep_excess: bool = False,
) -> Order:
    """Record that money came in: for an instalment (by number), or for the oldest that is open.

    The same reference again changes nothing (Conflict when it names something else). Invalid for
    another currency, an instalment not there, or more than is open, unless what is too much is to be
    kept for the customer.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    till = _till(order)
    if till.has_payment(reference, amount=amount, method=method, paid_on=paid_on, instalment=instalment):
        return order
    require("pay", order, by=by, version=version)
    part = Payment(reference, paid_on or clock.today(), amount, method, instalment=instalment)
    rows = till.paid(part, keep_excess=keep_excess)
    if instalment and instalment > len(order.instalment_rows):
        raise errors.Invalid.one("instalment", "no_instalment", most=len(order.instalment_rows))
    return record(order, "pay", by=by, payment_rows=rows)


def take_back(
    order_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> Order:
    """Let a payment that was recorded by mistake count no more. Invalid for a reference not there.

    Blocked when more was refunded than would then have come in.
    """
    order = ready("take_back", order_id, by=by, version=version)
    return record(order, "take_back", by=by, payment_rows=_till(order).taken_back(reference, reason=reason))


def refund(
    order_id: str,
    *,
    reference: str,
    amount: Money,
    method: str,
    reason: str,
    by: Principal,
    version: int | None = None,
    refunded_on: date | None = None,
) -> Order:
    """Record that money was paid back.

    The same reference again changes nothing (Conflict when it names something else). Invalid for
    another currency, or more than is here and settles nothing.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    till = _till(order)
    if till.has_refund(reference, amount=amount, method=method, reason=reason, refunded_on=refunded_on):
        return order
    require("refund", order, by=by, version=version)
    part = Refund(reference, refunded_on or clock.today(), amount, method, reason)
    return record(order, "refund", by=by, refund_rows=till.refunded(part))


def _till(order: Order) -> Till:
    return Till(order.currency, order.balance.owed, order.payment_rows, order.refund_rows, MOST_MONEY)
