"""Which grade a customer earns, and why: pure rules over how it has paid, in whole numbers.

The grades stand from best to worst; a customer earns the first whose every bound it keeps. The last
has no bounds. Who has not paid anything yet, and is not late with anything, has the default grade.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from chalicelib.core.rounding import WHOLE
from chalicelib.sales.credit.history import Facts

#: Best first.
GRADES: Final = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class GradeTerms:
    """A grade: what one has to keep to earn it (None: no bound), and what it gives.

    `most_days_late` is the mean over all instalments that were settled or are overdue;
    `most_overdue_bps` is overdue of what is open, in the worst currency, in basis points.
    `limits` are minor units by currency: without any nothing is limited, with some a currency that
    is not among them has none to give. `payment_days` is the longest term (None: any).
    """

    grade: str
    most_days_late: int | None = None
    most_overdue_bps: int | None = None
    fewest_instalments: int = 0
    fewest_months: int = 0
    limits: Mapping[str, int] = field(default_factory=dict)
    payment_days: int | None = None
    cash_only: bool = False


@dataclass(frozen=True, slots=True)
class Grading:
    """The grade earned, and the reasons why it is no better: codes with the values of their texts."""

    grade: str
    reasons: list[dict[str, Any]]


def grading(
    grades: Sequence[GradeTerms], default: str, facts: Facts, *, since: date | None, today: date
) -> Grading:
    """Return the grade that a customer `since` a day earns by what is known today."""
    if not facts.judged:
        return Grading(default, new_customer(default))
    missed: list[dict[str, Any]] = []
    for terms in grades:
        failed = list(_failed(terms, facts, months=months_between(since or today, today), today=today))
        if not failed:
            return Grading(terms.grade, missed)
        missed += failed
    return Grading(grades[-1].grade, missed)


def new_customer(grade: str) -> list[dict[str, Any]]:
    """Return why a new customer has the default grade."""
    return [{"code": "credit_new_customer", "values": {"grade": grade}}]


def _failed(terms: GradeTerms, facts: Facts, *, months: int, today: date) -> Iterator[dict[str, Any]]:
    """Yield a reason for each bound of a grade that is not kept."""
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
