"""Money that comes in for an order 回款, what was recorded by mistake, and what is paid back 退款."""

from datetime import date

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.orders.collecting import Payment, Refund
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import MOST_MONEY, added, given, known, ready, record, require


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
    details = given(paid_on=paid_on, instalment=instalment)
    if known(
        order.payments, reference, {"amount": amount, "method": method, "taken_back_on": None} | details
    ):
        return order
    require("pay", order, by=by, version=version)
    if amount.currency != order.currency:
        raise errors.Invalid.one("amount", "currency_mismatch")
    if amount.minor > order.open.minor and not keep_excess:
        raise errors.Invalid.one("amount", "more_than_owed", open=order.open)
    if instalment and instalment > len(order.instalment_rows):
        raise errors.Invalid.one("instalment", "no_instalment", most=len(order.instalment_rows))
    part = Payment(reference, paid_on or clock.today(), amount, method, instalment=instalment)
    rows = added(order.payment_rows, part, beside=order.refund_rows, most=MOST_MONEY)
    return record(order, "pay", by=by, payment_rows=rows)


def take_back(
    order_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> Order:
    """Let a payment that was recorded by mistake count no more. Invalid for a reference not there.

    Blocked when more was refunded than would then have come in.
    """
    order = ready("take_back", order_id, by=by, version=version)
    rows = [dict(row) for row in order.payment_rows]
    standing = [row for row in rows if row["reference"] == reference and not row["taken_back_on"]]
    if not standing:
        raise errors.Invalid.one("reference", "unknown_reference")
    if standing[0]["amount_minor"] > order.paid.minor:
        raise errors.Blocked(FieldError("refunds", "money_refunded", {"refunded": order.refunded}))
    standing[0] |= {"taken_back_on": clock.today().isoformat(), "reason": reason}
    return record(order, "take_back", by=by, payment_rows=rows)


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
    asked = {"amount": amount, "method": method, "reason": reason, **given(refunded_on=refunded_on)}
    if known(order.refunds, reference, asked):
        return order
    require("refund", order, by=by, version=version)
    if amount.currency != order.currency:
        raise errors.Invalid.one("amount", "currency_mismatch")
    if amount.minor > order.credit.minor:
        raise errors.Invalid.one("amount", "more_than_credit", credit=order.credit)
    part = Refund(reference, refunded_on or clock.today(), amount, method, reason)
    rows = added(order.refund_rows, part, beside=order.payment_rows, most=MOST_MONEY)
    return record(order, "refund", by=by, refund_rows=rows)
