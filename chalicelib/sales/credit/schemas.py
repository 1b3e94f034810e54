"""What clients send and see of credit."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from chalicelib.core.money import Money
from chalicelib.core.reasons import ReasonView
from chalicelib.core.rounding import WHOLE
from chalicelib.core.shapes import (
    Day,
    Instant,
    Line,
    ListQuery,
    MoneyShape,
    Price,
    Shape,
    View,
)

Grade = Literal["A", "B", "C", "D"]
Limits = Annotated[list[Price], Field(max_length=50)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
Share = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000)]


class Terms(Shape):
    """What a grade gives.

    `limits`: without any, nothing is limited; with some, a currency not among them has none to give.
    `payment_days`: the longest term, null for any.
    """

    limits: Limits
    payment_days: Days | None
    cash_only: bool


class EarnedTerms(Terms):
    """A grade that has to be earned; null, 0 and []: no bound. `most_overdue_bps` is a share in basis points.

    `fewest_employees`, `fewest_years` since its foundation and `least_revenue` of a year (in any one of the
    currencies) ask for a company by what its account says.
    """

    most_days_late: Days | None
    most_overdue_bps: Share | None
    fewest_instalments: Count
    fewest_months: Count
    fewest_employees: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] = 0
    fewest_years: Count = 0
    least_revenue: Limits = Field(default=[])


class Grades(Shape):
    """The grades, best first. D takes whoever earns no other."""

    A: EarnedTerms
    B: EarnedTerms
    C: EarnedTerms
    D: Terms


class CreditPolicyChange(Shape):
    """The credit policy. New customers have the default grade."""

    default_grade: Grade
    grades: Grades


def _as_money(limits: Any) -> Any:
    return [Money(minor, currency) for currency, minor in sorted(limits.items())]


#: Limits as they are kept: minor units by currency.
KeptLimits = Annotated[list[MoneyShape], BeforeValidator(_as_money)]


class TermsView(View):
    """What a grade gives."""

    limits: KeptLimits
    payment_days: int | None
    cash_only: bool


class EarnedTermsView(TermsView):
    """A grade that has to be earned, and what it gives."""

    most_days_late: int | None
    most_overdue_bps: int | None
    fewest_instalments: int
    fewest_months: int
    fewest_employees: int
    fewest_years: int
    least_revenue: KeptLimits


class GradesView(View):
    """The grades, best first."""

    A: EarnedTermsView
    B: EarnedTermsView
    C: EarnedTermsView
    D: TermsView


def _by_name(grades: Any) -> Any:
    return {each.grade: each for each in grades}


class CreditPolicyView(View):
    """The credit policy."""

    id: str
    default_grade: Grade
    grades: Annotated[GradesView, BeforeValidator(_by_name)]
    version: int


class Review(Shape):
    """A grade, or limits, for this account alone, up to and with a day; and why."""

    grade: Grade | None = None
    limits: Limits = Field(default=[])
    until: Day
    reason: Line


class Stop(Shape):
    """Why nothing more is sold to an account or shipped."""

    reason: Line


class StopView(View):
    """Who stopped an account, when, and why."""

    reason: str
    by: str
    at: Instant


class ReviewView(StopView):
    """What somebody decided for an account alone, up to which day, and why."""

    grade: Grade | None
    limits: KeptLimits
    until: Day


class DebtView(View):
    """What an account owes in a currency; `limit` and `free` are null where nothing is limited.

    `free` is below zero when it owes more than it may by now.
    """

    currency: str
    owed: MoneyShape
    overdue: MoneyShape
    limit: MoneyShape | None
    free: MoneyShape | None


class ConductView(View):
    """How an account paid: instalments settled, those of them late, and those overdue today."""

    settled: int
    settled_late: int
    mean_days_late: int
    overdue: int


class CreditView(View):
    """How an account stands: its grade and why it is no better, what it may owe and owes, its terms.

    `earned` is the grade that follows from its conduct; `grade` is another while a review gives one.
    """

    account_id: str
    grade: Grade
    earned: Grade
    reasons: list[ReasonView]
    graded_on: Day | None
    customer_since: Day | None
    payment_days: int | None
    cash_only: bool
    currencies: list[DebtView]
    conduct: ConductView
    review: ReviewView | None
    stop: StopView | None
    version: int


class CreditQuery(ListQuery):
    """Customers of which grade."""

    grade: Grade
