"""What clients send and see of credit."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

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
    unfit,
)
from chalicelib.sales.credit.grading import GRADES

Grade = Literal["A", "B", "C", "D"]
Limits = Annotated[list[Price], Field(max_length=50)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
Share = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000)]


class GradeRule(Shape):
    """A grade: what earns it (null: no bound; shares in basis points), and what it gives.

    `limits`: without any, nothing is limited; with some, a currency not among them has none to give.
    `payment_days`: the longest term, null for any.
    """

    grade: Grade
    most_days_late: Days | None
    most_overdue_bps: Share | None
    fewest_instalments: Count
    fewest_months: Count
    limits: Limits
    payment_days: Days | None
    cash_only: bool

    @property
    def bounded(self) -> bool:
        """Whether it has to be earned."""
        unbounded = (self.most_days_late, self.most_overdue_bps) == (None, None)
        return not unbounded or bool(self.fewest_instalments or self.fewest_months)


def _each_once_and_the_last_for_all(grades: list[GradeRule]) -> list[GradeRule]:
    if tuple(each.grade for each in grades) != GRADES:
        raise unfit("credit_grades", grades=", ".join(GRADES))
    if grades[-1].bounded:
        raise unfit("credit_last_grade", grade=GRADES[-1])
    return grades


class CreditPolicyChange(Shape):
    """The credit policy: all grades from best to worst. New customers have the default grade."""

    default_grade: Grade
    grades: Annotated[
        list[GradeRule],
        Field(min_length=len(GRADES), max_length=len(GRADES)),
        AfterValidator(_each_once_and_the_last_for_all),
    ]


def _as_money(limits: Any) -> Any:
    return [Money(minor, currency) for currency, minor in sorted(limits.items())]


#: Limits as they are kept: minor units by currency.
KeptLimits = Annotated[list[MoneyShape], BeforeValidator(_as_money)]


class GradeView(View):
    """A grade: what earns it, and what it gives."""

    grade: Grade
    most_days_late: int | None
    most_overdue_bps: int | None
    fewest_instalments: int
    fewest_months: int
    limits: KeptLimits
    payment_days: int | None
    cash_only: bool


class CreditPolicyView(View):
    """The credit policy."""

    id: str
    default_grade: Grade
    grades: list[GradeView]
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
