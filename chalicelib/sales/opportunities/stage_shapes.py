"""What clients send and see of pipelines: stages, what they ask of a deal, reasons for a loss."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.shapes import Amount, Instant, Line, Shape, View, kept

Category = Literal["OMITTED", "PIPELINE", "BEST_CASE", "MOST_LIKELY", "COMMIT", "CLOSED"]
StageType = Literal["OPEN", "WON", "LOST"]
Role = Literal["CO_FOLLOWER", "PRESALES", "AFTER_SALES", "SPONSOR", "MEMBER"]
BuyingRole = Literal[
    "DECISION_MAKER", "CHAMPION", "INFLUENCER", "USER", "PROCUREMENT", "GATEKEEPER", "BLOCKER"
]
Requirable = Literal[
    "account_id",
    "close_on",
    "competitor",
    "contact_id",
    "description",
    "industry",
    "next_step",
    "region",
    "source",
]
#: Fields whose values are few, so that a stage can name those it wants.
Comparable = Literal["competitor", "forecast_category", "industry", "region", "source"]
#: The code of a stage or a reason: lower case, so that it is never a forecast category.
StageCode = Annotated[str, Field(max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]


class FieldFilled(Shape):
    """A criterion: a field of the deal is filled in."""

    rule: Literal["field"]
    field: Requirable


class ValueAmong(Shape):
    """A criterion: a field of the deal has one of some values. The category is the one it counts in."""

    rule: Literal["value"]
    field: Comparable
    one_of: Annotated[list[Line], Field(min_length=1, max_length=50)]


class AmountKnown(Shape):
    """A criterion: the deal has an amount above zero."""

    rule: Literal["amount"]


class WorthEnough(Shape):
    """A criterion: the deal's amount is at least the one that is named in its currency."""

    rule: Literal["worth"]
    at_least: Annotated[list[Amount], Field(min_length=1, max_length=20)]


class Approved(Shape):
    """A criterion: the deal is approved in the stage where it stands."""

    rule: Literal["approval"]


class EnoughOf(Shape):
    """A criterion: so many products, interactions (notes aside), or competitors are there."""

    rule: Literal["lines", "interactions", "competitors"]
    at_least: Annotated[int, Field(ge=1, le=100)]


class Quoted(Shape):
    """A criterion: a quote of the deal was sent, whatever became of it, or is accepted."""

    rule: Literal["quote"]
    standing: Literal["SENT", "ACCEPTED"]


class MemberNamed(Shape):
    """A criterion: somebody of the deal's team has a role."""

    rule: Literal["member"]
    role: Role


class BuyerNamed(Shape):
    """A criterion: a contact of the account has a part in the purchase."""

    rule: Literal["buyer"]
    role: BuyingRole


class RecentActivity(Shape):
    """A criterion: there was an interaction of a type in the last days."""

    rule: Literal["activity"]
    type: Literal["CALL", "EMAIL", "MEETING", "VISIT", "MESSAGE"]
    within_days: Annotated[int, Field(ge=1, le=365)]


Criterion = Annotated[
    FieldFilled
    | ValueAmong
    | AmountKnown
    | WorthEnough
    | Approved
    | EnoughOf
    | RecentActivity
    | Quoted
    | MemberNamed
    | BuyerNamed,
    Field(discriminator="rule"),
]
Criteria = Annotated[list[Criterion], Field(max_length=20)]
Names = Annotated[dict[Literal["en", "zh-CN"], Line], Field(min_length=1)]


class Whole(Shape):
    """A part that is stored whole: what was left out is stored as its default."""

    def values(self) -> dict[str, Any]:
        """Return all fields."""
        return self.model_dump()


class StageShape(Whole):
    """A stage: its code, its names, what it says of a deal, and what lets a deal in and out.

    `expected_days` is how long a deal may stay before it counts as stalled; null for no limit.
    """

    id: StageCode
    names: Names
    type: StageType
    probability: Annotated[int, Field(ge=0, le=100)]
    forecast_category: Category
    expected_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    entry: Criteria = Field(default_factory=list)
    exit: Criteria = Field(default_factory=list)


class Reason(Whole):
    """A reason for which a deal may be lost."""

    id: StageCode
    names: Names


Stages = Annotated[list[StageShape], Field(min_length=3, max_length=20)]
Reasons = Annotated[list[Reason], Field(min_length=1, max_length=50)]


class NewPipeline(Shape):
    """A pipeline to add: its stages in order, one of them for won and one for lost deals."""

    name: Line
    stages: Stages
    lost_reasons: Reasons


class PipelineChange(Shape):
    """What to change of a pipeline; fields left out stay, `stages` are replaced as a whole."""

    name: Line = kept()
    stages: Stages = kept()
    lost_reasons: Reasons = kept()
    status: Literal["ACTIVE", "RETIRED"] = kept()


class PipelineView(View):
    """A pipeline."""

    id: str
    name: str
    stages: list[StageShape]
    lost_reasons: list[Reason]
    status: Literal["ACTIVE", "RETIRED"]
    version: int
    created_at: Instant
    updated_at: Instant
