"""What clients send and see of money that comes in and goes back, and of invoices."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import Amount, Code, Day, Email, Line, MoneyShape, PastDay, Shape, View
from chalicelib.sales.orders.collecting import MOST_INSTALMENTS

#: The place of an instalment in the schedule, from 1.
Number = Annotated[int, Field(strict=True, ge=1, le=MOST_INSTALMENTS)]


class NewPayment(Shape):
    """What came in: for an instalment, or the oldest that is open. The same reference again changes nothing.

    More than is owed is refused, unless what is too much is to be kept for the customer.
    """

    reference: Line
    amount: Amount
    method: Code
    paid_on: PastDay | None = None
    instalment: Number | None = None
    keep_excess: bool = False


class PaymentTakenBack(Shape):
    """Which payment was recorded by mistake, and why it counts no more."""

    reference: Line
    reason: Line


class NewRefund(Shape):
    """What was paid back. The same reference again changes nothing."""

    reference: Line
    amount: Amount
    method: Code
    reason: Line
    refunded_on: PastDay | None = None


class Rescheduled(Shape):
    """Which instalment is due on another day, as agreed with the customer, and why."""

    instalment: Number
    due_on: Day
    reason: Line


class InstalmentView(View):
    """An amount and the day it is due; `owed` is left of it after what was cancelled or sent back.

    `first_due_on` is the day it was due on at first, where another was agreed since.
    """

    number: int
    due_on: Day
    first_due_on: Day | None
    amount: MoneyShape
    owed: MoneyShape
    paid: MoneyShape
    open: MoneyShape
    status: Literal["OPEN", "PARTLY_PAID", "PAID", "OVERDUE", "DROPPED"]


class PartView(View):
    """What a payment gives to an instalment."""

    instalment: int
    amount: MoneyShape


class PaymentView(View):
    """A part that came in; one taken back counts no more."""

    reference: str
    paid_on: Day
    amount: MoneyShape
    method: str
    instalment: int | None
    settles: list[PartView]
    unapplied: MoneyShape
    taken_back_on: Day | None
    reason: str | None


class RefundView(View):
    """A part that was paid back."""

    reference: str
    refunded_on: Day
    amount: MoneyShape
    method: str
    reason: str


class NewInvoice(Shape):
    """What is to be invoiced: an instalment (by number), a shipment (by reference), or all that is left.

    The same reference again changes nothing.
    """

    reference: Line
    title: Line
    tax_number: Code | None = None
    email: Email | None = None
    instalment: Number | None = None
    shipment: Line | None = None


class IssuedInvoice(Shape):
    """Which request was invoiced, under what number and when (today, unless said)."""

    reference: Line
    number: Code
    issued_on: PastDay | None = None


class RefusedInvoice(Shape):
    """Which request is not invoiced, and why."""

    reference: Line
    reason: Line


class CorrectedInvoice(Shape):
    """Which issued invoice counts no more, or by which amount, by which red-letter invoice, and why.

    The same number again changes nothing.
    """

    reference: Line
    number: Code
    reason: Line
    amount: Amount | None = None
    corrected_on: PastDay | None = None


class CorrectionView(View):
    """A red-letter invoice: by how much an issued one counts no more."""

    number: str
    corrected_on: Day
    amount: MoneyShape
    reason: str


class InvoiceView(View):
    """An invoice that was asked for, and what became of it; `left` of it counts."""

    reference: str
    status: Literal["REQUESTED", "ISSUED", "REFUSED", "CORRECTED"]
    amount: MoneyShape
    left: MoneyShape
    title: str
    tax_number: str | None
    email: str | None
    instalment: int | None
    shipment: str | None
    requested_on: Day
    requested_by: str
    number: str | None
    issued_on: Day | None
    refusal: str | None
    corrections: list[CorrectionView]
