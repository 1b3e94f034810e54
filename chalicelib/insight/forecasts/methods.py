"""Forecasts from a history of monthly figures alone.

Every method takes the finished months, oldest first and without gaps, in one unit, and the number
of months wanted; it gives that many figures in the same unit, never below 0. It answers for any
history, even an empty one (all 0): whether an answer deserves trust is `selection`'s question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from chalicelib.insight.forecasts.seasons import Season, season_of
from chalicelib.insight.forecasts.smoothing import damped_levels, theta_levels

YEAR = 12
QUARTER = 3

Method = Callable[[Sequence[float], int], list[float]]


@dataclass(frozen=True)
class HistoryMethod:
    """A method and the fewest months of history (`needs`) on which it may compete."""

    forecast: Method
    needs: int


def seasonal_naive(history: Sequence[float], horizon: int, period: int = YEAR) -> list[float]:
    """The same month of the last full period again; a history shorter than that is repeated."""
    if not history:
        return [0.0] * horizon
    last = history[-period:]
    return [max(0.0, last[k % len(last)]) for k in range(horizon)]


def same_month_last_year(history: Sequence[float], horizon: int) -> list[float]:
    """Seasonal naive at 12 months."""
    return seasonal_naive(history, horizon, YEAR)


def same_month_last_quarter(history: Sequence[float], horizon: int) -> list[float]:
    """Seasonal naive at 3 months: targets are set by the quarter, so many companies beat to it."""
    return seasonal_naive(history, horizon, QUARTER)


def mean_of_last_3(history: Sequence[float], horizon: int) -> list[float]:
    """Mean of the last three months, for every month ahead."""
    return [max(0.0, fmean(history[-3:])) if history else 0.0] * horizon


def theta(history: Sequence[float], horizon: int) -> list[float]:
    """Theta on the deseasonalised history (see `smoothing` and `seasons` for the sources)."""
    return list(_theta(tuple(history), horizon))


def damped_trend(history: Sequence[float], horizon: int) -> list[float]:
    """Damped Holt on the deseasonalised history."""
    return list(_damped(tuple(history), horizon))


def theta_and_damped(history: Sequence[float], horizon: int) -> list[float]:
    """Mean of Theta and damped Holt: on M3 monthly as good as far heavier models."""
    known = tuple(history)
    both = zip(_theta(known, horizon), _damped(known, horizon), strict=True)
    return [(t + d) / 2 for t, d in both]


# In this order where two are equally good: the simpler one first.
METHODS: Mapping[str, HistoryMethod] = {
    "mean_of_last_3": HistoryMethod(mean_of_last_3, needs=3),
    "same_month_last_quarter": HistoryMethod(same_month_last_quarter, needs=QUARTER),
    "same_month_last_year": HistoryMethod(same_month_last_year, needs=YEAR),
    "theta": HistoryMethod(theta, needs=6),
    "damped_trend": HistoryMethod(damped_trend, needs=6),
    "theta_and_damped": HistoryMethod(theta_and_damped, needs=6),
}


# The mean of both asks for what Theta and damped Holt were just asked for, at each cut-off of two years.
@lru_cache(maxsize=64)
def _theta(history: tuple[float, ...], horizon: int) -> tuple[float, ...]:
    return _without_season(history, horizon, theta_levels)


@lru_cache(maxsize=64)
def _damped(history: tuple[float, ...], horizon: int) -> tuple[float, ...]:
    return _without_season(history, horizon, damped_levels)


@lru_cache(maxsize=64)
def _season(history: tuple[float, ...]) -> Season | None:
    return season_of(history, YEAR)


def _without_season(history: tuple[float, ...], horizon: int, levels: Method) -> tuple[float, ...]:
    """`levels` on the history without its season, with the season put back, clamped at 0."""
    if len(history) < 2:
        return (max(0.0, *history, 0.0),) * horizon
    season = _season(history)
    if season is None:
        figures = levels(history, horizon)
    else:
        figures = season.restore(levels(season.remove(history), horizon), start=len(history))
    return tuple(max(0.0, figure) for figure in figures)
