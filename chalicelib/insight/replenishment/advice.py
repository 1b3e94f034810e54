"""How much to order and when, and why: pure figures in units and days.

An order-point, order-up-to-level policy (Silver, Pyke and Thomas, Inventory and Production Management
in Supply Chains, 4th edition, chapter 6). With demand d a day, standard deviation σ of a month's
forecast error, a lead time of L months and the service factor z (the standard normal's quantile at
the service level):

    safety stock   = z · σ · √L
    reorder point  = demand over the lead time + safety stock
    up to          = reorder point + demand over a review period

What suppliers are to deliver counts from the day it is expected on: an order is due when what is there by
the time it would come no longer covers the reorder point, and as large as what is there, and what comes
before the next order would, leave of `up to`. Errors of neighbouring months are taken to be independent,
which is where the root comes from. A month of demand comes evenly over its days.
"""

from calendar import monthrange
from collections import Counter
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
    """How a product is kept: units that may be promised now, those to come, and how it is ordered anew.

    `coming` are units by the days from today on which suppliers are to deliver them.
    """

    available: int
    lead_days: int
    review_days: int
    lot: int
    service_bps: int
    coming: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The demand to come: `months` from the present one on, and σ of a month's forecast error."""

    months: Sequence[float]
    deviation: float


#: Nothing more is wanted: an order is only for those who wait.
NO_DEMAND: Final = Outlook((), 0.0)


@dataclass(frozen=True, slots=True)
class Advice:
    """Order `quantity` units on `order_on` (None: nothing within a year), and the numbers of why.

    `expected` units are on their way and come before the next order would.
    """

    quantity: int
    order_on: date | None
    expected: int
    reorder_point: int
    up_to: int
    safety_stock: int
    lead_demand: int
    review_demand: int
    service_factor: float


def advise(keeping: Keeping, outlook: Outlook, today: date) -> Advice:
    """Advise when to order how much so that it lasts in the share of cases that was decided."""
    factor = NormalDist().inv_cdf(keeping.service_bps / 10_000)
    course = _course(keeping, outlook, today, factor)
    waits = (day for day in range(DAYS_AHEAD) if course.falls_short(day) and course.quantity(day))
    waiting = next(waits, None)
    start = waiting or 0
    return Advice(
        quantity=course.quantity(start) if waiting is not None else 0,
        order_on=None if waiting is None else today + timedelta(days=waiting),
        expected=course.expected(start),
        reorder_point=ceil(course.safety + course.lead(start)),
        up_to=course.up_to(start),
        safety_stock=ceil(course.safety),
        lead_demand=ceil(course.lead(start)),
        review_demand=ceil(course.review(start)),
        service_factor=factor,
    )


@dataclass(frozen=True, slots=True)
class _Course:
    """How it goes on: demand that has `gone`, and units that have `come`, by each day from today on."""

    keeping: Keeping
    gone: Sequence[float]
    come: Sequence[int]
    safety: float

    def lead(self, day: int) -> float:
        """Return the demand until an order of a day comes."""
        return self.gone[day + self.keeping.lead_days] - self.gone[day]

    def review(self, day: int) -> float:
        """Return the demand from then on until the next order comes."""
        comes = day + self.keeping.lead_days
        return self.gone[comes + self.keeping.review_days] - self.gone[comes]

    def falls_short(self, day: int) -> bool:
        """Whether what is there no longer lasts until an order of a day would come."""
        comes = day + self.keeping.lead_days
        return self.keeping.available + self.come[comes] <= self.safety + self.gone[comes]

    def expected(self, day: int) -> int:
        """Return what comes without any order before the next one after that of a day would."""
        return self.come[day + self.keeping.lead_days + self.keeping.review_days]

    def up_to(self, day: int) -> int:
        """Return what an order of a day is to bring it up to."""
        return ceil(self.safety + self.lead(day) + self.review(day))

    def quantity(self, day: int) -> int:
        """Return what to order on a day for that, in whole lots."""
        left = self.keeping.available + self.expected(day) - self.gone[day]
        return max(0, ceil((self.up_to(day) - left) / self.keeping.lot)) * self.keeping.lot


def _course(keeping: Keeping, outlook: Outlook, today: date, factor: float) -> _Course:
    days = DAYS_AHEAD + keeping.lead_days + keeping.review_days
    by_day = Counter[int]()
    for day, units in keeping.coming:
        by_day[day] += units
    return _Course(
        keeping,
        gone=list(accumulate(_by_day(outlook.months, today, days), initial=0.0)),
        come=list(accumulate(by_day[day] for day in range(days + 1))),
        safety=factor * outlook.deviation * sqrt(keeping.lead_days / DAYS_OF_MONTH),
    )


def _by_day(months: Sequence[float], today: date, number: int) -> Iterator[float]:
    """Yield the demand of each day from today on; after the last month known, as in that month."""
    first = today.year * 12 + today.month - 1
    for ahead in range(number):
        day = today + timedelta(days=ahead)
        month = min(day.year * 12 + day.month - 1 - first, len(months) - 1)
        yield months[month] / monthrange(day.year, day.month)[1] if months else 0.0
