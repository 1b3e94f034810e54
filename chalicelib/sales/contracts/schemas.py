"""What clients send and see of contracts."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Amount,
    Day,
    Id,
    Instant,
    Kept,
    Line,
    ListQuery,
    MoneyShape,
    OwnedQuery,
    OwnedView,
    PastDay,
    Price,
    Shape,
    Text,
    View,
)
from chalicelib.sales.contracts.billing_plan import MOST_INSTALMENTS
from chalicelib.sales.contracts.milestones import MOST_MILESTONES

Status = Literal[
    "DRAFT",
    "IN_APPROVAL",
    "REJECTED",
    "NEGOTIATING",
    "AWAITING_SIGNATURE",
    "SIGNED",
    "SIGNATURE_DECLINED",
    "ACTIVATED",
    "EXPIRED",
    "TERMINATED",
    "CANCELLED",
]
Fulfilment = Literal["NOT_APPLICABLE", "UNFULFILLED", "PARTLY_FULFILLED", "FULFILLED", "LAPSED"]
Renewal = Literal["NONE", "AUTOMATIC"]
Months = Annotated[int, Field(strict=True, ge=1, le=120)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]


#: What names a milestone: numbers are not given twice, so change orders bring higher ones than there are.
MilestoneNumber = Annotated[int, Field(strict=True, ge=1, le=10**6)]


class NewMilestone(Shape):
    """A step that the contract obliges to, perhaps with an amount."""

    name: Line
    due_on: Day
    amount: Price | None = None


class NewInstalment(Shape):
    """An amount, without tax, and the day it is billed on."""

    bill_on: Day
    amount: Amount


Plan = Annotated[list[NewInstalment], Field(max_length=MOST_INSTALMENTS)]
BilledBy = Literal["CONTRACT", "ORDERS"]
Milestones = Annotated[list[NewMilestone], Field(max_length=MOST_MILESTONES)]
OrderIds = Annotated[list[Id], Field(max_length=20)]


class Terms(Shape):
    """What is agreed beside parties and price, and how it is billed."""

    billed_by: BilledBy | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reminder_days: Days = 30
    renewal: Renewal = "NONE"
    renewal_months: Months | None = None
    notice_days: Days | None = None
    milestones: Milestones = Field(default=[])
    billing_plan: Plan = Field(default=[])
    note: Text | None = None


class NewContract(Terms):
    """A contract to draft. Whose it is: the caller's, or the account owner's, unless said."""

    account_id: Id
    title: Line
    value: Price
    tax: Price | None = None
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    order_ids: OrderIds = Field(default=[])
    owner_id: Id | None = None
    terms: Text | None = None


class ContractChange(Shape):
    """What to change; fields left out stay, milestones, plan and orders are replaced as a whole.

    After the draft only the reminder, the note and the contact.
    """

    title: Kept[Line] = None
    value: Kept[Price] = None
    tax: Price | None = None
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    order_ids: Kept[OrderIds] = None
    billed_by: Kept[BilledBy] = None
    terms: Text | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reminder_days: Kept[Days] = None
    renewal: Kept[Renewal] = None
    renewal_months: Months | None = None
    notice_days: Days | None = None
    milestones: Kept[Milestones] = None
    billing_plan: Kept[Plan] = None
    note: Text | None = None


class Reason(Shape):
    """Why."""

    reason: Line


class Signature(Shape):
    """Who signed for the customer, and when; `reference` as `signing_reference` of the contract says.

    `by_hand`: why it is recorded without the word of the signing provider, where there is one.
    """

    signed_by: Line
    signed_on: PastDay | None = None
    reference: Line | None = None
    by_hand: Line | None = None


class Reached(Shape):
    """Which milestone was reached, when, and what shows it."""

    number: MilestoneNumber
    done_on: PastDay | None = None
    evidence: Text | None = None


class MilestoneView(View):
    """A step that the contract obliges to."""

    number: int
    name: str
    due_on: Day
    amount: MoneyShape | None
    done_on: Day | None
    evidence: str | None
    overdue: bool


class InstalmentView(View):
    """An amount, without tax, and the day it is billed on."""

    number: int
    bill_on: Day
    amount: MoneyShape


class SoldView(View):
    """A line that the customer accepted in the quote."""

    number: int
    product_id: str | None
    name: str
    quantity: int
    net: MoneyShape
    tax_bps: int


class OrderedView(View):
    """How many pieces of a line."""

    number: int
    quantity: int


class CallView(View):
    """An order under the contract, and what it takes."""

    order_id: str
    lines: list[OrderedView]


class ContractView(OwnedView):
    """A contract. `value` is without tax."""

    status: Status
    fulfilment_status: Fulfilment
    number: str
    title: str
    account_id: str
    contact_id: str | None
    opportunity_id: str | None
    quote_id: str | None
    order_ids: list[str]
    billed_by: BilledBy
    value: MoneyShape
    tax: MoneyShape | None
    terms: str | None
    lines: list[SoldView]
    calls: list[CallView]
    starts_on: Day | None
    ends_on: Day | None
    reminder_days: int
    renewal: Renewal
    renewal_months: int | None
    notice_days: int | None
    notice_given_on: Day | None
    renewed: int
    amended: int
    risk: Literal["HIGH", "MEDIUM"] | None
    note: str | None
    milestones: list[MilestoneView]
    billing_plan: list[InstalmentView]
    text_version: int
    approved_text: int | None
    submitted_at: Instant | None
    submitted_by: str | None
    approved_at: Instant | None
    approved_by: str | None
    rejection_reason: str | None
    sent_on: Day | None
    signed_on: Day | None
    signed_by: str | None
    signing_reference: str | None
    signed_by_hand: str | None
    signed_digest: str | None
    signed_file_digest: str | None
    decline_reason: str | None
    activated_on: Day | None
    reminded_on: Day | None
    ended_on: Day | None
    end_reason: str | None


class ContractQuery(OwnedQuery):
    """Which contracts to list; `account_id`: that account's, as far as in reach."""

    account_id: Id | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as `service.contracts` takes it."""
        return {**super().which(), "account_id": self.account_id}


class Notice(Shape):
    """When notice was given, by either side: today unless said."""

    given_on: PastDay | None = None


class RiskQuery(ListQuery):
    """Whose contracts: an owner's or a team's; else one's own, one's first team's, or all."""

    owner_id: Id | None = None
    team_id: Id | None = None
