"""Orders as another system's history tells them: gone out, and paid or still to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, Final

from chalicelib.core import clock, errors, ids
from chalicelib.core.access import Principal
from chalicelib.core.money import Money, exponent
from chalicelib.core.rounding import rounded
from chalicelib.core.step import Step
from chalicelib.sales.orders import crediting
from chalicelib.sales.orders.collecting import Payment, one_instalment
from chalicelib.sales.orders.lifecycle import payment_status_of, status_of
from chalicelib.sales.orders.lines import MOST_MINOR, Line, totals
from chalicelib.sales.orders.models import CreditNote, Order
from chalicelib.sales.orders.policy import policy
from chalicelib.sales.orders.shipping import Shipment

#: What the shipment and the payment of an order from elsewhere are called.
REFERENCE: Final = "import"
#: Ids made from what another system calls an order carry no time of their own.
_NO_PARENT: Final = f"order_{0:026d}"


@dataclass(frozen=True, slots=True)
class PastLine:
    """Pieces sold, or back, at a price each (a decimal text) that may be finer than a minor unit."""

    product_id: str | None
    name: str
    quantity: int
    price: str

    def line(self, number: int, currency: str) -> Line:
        """Return it as a line whose total is quantity × price, rounded once.

        The unit price is rounded up to a whole minor unit; what that is too much comes off.
        Invalid when it goes beyond what is reckoned with.
        """
        each = Fraction(self.price) * 10 ** exponent(currency)
        total, unit = rounded(each * self.quantity, currency), ceil(each)
        if unit * self.quantity > MOST_MINOR:
            raise errors.Invalid.one("unit_price", "beyond_reckoning")
        price, too_much = Money(unit, currency), unit * self.quantity - total
        return Line(number, self.product_id, self.name, self.quantity, price, reduction_minor=too_much)


def bring_in(
    *,
    external_id: str,
    account_id: str,
    currency: str,
    ordered_on: date,
    lines: Sequence[PastLine],
    by: Principal,
    shipped_on: date | None = None,
    paid_on: date | None = None,
    **owner: Any,
) -> bool:
    """Write an order that has gone out (on the day it was placed, unless told); what is open of it is owed.

    Its id follows from `external_id`, its number elsewhere: False, and nothing written, when it is here
    with these very lines; Conflict (`told_otherwise`) when with others. Not `paid_on` any day, all of
    it is owed as the policy has it. References (account, products, owner) are the caller's to check;
    stock and credit limits of today are not asked.
    """
    told = [line.line(number, currency) for number, line in enumerate(lines, start=1)]
    total = totals(told, currency).total
    noted = clock.start_of(ordered_on)
    shipped_on = shipped_on or ordered_on
    shipment = Shipment(REFERENCE, shipped_on, {line.number: line.quantity for line in told})
    due = one_instalment(total, start=ordered_on, days=policy().payment_days)
    paid = [Payment(REFERENCE, paid_on, total, REFERENCE)] if paid_on and total.minor else []
    order = Order(
        ids.derived("order", _NO_PARENT, external_id),
        number=external_id,
        account_id=account_id,
        currency=currency,
        ordered_on=ordered_on,
        payment_days=policy().payment_days,
        line_rows=[line.row() for line in told],
        shipment_rows=[shipment.row()],
        instalment_rows=[part.row() for part in due],
        payment_rows=[payment.row() for payment in paid],
        submitted_at=noted,
        submitted_by=by.id,
        approved_at=noted,
        activated_on=ordered_on,
        completed_on=shipped_on,
        created_month=clock.month(ordered_on),
        **owner,
    )
    order.status, order.payment_status = status_of(order), payment_status_of(order)
    for name, fact in crediting.facts_of(order).items():
        setattr(order, name, fact)
    step = Step(by=by.id)
    step.create(order)
    crediting.count(step, order, more=order.credit_held, standing=None)
    return _is_new(step, order)


def bring_in_credit_note(
    *,
    external_id: str,
    account_id: str,
    currency: str,
    issued_on: date,
    lines: Sequence[PastLine],
    by: Principal,
    **owner: Any,
) -> bool:
    """Write what came back without saying of which order; otherwise as `bring_in`."""
    note = CreditNote(
        ids.derived("credit_note", _NO_PARENT, external_id),
        number=external_id,
        account_id=account_id,
        currency=currency,
        issued_on=issued_on,
        line_rows=[line.line(number, currency).row() for number, line in enumerate(lines, start=1)],
        created_month=clock.month(issued_on),
        **owner,
    )
    step = Step(by=by.id)
    step.create(note)
    return _is_new(step, note)


def _is_new(step: Step, document: Order | CreditNote) -> bool:
    try:
        step.commit()
    except errors.AlreadyExists:
        if type(document).fetch(document.id).line_rows != document.line_rows:
            raise errors.Conflict("told_otherwise", number=document.number) from None
        return False
    return True
