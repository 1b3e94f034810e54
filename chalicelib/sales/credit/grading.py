"""Which grade a customer earns, and why: pure rules over how it has paid and what it is, in whole numbers.

The grades stand from best to worst; a customer earns the first whose every bound it keeps. The last
has no bounds. Who has not paid anything yet, and is not late with anything, has the default grade, or the
next one whose bounds for a company it keeps.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chalicelib.core.money import Money
from chalicelib.core.rounding import WHOLE
from chalicelib.sales.credit.company import Company
from chalicelib.sales.credit.history import Facts

#: Best first.
GRADES: Final = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class GradeTerms:
    """A grade: what one has to keep to earn it (None: no bound), and what it gives.

    `most_days_late` is the mean over all instalments that were settled or are overdue;
    `most_overdue_bps` is overdue of what is open, in the worst currency, in basis points.
    `fewest_employees`, `fewest_years` since its foundation and `least_revenue` of a year (minor units, in
    any one of the currencies named) ask for a company; one of which nothing is known does not keep them.
    `limits` are minor units by currency: without any nothing is limited, with some a currency that
    is not among them has none to give. `payment_days` is the longest term (None: any).
    """

    grade: str
    most_days_late: int | None = None
    most_overdue_bps: int | None = None
    fewest_instalments: int = 0
    fewest_months: int = 0
    fewest_employees: int = 0
    fewest_years: int = 0
    least_revenue: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    payment_days: int | None = None
    cash_only: bool = False

    @property
    def asks_company(self) -> bool:
        """Whether it asks for what the company is."""
        return bool(self.fewest_employees or self.fewest_years or self.least_revenue)


@dataclass(frozen=True, slots=True)
class Grading:
    """The grade earned, and the reasons why it is no better: codes with the values of their texts."""

    grade: str
    reasons: list[dict[str, Any]]


def grading(
    grades: Sequence[GradeTerms],
    default: str,
    facts: Facts,
    company: Company,
    *,
    since: date | None,
    today: date,
) -> Grading:
    """Return the grade that a customer `since` a day earns by what is known today."""
    if not facts.judged:
        return beginning(grades, default, company, today=today)
    months = months_between(since or today, today)
    return _first(
        grades,
        lambda terms: [
            *_misconduct(terms, facts, months=months, today=today),
            *_too_small(terms, company, today),
        ],
    )


def beginning(grades: Sequence[GradeTerms], default: str, company: Company, *, today: date) -> Grading:
    """Return the grade of who has paid nothing yet: the default, or the next one that its company keeps."""
    at_most = next(place for place, terms in enumerate(grades) if terms.grade == default)
    found = _first(grades[at_most:], lambda terms: list(_too_small(terms, company, today)))
    is_new = {"code": "credit_new_customer", "values": {"grade": default}}
    return Grading(found.grade, [is_new, *found.reasons])


def _first(grades: Sequence[GradeTerms], failed: Callable[[GradeTerms], list[dict[str, Any]]]) -> Grading:
    """Return the first grade of which nothing failed, or the last, with all that did before it."""
    missed: list[dict[str, Any]] = []
    for terms in grades:
        if not (reasons := failed(terms)):
            return Grading(terms.grade, missed)
        missed += reasons
    return Grading(grades[-1].grade, missed)


def _too_small(terms: GradeTerms, company: Company, today: date) -> Iterator[dict[str, Any]]:
    """Yield a reason for each bound of a grade that the company does not keep."""
    years = today.year - company.founded if company.founded else None
    sizes = (
        ("credit_few_employees", company.employees, terms.fewest_employees),
        ("credit_few_years", years, terms.fewest_years),
    )
    for code, found, bound in sizes:
        if bound and (found is None or found < bound):
            yield _missed(terms, code, "?" if found is None else found, bound)
    if terms.least_revenue and not _earns(terms, company.annual_revenue):
        least = " / ".join(str(Money(minor, of)) for of, minor in sorted(terms.least_revenue.items()))
        yield _missed(terms, "credit_small_revenue", str(company.annual_revenue or "?"), least)


def _earns(terms: GradeTerms, revenue: Money | None) -> bool:
    least = terms.least_revenue.get(revenue.currency) if revenue else None
    return revenue is not None and least is not None and revenue.minor >= least


def _misconduct(terms: GradeTerms, facts: Facts, *, months: int, today: date) -> Iterator[dict[str, Any]]:
    """Yield a reason for each bound of a grade that the customer's payments do not keep."""
    late, parts = facts.days_late_by(today), facts.judged
    # Compared without a division, so that nothing is rounded.
    if terms.most_days_late is not None and late > terms.most_days_late * parts:
        yield _missed(terms, "credit_days_late", facts.mean_days_late(today), terms.most_days_late)
    share = facts.worst_overdue_share
    if terms.most_overdue_bps is not None and share * WHOLE > terms.most_overdue_bps:
        found = -(-share.numerator * WHOLE // share.denominator)
        yield _missed(terms, "credit_overdue_share", _percent(found), _percent(terms.most_overdue_bps))
    if facts.settled < terms.fewest_instalments:
        yield _missed(terms, "credit_few_instalments", facts.settled, terms.fewest_instalments)
    if months < terms.fewest_months:
        yield _missed(terms, "credit_few_months", months, terms.fewest_months)


def _missed(terms: GradeTerms, code: str, found: int | str, bound: int | str) -> dict[str, Any]:
    return {"code": code, "values": {"found": found, "bound": bound, "grade": terms.grade}}


def _percent(bps: int) -> str:
    """Return basis points as people write a share: 1,250 is 12.5."""
    whole, part = divmod(bps, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def months_between(first: date, last: date) -> int:
    """Return the whole months from a day to a later one; none when it is not later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))
