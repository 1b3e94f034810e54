"""What clients send and see of orders."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.core.rounding import WHOLE
from chalicelib.core.shapes import (
    Amount,
    Code,
    CurrencyCode,
    Day,
    Id,
    Instant,
    Kept,
    Line,
    MoneyShape,
    OwnedQuery,
    OwnedView,
    PastDay,
    Price,
    Shape,
    Text,
    View,
    unfit,
)
from chalicelib.sales.orders.collecting import MOST_INSTALMENTS
from chalicelib.sales.orders.lines import MOST_LINES

Status = Literal[
    "DRAFT",
    "IN_APPROVAL",
    "APPROVED",
    "ACTIVATED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "COMPLETED",
    "CANCELLED",
]
PaymentStatus = Literal["UNPAID", "PARTLY_PAID", "PAID"]


Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
#: A share in basis points: 1,300 are 13 %.
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]


class NewLine(Shape):
    """A line: a product, or a service or charge by its name. Without a price: the list price."""

    product_id: Id | None = None
    name: Line | None = None
    quantity: Quantity
    unit_price: Price | None = None
    discount_bps: BasisPoints = 0
    tax_bps: BasisPoints = 0


class NewInstalment(Shape):
    """An amount and the day it is due."""

    due_on: Day
    amount: Amount


Lines = Annotated[list[NewLine], Field(max_length=MOST_LINES)]
Schedule = Annotated[list[NewInstalment], Field(max_length=MOST_INSTALMENTS)]


class NewOrder(Shape):
    """An order to draft. Whose it is: the caller's, or the account owner's, unless said."""

    account_id: Id
    currency: CurrencyCode
    lines: Lines = Field(default=[])
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    owner_id: Id | None = None
    ordered_on: Day | None = None
    payment_days: Days | None = None
    payment_schedule: Schedule = Field(default=[])
    customer_reference: Line | None = None
    note: Text | None = None


class OrderOfOpportunity(Shape):
    """A won opportunity to make an order of, with its account, lines and amounts."""

    opportunity_id: Id
    ordered_on: Day | None = None
    payment_days: Days | None = None
    customer_reference: Line | None = None
    note: Text | None = None


class OrderOfQuote(Shape):
    """An accepted quote to make an order of, with its account, lines and amounts."""

    quote_id: Id
    ordered_on: Day | None = None
    payment_days: Days | None = None
    customer_reference: Line | None = None
    note: Text | None = None


class OrderChange(Shape):
    """What to change of a draft; fields left out stay, lines and schedule are replaced as a whole."""

    lines: Kept[Lines] = None
    contact_id: Id | None = None
    ordered_on: Kept[Day] = None
    payment_days: Kept[Days] = None
    payment_schedule: Kept[Schedule] = None
    customer_reference: Line | None = None
    note: Text | None = None


class Reason(Shape):
    """Why."""

    reason: Line


class ShippedLine(Shape):
    """How many pieces of a line."""

    number: Annotated[int, Field(strict=True, ge=1, le=MOST_LINES)]
    quantity: Quantity


def _each_once(lines: list[ShippedLine]) -> list[ShippedLine]:
    if len({line.number for line in lines}) < len(lines):
        raise unfit("line_twice")
    return lines


class NewShipment(Shape):
    """What goes out. Without lines: all that is open. The same reference again changes nothing."""

    reference: Line
    lines: Annotated[list[ShippedLine], Field(min_length=1), AfterValidator(_each_once)] | None = None
    shipped_on: PastDay | None = None
    carrier: Line | None = None
    tracking: Line | None = None


class NewPayment(Shape):
    """What came in. The same reference again changes nothing."""

    reference: Line
    amount: Amount
    method: Code
    paid_on: PastDay | None = None


class PaymentTakenBack(Shape):
    """Which payment was recorded by mistake, and why it counts no more."""

    reference: Line
    reason: Line


class LineView(View):
    """A line with its sums."""

    number: int
    product_id: str | None
    name: str
    quantity: int
    unit_price: MoneyShape
    discount_bps: int
    tax_bps: int
    discount: MoneyShape
    net: MoneyShape
    tax: MoneyShape
    total: MoneyShape


class InstalmentView(View):
    """An amount and the day it is due."""

    due_on: Day
    amount: MoneyShape


class ShippedLineView(View):
    """How many pieces of a line went out."""

    number: int
    quantity: int


class ShipmentView(View):
    """A part that went out."""

    reference: str
    shipped_on: Day
    lines: list[ShippedLineView]
    carrier: str | None
    tracking: str | None


class PaymentView(View):
    """A part that came in; one taken back counts no more."""

    reference: str
    paid_on: Day
    amount: MoneyShape
    method: str
    taken_back_on: Day | None
    reason: str | None


class OrderView(OwnedView):
    """An order."""

    status: Status
    payment_status: PaymentStatus
    number: str
    account_id: str
    contact_id: str | None
    opportunity_id: str | None
    quote_id: str | None
    currency: str
    ordered_on: Day
    payment_days: int
    customer_reference: str | None
    note: str | None
    lines: list[LineView]
    net: MoneyShape
    tax: MoneyShape
    total: MoneyShape
    paid: MoneyShape
    open: MoneyShape
    payment_schedule: list[InstalmentView]
    shipments: list[ShipmentView]
    payments: list[PaymentView]
    submitted_at: Instant | None
    submitted_by: str | None
    approved_at: Instant | None
    approved_by: str | None
    rejected_at: Instant | None
    rejected_by: str | None
    rejection_reason: str | None
    activated_on: Day | None
    completed_on: Day | None
    cancelled_on: Day | None
    cancel_reason: str | None


class OrderQuery(OwnedQuery):
    """Which orders to list; `account_id` or `opportunity_id`: theirs, as far as in reach."""

    account_id: Id | None = None
    opportunity_id: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as `service.orders` takes it."""
        return {**super().which(), "account_id": self.account_id, "opportunity_id": self.opportunity_id}


class KeptView(View):
    """Units of a product that one warehouse keeps for the order: there, awaited, gone out."""

    product_id: str
    warehouse_id: str
    reserved: int
    waiting: int
    taken: int


class OrderStockView(View):
    """What is kept for an order; empty when nothing of it is stock-kept, or before its activation."""

    items: list[KeptView]


class PolicyChange(Shape):
    """The order policy: up to its limit an order needs no approval; without a limit each one does."""

    approval_limits: Annotated[list[Price], Field(max_length=50)]
    payment_days: Days
    number_prefix: Code


class PolicyView(View):
    """The order policy."""

    id: str
    approval_limits: list[MoneyShape]
    payment_days: int
    number_prefix: str
    version: int
