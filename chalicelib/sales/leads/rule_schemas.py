"""What operations send and see of scoring rules, assignment rules and lead pools."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import Code, Id, Instant, Line, Shape, View, Whole, unfit

Operator = Literal["EQUALS", "ONE_OF", "CONTAINS", "AT_LEAST", "AT_MOST", "PRESENT", "ABSENT"]
Strategy = Literal["ROUND_ROBIN", "LEAST_OPEN", "EXPERT"]


class Condition(Shape):
    """Something asked of a lead: EQUALS, ONE_OF (a list), CONTAINS, AT_LEAST, AT_MOST, PRESENT, ABSENT."""

    field: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,59}$")]
    operator: Operator
    value: Line | Whole | bool | Annotated[list[Line], Field(max_length=200)] | None = None


def _fitting(condition: Condition) -> Condition:
    operator, value = condition.operator, condition.value
    if operator == "ONE_OF" and not isinstance(value, list):
        raise unfit("needs_list", operator=operator)
    if operator in ("EQUALS", "CONTAINS") and (value is None or isinstance(value, list)):
        raise unfit("needs_value", operator=operator)
    if operator in ("AT_LEAST", "AT_MOST") and not _is_number(value):
        raise unfit("needs_number", operator=operator)
    return condition


def _is_number(value: Any) -> bool:
    text = str(value)
    return not isinstance(value, bool) and text.replace(".", "", 1).isdecimal() and text.isascii()


Conditions = Annotated[list[Annotated[Condition, AfterValidator(_fitting)]], Field(max_length=20)]


class ScoringRule(Shape):
    """So many points (fewer than none takes away) when every condition holds."""

    name: Line
    points: Annotated[int, Field(ge=-100, le=100)]
    conditions: Conditions


class BehaviourRule(Shape):
    """What an event of a kind is worth: half of it after `half_life_days`, the kind `most` at once."""

    kind: Code
    name: Line
    points: Annotated[int, Field(ge=-100, le=100)]
    half_life_days: Annotated[int, Field(ge=1, le=365)]
    most: Annotated[int, Field(ge=1, le=100)] = 100


class NewScoringRules(Shape):
    """All scoring rules anew, and from how many points (0 to 100) a lead is WARM and HOT.

    `rules` are of what a lead is. `behaviours` are of what it does, and stay when left out.
    """

    rules: Annotated[list[ScoringRule], Field(max_length=100)]
    behaviours: Annotated[list[BehaviourRule], Field(max_length=30)] | None = None
    warm_from: Annotated[int, Field(ge=0, le=100)] = 30
    hot_from: Annotated[int, Field(ge=0, le=100)] = 60


class ScoringRulesView(View):
    """How leads are scored; version 0 is what comes with the house."""

    rules: list[dict[str, Any]]
    behaviours: list[dict[str, Any]]
    warm_from: int
    hot_from: int
    version: int


class AssignmentRule(Shape):
    """Who gets leads for which every condition holds.

    Users and teams (neither: every rep), or a pool. Its people are chosen in turn (ROUND_ROBIN),
    by fewest open leads (LEAST_OPEN), or by what they know of the lead's market (EXPERT).
    """

    code: Code
    name: Line
    conditions: Conditions = Field(default=[])
    strategy: Strategy = "ROUND_ROBIN"
    user_ids: list[Id] = Field(default=[], max_length=100)
    team_ids: list[Id] = Field(default=[], max_length=20)
    pool_id: Id | None = None
    sla_hours: Annotated[int, Field(ge=1, le=720)] | None = None
    sla_calendar_id: Id | None = None

    def values(self) -> dict[str, Any]:
        """Return the whole rule, what was left out included."""
        return self.model_dump(exclude={"conditions"}) | {
            "conditions": [condition.values() for condition in self.conditions]
        }


class NewAssignmentRules(Shape):
    """All assignment rules anew, in their order: the first that fits and finds somebody decides."""

    rules: Annotated[list[AssignmentRule], Field(max_length=100)]


class AssignmentRulesView(View):
    """Who gets which lead; version 0 is what comes with the house: everybody in turn."""

    rules: list[dict[str, Any]]
    version: int


class FirstContactRule(Shape):
    """Leads of a source, of a rating, of both, or (neither) all are answered within business hours.

    Without `calendar_id` those of the assignment rule's calendar; with `all_hours` every hour counts.
    """

    name: Line
    source: Line | None = None
    rating: Literal["HOT", "WARM", "COLD"] | None = None
    hours: Annotated[int, Field(ge=1, le=720)]
    calendar_id: Id | None = None
    all_hours: bool = False

    def model_post_init(self, _: Any) -> None:
        """Refuse a calendar of which every hour would count."""
        if self.all_hours and self.calendar_id:
            raise unfit("calendar_or_all_hours")


class NewFirstContactRules(Shape):
    """All rules anew. Of those that fit a lead the narrowest wins: source and rating, source, rating."""

    rules: Annotated[list[FirstContactRule], Field(max_length=100)]


class FirstContactRulesView(View):
    """How soon leads are answered; version 0 is none but what forms and assignment rules say."""

    rules: list[dict[str, Any]]
    version: int


class PoolChange(Shape):
    """What to change of a pool. No members: everybody may claim."""

    name: Line | None = None
    status: Literal["ACTIVE", "VOIDED"] | None = None
    member_ids: Annotated[list[Id], Field(max_length=200)] | None = None
    manager_id: Id | None = None
    daily_claims: Annotated[int, Field(ge=1, le=1000)] | None = None
    most_held: Annotated[int, Field(ge=1, le=10_000)] | None = None
    claim_timeout_hours: Annotated[int, Field(ge=1, le=8760)] | None = None
    contact_timeout_hours: Annotated[int, Field(ge=1, le=8760)] | None = None


class NewPool(PoolChange):
    """A pool to set up."""

    name: Line


class PoolView(View):
    """A lead pool. `member_ids` are users and teams."""

    id: str
    name: str
    status: str
    member_ids: list[str]
    manager_id: str | None
    daily_claims: int | None
    most_held: int | None
    claim_timeout_hours: int | None
    contact_timeout_hours: int | None
    version: int
    created_at: Instant
    updated_at: Instant
