"""What clients send and see of orders."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.reasons import ReasonView
from chalicelib.core.rounding import WHOLE
from chalicelib.core.shapes import (
    Amount,
    CurrencyCode,
    Day,
    Id,
    Instant,
    Kept,
    Line,
    MoneyShape,
    OwnedQuery,
    OwnedView,
    Price,
    Shape,
    Text,
    View,
)
from chalicelib.sales.orders.collecting import MOST_INSTALMENTS
from chalicelib.sales.orders.goods_schemas import Quantity, ReturnView, ShipmentView
from chalicelib.sales.orders.lines import MOST_LINES
from chalicelib.sales.orders.money_schemas import InstalmentView, InvoiceView, PaymentView, RefundView

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
PaymentStatus = Literal["UNPAID", "PARTLY_PAID", "PAID", "OVERPAID", "REFUNDED"]


#: A share in basis points: 1,300 are 13 %.
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
Pieces = Annotated[int, Field(strict=True, ge=0, le=10_000)]


class NewLine(Shape):
    """A line: a product, or a service or charge by its name. Without a price: the catalogue's."""

    product_id: Id | None = None
    name: Line | None = None
    quantity: Quantity
    unit_price: Price | None = None
    discount_bps: BasisPoints = 0
    tax_bps: BasisPoints = 0


class OrderedOption(Shape):
    """An option, and how many pieces for one of the product."""

    product_id: Id
    quantity: Annotated[Pieces, Field(ge=1)]


class OrderedComponent(Shape):
    """A bundle's component, and how many pieces in one bundle."""

    product_id: Id
    quantity: Pieces


class NewOrderLine(NewLine):
    """A line to order: a product, perhaps configured, or a service or charge by its name and price."""

    options: Annotated[list[OrderedOption], Field(max_length=MOST_LINES)] = Field(default=[])
    components: Annotated[list[OrderedComponent], Field(max_length=MOST_LINES)] = Field(default=[])


class NewInstalment(Shape):
    """An amount and the day it is due."""

    due_on: Day
    amount: Amount


Lines = Annotated[list[NewOrderLine], Field(max_length=MOST_LINES)]
Schedule = Annotated[list[NewInstalment], Field(max_length=MOST_INSTALMENTS)]


class NewOrder(Shape):
    """An order to draft. Whose it is: the caller's, or the account owner's, unless said."""

    account_id: Id
    currency: CurrencyCode
    lines: Lines = Field(default=[])
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    owner_id: Id | None = None
    channel: Line | None = None
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
    """What to change of a draft; fields left out stay, lines and schedule are replaced as a whole.

    Lines are priced anew; another channel comes with them.
    """

    lines: Kept[Lines] = None
    channel: Line | None = None
    contact_id: Id | None = None
    ordered_on: Kept[Day] = None
    payment_days: Kept[Days] = None
    payment_schedule: Kept[Schedule] = None
    customer_reference: Line | None = None
    note: Text | None = None


class Reason(Shape):
    """Why."""

    reason: Line


class BundlePartView(View):
    """Pieces of a product that a bundle's line holds in all."""

    product_id: str
    quantity: int


class LineView(View):
    """A line with its sums; `contents` go out for a bundle that is not kept in stock itself."""

    number: int
    product_id: str | None
    name: str
    quantity: int
    cancelled: int
    unit_price: MoneyShape
    discount_bps: int
    tax_bps: int
    discount: MoneyShape
    net: MoneyShape
    tax: MoneyShape
    total: MoneyShape
    contents: list[BundlePartView] = Field(validation_alias="held")


class ApprovalView(View):
    """A step of an order's approval: why, whose roles sign it (any: none are named), and who did."""

    step: str
    reasons: list[ReasonView]
    roles: list[str]
    approved_by: str | None
    approved_at: Instant | None


class ChangedLineView(View):
    """What is to become of a line; what is null stays."""

    number: int
    quantity: int | None
    unit_price: MoneyShape | None
    discount_bps: int | None
    tax_bps: int | None


class AmendmentView(View):
    """A change of an order that waits for its approvals."""

    reason: str
    proposed_by: str
    proposed_at: Instant
    changes: list[ChangedLineView]
    add: list[LineView]
    drop: list[int]
    approvals: list[ApprovalView]


class OrderView(OwnedView):
    """An order, with why it needs, or needed, an approval. One for `cash_only` goes out when it is paid."""

    status: Status
    payment_status: PaymentStatus
    number: str
    account_id: str
    contact_id: str | None
    opportunity_id: str | None
    quote_id: str | None
    contract_id: str | None
    currency: str
    channel: str | None
    ordered_on: Day
    payment_days: int
    customer_reference: str | None
    note: str | None
    lines: list[LineView]
    net: MoneyShape
    tax: MoneyShape
    total: MoneyShape
    owed: MoneyShape
    paid: MoneyShape
    refunded: MoneyShape
    credit: MoneyShape
    open: MoneyShape
    payment_schedule: list[InstalmentView]
    shipments: list[ShipmentView]
    returns: list[ReturnView]
    payments: list[PaymentView]
    refunds: list[RefundView]
    invoices: list[InvoiceView]
    submitted_at: Instant | None
    submitted_by: str | None
    approvals: list[ApprovalView]
    amendment: AmendmentView | None
    amended_at: Instant | None
    approved_at: Instant | None
    approved_by: str | None
    rejected_at: Instant | None
    rejected_by: str | None
    rejection_reason: str | None
    activated_on: Day | None
    completed_on: Day | None
    cancelled_on: Day | None
    cancel_reason: str | None
    approval_reasons: list[ReasonView]
    credit_approved_at: Instant | None
    credit_approved_by: str | None
    cash_only: bool


class OrderQuery(OwnedQuery):
    """Which orders to list; `account_id` or `opportunity_id`: theirs, as far as in reach.

    `waits_for`: those in reach that wait for an approval (their own, or a change's) or an invoice.
    """

    account_id: Id | None = None
    opportunity_id: Id | None = None
    waits_for: Literal["APPROVAL", "INVOICE"] | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as `service.orders` takes it."""
        names = ("account_id", "opportunity_id", "waits_for")
        return {**super().which(), **{name: getattr(self, name) for name in names}}


class EventView(View):
    """Something that happened, in words: recorded `at` an instant by somebody, for a day that was told."""

    code: str
    on: Day
    at: Instant
    by: str | None
    text: str
