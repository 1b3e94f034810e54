"""What clients send and see of deals; of pipelines, see `stage_shapes`."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Code,
    Day,
    Id,
    Instant,
    Line,
    MoneyShape,
    OwnedView,
    Price,
    Shape,
    Text,
    View,
    kept,
)
from chalicelib.sales.opportunities.buying import MOST_COMPETITORS
from chalicelib.sales.opportunities.lines import MOST_LINES
from chalicelib.sales.opportunities.stage_shapes import BuyingRole, Category, Role, StageCode


class NewLine(Shape):
    """A product in the deal; its list price when no unit price is given."""

    product_id: Id
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    unit_price: Price = kept()


Lines = Annotated[list[NewLine], Field(max_length=MOST_LINES)]
Attitude = Literal["SUPPORTIVE", "NEUTRAL", "OPPOSED"]
#: How a competitor stands: before us, level with us, behind us, or out of it.
Rivalry = Literal["AHEAD", "LEVEL", "BEHIND", "OUT"]
Remark = Annotated[Text, Field(max_length=1000)]


class NewCompetitor(Shape):
    """Somebody else who is after the deal: what speaks for and against them, and their price."""

    name: Line
    strengths: Remark | None = None
    weaknesses: Remark | None = None
    price: Price | None = None
    status: Rivalry | None = None


class NewOpportunity(Shape):
    """A deal to open. Lines make its amount; without them it is given, or not known yet."""

    name: Line
    account_id: Id
    close_on: Day
    contact_id: Id | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None
    amount: Price | None = None
    lines: Lines = Field(default_factory=list)
    source: Code | None = None
    campaign: Line | None = None
    region: Line | None = None
    industry: Line | None = None
    next_step: Line | None = None
    description: Text | None = None


class Clone(Shape):
    """A deal to open like another: when it is to close, and what it is to have otherwise."""

    close_on: Day
    name: Line = kept()
    pipeline_id: Id = kept()
    contact_id: Id | None = None
    lines: Lines = kept()
    next_step: Line | None = None


class OpportunityChange(Shape):
    """What to change of an open deal; fields left out stay, lists are replaced as a whole."""

    name: Line = kept()
    amount: Price = kept()
    close_on: Day = kept()
    lines: Lines = kept()
    account_id: Id = kept()
    contact_id: Id | None = None
    category_override: Category | None = None
    source: Code | None = None
    campaign: Line | None = None
    region: Line | None = None
    industry: Line | None = None
    competitor: Line | None = None
    competitors: Annotated[list[NewCompetitor], Field(max_length=MOST_COMPETITORS)] = kept()
    next_step: Line | None = None
    description: Text | None = None


class NextStage(Shape):
    """The stage to move a deal to."""

    stage_id: StageCode


class Won(Shape):
    """When a deal was won; today when left out."""

    closed_on: Day = kept()


class Lost(Shape):
    """Why a deal was lost (a code of its pipeline's reasons), to whom, and when; today when left out."""

    reason: StageCode
    note: Text | None = None
    competitor: Line | None = None
    closed_on: Day = kept()


class Guidance(Shape):
    """What the owner of a deal is told."""

    text: Annotated[Remark, Field(min_length=1)]


class Reopened(Shape):
    """Why a deal is open again, and the stage to return to; the one it was closed from when left out."""

    reason: Line
    stage_id: StageCode = kept()


class Membership(Shape):
    """What part somebody has in the deal's team, and which percent of its credit."""

    role: Role
    split_percent: Annotated[int, Field(ge=0, le=100)] = 0


class Buyer(Shape):
    """What part a contact has in the purchase, and how they stand to us."""

    role: BuyingRole
    attitude: Attitude | None = None


class LineView(View):
    """A product in a deal."""

    product_id: str
    quantity: int
    unit_price: MoneyShape
    amount: MoneyShape


class Stays(View):
    """A deal's stays in one stage; seconds are those of finished ones."""

    entered: int
    left: int
    advanced: int
    lost: int
    seconds: int


class MemberView(View):
    """Somebody who works on a deal, the owner too; the splits of all are 100 together."""

    user_id: str
    role: Role | Literal["OWNER"]
    split_percent: int


class BuyerView(View):
    """A contact who takes part in the purchase."""

    contact_id: str
    role: BuyingRole
    attitude: Attitude | None


class CompetitorView(View):
    """Somebody else who is after the deal."""

    name: str
    strengths: str | None
    weaknesses: str | None
    price: MoneyShape | None
    status: Rivalry | None


class QuotedView(View):
    """A quote of the deal that was sent, and how it stands."""

    quote_id: str
    number: str
    status: str
    sent_on: Day


class ApprovalView(View):
    """Who approved a deal in its stage, when, and up to which amount."""

    by: str
    at: Instant
    amount: MoneyShape


class GuidanceView(View):
    """What the owner of a deal was told, by whom, and when they acknowledged it."""

    number: int
    by: str
    at: Instant
    text: str
    acknowledged_at: Instant | None


class OpportunityView(OwnedView):
    """A deal."""

    name: str
    account_id: str | None
    contact_id: str | None
    lead_id: str | None
    pipeline_id: str
    stage_id: str
    stage_since: Instant
    stalled_since: Instant | None
    stage_approval: ApprovalView | None = Field(validation_alias="approval")
    probability: int
    forecast_category: Category
    category_override: Category | None
    amount: MoneyShape
    lines: list[LineView] = Field(validation_alias="priced_lines")
    opened_on: Day | None
    close_on: Day | None
    closed_on: Day | None
    source: str | None
    campaign: str | None
    region: str | None
    industry: str | None
    next_step: str | None
    description: str | None
    last_activity_at: Instant | None
    lost_reason: str | None
    reopen_reason: str | None
    cloned_from: str | None
    lost_note: str | None
    competitor: str | None
    competitors: list[CompetitorView] = Field(validation_alias="priced_competitors")
    buyers: list[BuyerView] = Field(validation_alias="buying_roles")
    quotes: list[QuotedView] = Field(validation_alias="sent_quotes")
    team: list[MemberView]
    guidance: list[GuidanceView]
    journey: dict[str, Stays]
    external_id: str | None


class Standing(View):
    """How a deal stood; of what was before a turn, only what the turn touched."""

    stage_id: str | None = None
    status: str | None = None
    amount: MoneyShape | None = None
    close_on: Day | None = None
    stage_approval: ApprovalView | None = None
    lost_reason: str | None = None
    reopen_reason: str | None = None


class TurnView(View):
    """One line of a deal's history."""

    version: int
    at: str
    by: str | None
    after: Standing
    before: Standing
