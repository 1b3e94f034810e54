"""How deal values and sales cycles spread: least, most, mean, median and quantiles. All exact.

Days are few: their board has a row for each number of days. Amounts are many: a coarse board
counts them by bucket (length and first two digits), and only the buckets that a quantile falls
into are read in full, at most `MOST_BUCKETS` of them.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chalicelib.core import boards
from chalicelib.core.access import Principal
from chalicelib.core.errors import Busy
from chalicelib.insight.analytics.figures import (
    PLACES,
    Amount,
    at_ranks,
    decimal_text,
    interpolated,
    places_of,
)
from chalicelib.insight.analytics.members import require_all
from chalicelib.insight.analytics.periods import Span

#: The quantiles shown, by name; `min` and `max` are the ends of the same scale.
QUANTILES: Final = {
    "min": Fraction(0),
    "p10": Fraction(1, 10),
    "p25": Fraction(1, 4),
    "median": Fraction(1, 2),
    "p75": Fraction(3, 4),
    "p90": Fraction(9, 10),
    "max": Fraction(1),
}
#: Two neighbours for each of five quantiles, and the two ends.
MOST_BUCKETS: Final = 12


@dataclass(frozen=True, slots=True)
class Distribution:
    """How values spread: their number, their sum, and the quantiles by name (none of no values)."""

    count: int
    total: int
    quantiles: Mapping[str, Fraction]

    @property
    def mean(self) -> Fraction | None:
        """The sum for one value."""
        return Fraction(self.total, self.count) if self.count else None

    def points(self) -> dict[str, Fraction | None]:
        """Return every quantile and the mean by name; None of no values."""
        return {"mean": self.mean} | {name: self.quantiles.get(name) for name in QUANTILES}

    def days(self) -> dict[str, int | str | None]:
        """Return it as days, with four decimals."""
        points = self.points().items()
        shown = {name: None if point is None else decimal_text(point, PLACES) for name, point in points}
        return {"count": self.count, **shown}

    def amounts(self, currency: str) -> dict[str, int | Amount | None]:
        """Return it as amounts of a currency; its values are minor units."""
        points = self.points().items()
        shown = {name: None if point is None else Amount(point, currency) for name, point in points}
        return {"count": self.count, **shown}


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of deals won, and the days that deals took that were won, lost, and either."""

    first_month: str
    last_month: str
    deal_value: Mapping[str, int | Amount | None]
    won_cycle: Mapping[str, int | str | None]
    lost_cycle: Mapping[str, int | str | None]
    cycle: Mapping[str, int | str | None]


def spread(span: Span, *, who: Principal, currency: str) -> Spread:
    """Return how deals that closed in these months spread, for those who see all.

    4 Queries, and one for each bucket of amounts that holds a quantile: at most 16.
    """
    require_all(who)
    won, lost = _days("won", span), _days("lost", span)
    return Spread(
        span.first,
        span.last,
        _amounts(span, currency).amounts(currency),
        distribution(won).days(),
        distribution(lost).days(),
        distribution(won + lost).days(),
    )


def distribution(counted: Mapping[int, int]) -> Distribution:
    """Return how values spread, given as value → how often."""
    count = sum(counted.values())
    total = sum(value * times for value, times in counted.items())
    return Distribution(count, total, _quantiles(at_ranks(counted, _ranks(count)), count))


def _ranks(count: int) -> set[int]:
    if not count:
        return set()
    return {rank for quantile in QUANTILES.values() for rank in places_of(quantile, count)[:2]}


def _quantiles(values: Mapping[int, int], count: int) -> dict[str, Fraction]:
    if not count:
        return {}
    return {name: interpolated(quantile, values, count) for name, quantile in QUANTILES.items()}


def _days(outcome: str, span: Span) -> Counter[int]:
    return Counter({int(days): times for days, times in _counted(f"spread|days|{outcome}", span).items()})


def _amounts(span: Span, currency: str) -> Distribution:
    board = f"spread|amount|{currency}"
    buckets = _counted(board, span)
    count = sum(buckets.values())
    wanted: dict[str, dict[int, int]] = defaultdict(dict)
    for rank in _ranks(count):
        bucket, inside = _bucket_of(rank, buckets)
        wanted[bucket][rank] = inside
    values: dict[int, int] = {}
    for bucket, ranks in wanted.items():
        fine = {int(minor): times for minor, times in _counted(f"{board}|{bucket}", span).items()}
        found = at_ranks(fine, ranks.values())
        if len(found) < len(set(ranks.values())):
            # A deal closed between the two reads and the bucket is one short: read both again.
            raise Busy
        values |= {rank: found[inside] for rank, inside in ranks.items()}
    return Distribution(count, _won_amount(span, currency), _quantiles(values, count))


def _won_amount(span: Span, currency: str) -> int:
    rows = boards.months("sales|team", span.first, span.last)
    return sum(row.get("won_amount", 0) for key, row in rows.items() if key.endswith(f"|{currency}"))


def _bucket_of(rank: int, buckets: Mapping[str, int]) -> tuple[str, int]:
    for bucket in sorted(buckets):
        if rank < buckets[bucket]:
            return bucket, rank
        rank -= buckets[bucket]
    raise ValueError("a rank beyond the last value")


def _counted(board: str, span: Span) -> Counter[str]:
    counted: Counter[str] = Counter()
    for key, numbers in boards.months(board, span.first, span.last).items():
        if times := numbers.get("count", 0):
            counted[key.partition("|")[2]] += times
    return counted
