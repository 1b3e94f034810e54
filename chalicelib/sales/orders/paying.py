"""Money that comes in for an order 回款, and what was recorded by mistake."""

from datetime import date

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.orders.collecting import Payment
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import added, given, known, ready, record, require


def pay(
    order_id: str,
    *,
    reference: str,
    amount: Money,
    method: str,
    by: Principal,
    version: int | None = None,
    paid_on: date | None = None,
) -> Order:
    """Record that money came in.

    The same reference again changes nothing (Conflict when it names something else). Invalid for
    another currency or more than is open.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    asked = {"amount": amount, "method": method, "taken_back_on": None, **given(paid_on=paid_on)}
    if known(order.payments, reference, asked):
        return order
    require("pay", order, by=by, version=version)
    if amount.currency != order.currency:
        raise errors.Invalid.one("amount", "currency_mismatch")
    if amount.minor > order.open.minor:
        raise errors.Invalid.one("amount", "more_than_owed", open=order.open)
    part = Payment(reference, paid_on or clock.today(), amount, method)
    return record(order, "pay", by=by, payment_rows=added(order.payment_rows, part))


def take_back(
    order_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> Order:
    """Let a payment that was recorded by mistake count no more. Invalid for a reference not there."""
    order = ready("take_back", order_id, by=by, version=version)
    rows = [dict(row) for row in order.payment_rows]
    standing = [row for row in rows if row["reference"] == reference and not row["taken_back_on"]]
    if not standing:
        raise errors.Invalid.one("reference", "unknown_reference")
    standing[0] |= {"taken_back_on": clock.today().isoformat(), "reason": reason}
    return record(order, "take_back", by=by, payment_rows=rows)
