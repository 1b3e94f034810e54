"""How much to order and when, and why: pure figures in units and days.

An order-point, order-up-to-level policy (Silver, Pyke and Thomas, Inventory and Production Management
in Supply Chains, 4th edition, chapter 6). With demand d a day, standard deviation σ of a month's
forecast error, a lead time of L months and the service factor z (the standard normal's quantile at
the service level):

    safety stock   = z · σ · √L
    reorder point  = demand over the lead time + safety stock
    up to          = reorder point + demand over a review period

Errors of neighbouring months are taken to be independent, which is where the root comes from. A month
of demand comes evenly over its days.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

#: Mean days of a month: what a lead time in days is held against.
DAYS_OF_MONTH: Final = 30.4375
#: How far ahead it looks: beyond, a month's forecast says little.
DAYS_AHEAD: Final = 365


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a product is kept: units that may be promised now, and how it is ordered anew."""

    available: int
    lead_days: int
    review_days: int
    lot: int
    service_bps: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The demand to come: `months` from the present one on, and σ of a month's forecast error."""

    months: Sequence[float]
    deviation: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Order `quantity` units on `order_on` (None: nothing within a year), and the numbers of why."""

    quantity: int
    order_on: date | None
    reorder_point: int
    up_to: int
    safety_stock: int
    lead_demand: int
    review_demand: int
    service_factor: float


def advise(keeping: Keeping, outlook: Outlook, today: date) -> Advice:
    """Advise when to order how much so that it lasts in the share of cases that was decided."""
    lead_days, review_days = keeping.lead_days, keeping.review_days
    by_day = _by_day(outlook.months, today, DAYS_AHEAD + lead_days + review_days)
    # Demand from today to the beginning of each day.
    gone = list(accumulate(by_day, initial=0.0))
    factor = NormalDist().inv_cdf(keeping.service_bps / 10_000)
    safety = factor * outlook.deviation * sqrt(lead_days / DAYS_OF_MONTH)
    # The first day on which what is left no longer lasts until an order of that day would come.
    waits = (day for day in range(DAYS_AHEAD) if keeping.available <= safety + gone[day + lead_days])
    waiting = next(waits, None)
    start = waiting or 0
    lead = gone[start + lead_days] - gone[start]
    review = gone[start + lead_days + review_days] - gone[start + lead_days]
    left = keeping.available - gone[start]
    up_to = ceil(safety + lead + review)
    return Advice(
        quantity=_in_lots(up_to - left, keeping.lot) if waiting is not None else 0,
        order_on=None if waiting is None else today + timedelta(days=waiting),
        reorder_point=ceil(safety + lead),
        up_to=up_to,
        safety_stock=ceil(safety),
        lead_demand=ceil(lead),
        review_demand=ceil(review),
        service_factor=factor,
    )


def _in_lots(units: float, lot: int) -> int:
    return max(0, ceil(units / lot)) * lot


def _by_day(months: Sequence[float], today: date, number: int) -> Iterator[float]:
    """Yield the demand of each day from today on; after the last month known, as in that month."""
    first = today.year * 12 + today.month - 1
    for ahead in range(number):
        day = today + timedelta(days=ahead)
        month = min(day.year * 12 + day.month - 1 - first, len(months) - 1)
        yield months[month] / monthrange(day.year, day.month)[1] if months else 0.0
