"""What clients send and see of contracts."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.shapes import (
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
)
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
Days = Annotated[int, Field(strict=True, ge=0, le=365)]


class NewMilestone(Shape):
    """A step that the contract obliges to, perhaps with an amount."""

    name: Line
    due_on: Day
    amount: Price | None = None


Milestones = Annotated[list[NewMilestone], Field(max_length=MOST_MILESTONES)]
OrderIds = Annotated[list[Id], Field(max_length=20)]


class NewContract(Shape):
    """A contract to draft. Whose it is: the caller's, or the account owner's, unless said."""

    account_id: Id
    title: Line
    value: Price
    opportunity_id: Id | None = None
    order_ids: OrderIds = Field(default=[])
    owner_id: Id | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reminder_days: Days = 30
    milestones: Milestones = Field(default=[])
    note: Text | None = None


class ContractChange(Shape):
    """What to change; fields left out stay, milestones and orders are replaced as a whole.

    After the draft only the reminder and the note.
    """

    title: Kept[Line] = None
    value: Kept[Price] = None
    opportunity_id: Id | None = None
    order_ids: Kept[OrderIds] = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reminder_days: Kept[Days] = None
    milestones: Kept[Milestones] = None
    note: Text | None = None


class Reason(Shape):
    """Why."""

    reason: Line


class Signature(Shape):
    """Who signed for the customer, and when."""

    signed_by: Line
    signed_on: PastDay | None = None


class Reached(Shape):
    """Which milestone was reached, when, and what shows it."""

    number: Annotated[int, Field(strict=True, ge=1, le=MOST_MILESTONES)]
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


class ContractView(OwnedView):
    """A contract."""

    status: Status
    fulfilment_status: Fulfilment
    number: str
    title: str
    account_id: str
    opportunity_id: str | None
    order_ids: list[str]
    value: MoneyShape
    starts_on: Day | None
    ends_on: Day | None
    reminder_days: int
    note: str | None
    milestones: list[MilestoneView]
    submitted_at: Instant | None
    submitted_by: str | None
    approved_at: Instant | None
    approved_by: str | None
    rejection_reason: str | None
    sent_on: Day | None
    signed_on: Day | None
    signed_by: str | None
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
