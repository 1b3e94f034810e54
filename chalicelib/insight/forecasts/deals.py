"""Deals as the forecasts see them, and the months they fall into.

A month is the integer `12 * year + month - 1`, so that months are added and compared plainly;
`month % 3` is its place in the calendar quarter (0 first, 2 last).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

NO_STAGE = ""


@dataclass(frozen=True)
class Deal:
    """One opportunity's life, in business dates of the company.

    `amount_minor` is what it was worth while open, `won_minor` what it was won for where that
    differs: the latter must never stand in the former, or a forecast knows the outcome.
    `opened` None: nobody knows its age, so only its win counts. `stages` are (day entered, stage)
    in order of days; empty, the deal has one stage all its life.
    """

    opened: date | None
    closed: date | None
    won: bool
    amount_minor: int
    won_minor: int | None = None
    stages: tuple[tuple[date, str], ...] = ()

    @property
    def revenue(self) -> int:
        """Minor units that its win brought, or would bring."""
        return self.amount_minor if self.won_minor is None else self.won_minor

    def stage_on(self, day: date) -> str:
        """The stage it stood in at the end of `day`."""
        return next((s for since, s in reversed(self.stages) if since <= day), NO_STAGE)


def month_of(day: date) -> int:
    """The month `day` falls into."""
    return 12 * day.year + day.month - 1


def last_day(month: int) -> date:
    """The last day of `month`."""
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)


def finished_month(as_of: date) -> int:
    """The last month that is over at the end of the day `as_of`."""
    month = month_of(as_of)
    return month if as_of == last_day(month) else month - 1


def month_text(month: int) -> str:
    """How a month is written: ``2026-11``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_number(text: str) -> int:
    """The month that `month_text` wrote."""
    return 12 * int(text[:4]) + int(text[5:]) - 1


def revenue_by_month(deals: Iterable[Deal]) -> dict[int, float]:
    """The revenue won in each month in which any was, in minor units."""
    revenue: dict[int, float] = {}
    for deal in deals:
        if deal.won and deal.closed:
            month = month_of(deal.closed)
            revenue[month] = revenue.get(month, 0.0) + deal.revenue
    return revenue


def without_gaps(revenue: Mapping[int, float], end: int) -> tuple[int, list[float]]:
    """The first month with a win, and the revenue won in it and each month after up to `end`.

    Without a win by then: `(end + 1, [])`. The months before the first win are not history but the
    time before the company, or its records, began.
    """
    first = min((month for month, won in revenue.items() if won and month <= end), default=end + 1)
    return first, [revenue.get(month, 0.0) for month in range(first, end + 1)]


def won_by_month(deals: Iterable[Deal], end: int) -> tuple[int, list[float]]:
    """The first month with a win, and the revenue won in it and each month after up to `end`."""
    return without_gaps(revenue_by_month(deals), end)
