"""What clients send and see of change orders."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from chalicelib.core.money import Money
from chalicelib.core.shapes import Day, Instant, Line, MoneyShape, Price, Shape, View
from chalicelib.sales.contracts.milestones import MOST_MILESTONES
from chalicelib.sales.contracts.schemas import (
    InstalmentView,
    MilestoneNumber,
    Milestones,
    MilestoneView,
    Plan,
)

Dropped = Annotated[list[MilestoneNumber], Field(max_length=MOST_MILESTONES)]


class NewChangeOrder(Shape):
    """What to change of a signed contract, and why; what is left out stays.

    `milestones` are added, those of the numbers in `drop_milestones` taken out. `billing_plan` takes
    the place of what of the plan is not billed yet.
    """

    reason: Line
    value: Price | None = None
    tax: Price | None = None
    ends_on: Day | None = None
    milestones: Milestones = Field(default=[])
    drop_milestones: Dropped = Field(default=[])
    billing_plan: Plan | None = None


class ReplacedView(View):
    """What an approved change order replaced."""

    value: MoneyShape
    ends_on: Day | None
    tax: MoneyShape | None = None

    @field_validator("value", "tax", mode="before")
    @classmethod
    def _kept_money(cls, value: Any) -> Any:
        return Money(value["minor"], value["currency"]) if isinstance(value, dict) else value


class ChangeOrderView(View):
    """A change order."""

    id: str
    contract_id: str
    number: int
    status: Literal["PROPOSED", "APPROVED", "REJECTED", "WITHDRAWN"]
    reason: str
    value: MoneyShape | None
    tax: MoneyShape | None
    ends_on: Day | None
    milestones: list[MilestoneView]
    drop_milestones: list[int]
    billing_plan: list[InstalmentView] | None
    before: ReplacedView | None
    proposed_by: str
    decided_by: str | None
    decided_at: Instant | None
    decision_note: str | None
    version: int
    created_at: Instant
