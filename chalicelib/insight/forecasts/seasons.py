"""Taking the season out of a monthly series and putting it back.

Classical decomposition as the M competitions use it (Makridakis and Hibon, 2000): centred moving
average, mean ratio per month, tested by autocorrelation. A season that the test does not confirm,
or that fewer than three years back, is believed only half: the index is shrunk by square root.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from operator import mul
from statistics import fmean

ONE_SIDED_95 = 1.645  # standard normal; two-sided 90 %, the M competitions' test
YEARS_TO_TRUST = 3

# Below a tenth of the level, dividing by the index would blow one odd sale up beyond all others.
LEAST_RATIO = 0.1


@dataclass(frozen=True)
class Season:
    """What each position in the year does to the level.

    `index[i]` belongs to observations at positions i, i + period, ...; it multiplies the level,
    or is added to it when `additive` (series with months of next to nothing, where ratios mislead).
    """

    index: tuple[float, ...]
    additive: bool = False

    def remove(self, series: Sequence[float]) -> list[float]:
        """The series, first observation at position 0, without its season."""
        index, period = self.index, len(self.index)
        if self.additive:
            return [value - index[i % period] for i, value in enumerate(series)]
        return [value / index[i % period] for i, value in enumerate(series)]

    def restore(self, levels: Sequence[float], start: int) -> list[float]:
        """Season put back on `levels`, the first of which stands at position `start`."""
        index, period = self.index, len(self.index)
        if self.additive:
            return [level + index[(start + i) % period] for i, level in enumerate(levels)]
        return [level * index[(start + i) % period] for i, level in enumerate(levels)]


def is_seasonal(series: Sequence[float], period: int) -> bool:
    """Whether the autocorrelation at one period is more than chance (90 %, Bartlett's error)."""
    n = len(series)
    mean = fmean(series)
    centred = [value - mean for value in series]
    variance = sum(c * c for c in centred)
    if n <= period or not variance:
        return False
    r = [
        sum(map(mul, centred, centred[lag:])) / variance  # map stops at the shorter one
        for lag in range(1, period + 1)
    ]
    limit = ONE_SIDED_95 * sqrt((1 + 2 * sum(x * x for x in r[:-1])) / n)
    return bool(abs(r[-1]) > limit)


def season_of(series: Sequence[float], period: int) -> Season | None:
    """The season of `series`, shrunk where it is not sure; None below two full periods."""
    if period < 2 or len(series) < 2 * period:
        return None
    additive = min(series) <= 0
    index = _mean_departures(series, period, additive)
    if not additive and min(index) < LEAST_RATIO:
        additive, index = True, _mean_departures(series, period, additive=True)
    if len(series) < YEARS_TO_TRUST * period or not is_seasonal(series, period):
        index = [i / 2 if additive else sqrt(i) for i in index]
    return Season(tuple(index), additive)


def _mean_departures(series: Sequence[float], period: int, additive: bool) -> list[float]:
    """Mean departure from the moving average per position, normalised to no effect over a year."""
    half = period // 2
    departures: list[list[float]] = [[] for _ in range(period)]
    for i, average in enumerate(_centred_average(series, period), start=half):
        value = series[i] - average if additive else series[i] / average
        departures[i % period].append(value)
    means = [fmean(d) for d in departures]
    centre = fmean(means)
    return [m - centre if additive else m / centre for m in means]


def _centred_average(series: Sequence[float], period: int) -> list[float]:
    """Moving average of one period around each observation from `period // 2` on.

    An even period has no middle month, so the two outermost ones count half each (2 x m average).
    """
    window = period + 1 - period % 2
    ends = 0.0 if period % 2 else 0.5
    return [
        (sum(series[i : i + window]) - ends * (series[i] + series[i + window - 1])) / period
        for i in range(len(series) - window + 1)
    ]
