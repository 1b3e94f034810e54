"""What clients ask of forecasts, and see of them."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.settings import settings
from chalicelib.core.shapes import (
    CurrencyCode,
    Day,
    Id,
    Instant,
    Line,
    ListQuery,
    MoneyShape,
    Month,
    NoQuery,
    Shape,
    View,
)

#: Whole, and above -100: nothing is left of a figure at -100.
Percent = Annotated[int, Field(gt=-100, le=1000)]


def _own_currency() -> str:
    return settings().currency


class OfTeamQuery(NoQuery):
    """Of which team (with all below it), in which currency."""

    team_id: Id | None = None
    currency: CurrencyCode = Field(default_factory=_own_currency)


class OutlookQuery(OfTeamQuery):
    """Of which team or owner (default: the company, the first team managed, or oneself), how many months."""

    owner_id: Id | None = None
    months: Annotated[int, Field(ge=1, le=3)] = 3


class ReplayQuery(OfTeamQuery):
    """Of which past business day, and which team or owner."""

    day: Day
    owner_id: Id | None = None


class AccuracyQuery(OfTeamQuery):
    """Of which team (default: the company, or the first team managed), over how many finished months."""

    months: Annotated[int, Field(ge=1, le=36)] = 12


class NewFactor(Shape):
    """What the market is expected to add to the figures of some months (or to take), in whole per cent."""

    percent: Percent
    reason: Line
    first_month: Month
    last_month: Month


class FactorChange(Shape):
    """What to change of a market factor; fields left out stay."""

    percent: Percent | None = None
    reason: Line | None = None
    first_month: Month | None = None
    last_month: Month | None = None


class FactorQuery(ListQuery):
    """Which market factors to list."""

    status: Literal["ACTIVE", "VOIDED"] = "ACTIVE"


class AppliedFactorView(View):
    """A market factor, as it is applied to a month."""

    id: str
    percent: int
    reason: str


class FactorView(AppliedFactorView):
    """A market factor."""

    first_month: str
    last_month: str
    status: str
    version: int
    created_at: Instant
    updated_at: Instant


class RangeView(View):
    """P10, P50 and P90; the P50 is null where only a range may be shown."""

    p10: MoneyShape
    p50: MoneyShape | None
    p90: MoneyShape


class BacktestView(View):
    """How a method did at so many past cut-offs, in per cent; null: not defined. `bias` above 0: too high."""

    method: str
    cutoffs: int
    wape: str | None
    bias: str | None
    coverage: str | None


class MonthAheadView(View):
    """A month's figures with its market factors, and before them.

    The present month's figures are never below what is won already.
    """

    month: str
    figures: RangeView
    before_factors: RangeView
    factors: list[AppliedFactorView]


class ShareOfMonthView(View):
    """An owner's part in the team's expected figure."""

    month: str
    amount: MoneyShape


class CategoryView(View):
    """The open deals of a forecast category."""

    category: str
    count: int
    amount: MoneyShape


class LiveView(View):
    """What is known this minute: won so far in the month, and what is open."""

    month: str
    won_so_far: MoneyShape
    won_count: int
    categories: list[CategoryView]
    weighted: MoneyShape


class OutlookView(View):
    """What to expect of the next months, how it was found, how far off that was; and what is known now."""

    answer: Literal["forecast", "not_enough_history", "share_of_team"]
    as_of: Day
    currency: str
    team_id: str | None
    owner_id: str | None
    shortage: Literal["no_finished_month", "too_few_cutoffs"] | None
    method: str
    backtest: BacktestView
    candidates: list[BacktestView]
    months: list[MonthAheadView]
    total: RangeView | None
    share: list[ShareOfMonthView]
    live: LiveView


class HitView(View):
    """A month as it was forecast at the end of the month before, and as it came; in per cent."""

    month: str
    method: str
    p10: MoneyShape
    p50: MoneyShape | None
    p90: MoneyShape
    actual: MoneyShape
    inside: bool
    error: str | None
    accuracy: str | None


class AccuracyView(View):
    """How good the forecasts were, one month ahead, in per cent."""

    currency: str
    team_id: str | None
    wape: str | None
    bias: str | None
    coverage: str | None
    months: list[HitView]


class SumView(View):
    """The open deals that are alike in something."""

    name: str
    count: int
    amount: MoneyShape


class PastDayView(View):
    """The deals that were open at the end of a past business day, and the forecast of that day.

    `agrees`: whether the change log gives the stored snapshot, deal by deal; null without one.
    """

    day: Day
    currency: str
    team_id: str | None
    owner_id: str | None
    count: int
    amount: MoneyShape
    categories: list[SumView]
    stages: list[SumView]
    agrees: bool | None
    method: str
    shortage: str | None
    months: list[str]
    p10: list[MoneyShape]
    p50: list[MoneyShape] | None
    p90: list[MoneyShape]
