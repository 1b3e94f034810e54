"""Periods of figures: from a month or quarter to another, and how months are grouped."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chalicelib.core import clock
from chalicelib.core.errors import FieldError, Invalid

Group = Literal["month", "quarter", "none"]

#: Ten years: what one answer covers at most.
MOST_MONTHS: Final = 120
#: What is shown when nothing is asked for: a year, with the present month as its last.
USUAL_MONTHS: Final = 12
#: And so many months beyond it of what is still to come.
MONTHS_AHEAD: Final = 12


@dataclass(frozen=True, slots=True)
class Span:
    """From one month to another (``2026-01``), both included."""

    first: str
    last: str

    @property
    def months(self) -> int:
        """How many months it has."""
        return _number(self.last) - _number(self.first) + 1


def span(since: str | None = None, until: str | None = None, *, ahead: int = 0) -> Span:
    """Return the months from one month or quarter (``2026-Q1``) to another, both included.

    Without an end it goes to the present month, or so many months `ahead`; without a start it is a
    year longer than that. Invalid (`from`, `to`) when it ends before it starts or has more than
    `MOST_MONTHS` months.
    """
    last = _months_of(until)[1] if until else earlier(clock.month(clock.today()), -ahead)
    first = _months_of(since)[0] if since else earlier(last, USUAL_MONTHS - 1 + ahead)
    found = Span(first, last)
    if found.months < 1:
        raise Invalid(FieldError("from", "period_order"), FieldError("to", "period_order"))
    if found.months > MOST_MONTHS:
        raise Invalid.one("from", "period_too_long", most=MOST_MONTHS)
    return found


def grouped(month: str, group: Group) -> str | None:
    """Return the period a month is counted in: itself, its quarter, or none for all together."""
    match group:
        case "month":
            return month
        case "quarter":
            return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return None


def earlier(month: str, months: int) -> str:
    """Return the month so many months before."""
    number = _number(month) - months
    return clock.month(date(number // 12, number % 12 + 1, 1))


def _months_of(period: str) -> tuple[str, str]:
    year, _, part = period.partition("-")
    if not part.startswith("Q"):
        return period, period
    quarter = int(part[1:])
    return f"{year}-{3 * quarter - 2:02d}", f"{year}-{3 * quarter:02d}"


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1
