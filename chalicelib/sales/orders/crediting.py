"""What an order has to do with its customer's credit 信用: what is open of it counts as owed from its
activation until it is paid or cancelled, always in the order's own transaction.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.reasons import kept
from chalicelib.core.step import Step
from chalicelib.sales.credit import service as credit
from chalicelib.sales.orders.balance import Rows, Settlement
from chalicelib.sales.orders.lifecycle import ORDER, status_of
from chalicelib.sales.orders.models import Order

#: What an order loses when it goes back to its draft.
NOT_APPROVED: Final[dict[str, Any]] = {
    "approval_reasons": [],
    "credit_approved_at": None,
    "credit_approved_by": None,
}


def facts_of(order: Order) -> dict[str, Any]:
    """Return what follows from an order for its customer's credit, as kept on it.

    `credit_held` is what the customer owes by it, in minor units, `payment_record` how each instalment
    was paid. Nothing is owed by one that is not in force.
    """
    if status_of(order) not in ORDER.moves["pay"].origin.split():
        return {"credit_held": 0, "payment_record": []}
    paid = payment_record(order.instalment_rows, order.payment_rows, order.settlement)
    return {"credit_held": order.open.minor, "payment_record": [part.row() for part in paid if part.amount]}


def payment_record(instalments: Rows, payments: Rows, made: Settlement) -> Iterator[credit.Part]:
    """Yield each instalment with what is open of it, or the day on which its last cent came in.

    One that was cancelled, sent back, or free has no amount: it is neither paid nor owed.
    """
    days = [date.fromisoformat(row["paid_on"]) for row in payments]
    for at, (row, due, paid) in enumerate(zip(instalments, made.due, made.paid, strict=True)):
        came = [day for day, part in zip(days, made.parts, strict=True) if at in part]
        settled_on = max(came, default=None) if paid == due else None
        yield credit.Part(date.fromisoformat(row["due_on"]), due, due - paid, settled_on)


def standing(order: Order) -> credit.Standing:
    """Return how the order's customer stands with us."""
    return credit.standing(order.account_id)


def payment_days(account_id: str, *, usual: int) -> int:
    """Return how long a customer has to pay when nothing was agreed: as usual, or less by its grade."""
    longest = credit.standing(account_id).longest_days
    return usual if longest is None else min(usual, longest)


def reasons_against(order: Order, amount: Money | None = None) -> list[dict[str, Any]]:
    """Return why its customer's credit makes an order one to be asked about, as kept on the order.

    `amount` is what it is asked for: all of the order, unless said.

    Blocked, with the reason, while the customer is stopped.
    """
    found = standing(order)
    if stopped := list(found.stopped()):
        raise errors.Blocked(*stopped)
    last = max((part.due_on for part in order.payment_schedule), default=None)
    days = (last - clock.today()).days if last else order.payment_days
    return kept(found.speaks_against(amount or order.total, days=days))


def is_cash_only(order: Order, found: credit.Standing) -> bool:
    """Whether an order is to be paid before it goes out: of a customer who buys for cash only, unless
    somebody has approved its credit.
    """
    return found.terms.cash_only and order.credit_approved_at is None


def count(step: Step, order: Order, *, more: int, standing: credit.Standing | None) -> None:
    """Add to a step that the customer owes so much more by an order, or (below zero) less.

    `standing` is given where credit is asked for: it has to reach, unless somebody has approved it.
    """
    amount = Money(more, order.currency)
    if standing is not None and more >= 0:
        credit.hold(step, standing, amount, allowed=order.credit_approved_at is not None)
    elif more:
        credit.move(step, order.account_id, amount)


def require_to_ship(step: Step, order: Order) -> None:
    """Let units go out only to a customer who is not stopped, and has paid what is sold for cash only."""
    if order.cash_only and order.open.minor > 0:
        raise errors.Blocked(FieldError("payments", "cash_first", {"open": order.open}))
    credit.require_going(step, order.account_id)
