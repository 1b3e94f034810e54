"""Theta and damped Holt on a series without season. Figures in and out are in the series' unit.

Both leave clamping and seasons to `methods`. Series of two or more observations; a parameter is
the one with the least squared one-step error on the series itself.
"""

from collections.abc import Sequence
from itertools import product
from statistics import fmean

_SES_GRID = tuple(i / 10 for i in range(11))
_SES_FINEST_STEP = 0.01

# Level, trend, damping: wide apart on purpose. A grid of 360 points was no better on M3 monthly.
_HOLT_GRID = tuple(product((0.05, 0.2, 0.5, 0.8), (0.02, 0.1, 0.3), (0.8, 0.95)))
_FIRST_CHANGES = 4


def theta_levels(series: Sequence[float], horizon: int) -> list[float]:
    """Theta (Assimakopoulos and Nikolopoulos, 2000): mean of the trend line and smoothing.

    The line theta = 0 is the linear trend; the line theta = 2 doubles the curvature around it and
    goes on at its exponentially smoothed level.
    """
    n = len(series)
    intercept, slope = _linear_trend(series)
    doubled = [2 * value - intercept - slope * i for i, value in enumerate(series)]
    level = _smoothed_level(doubled)
    return [(intercept + slope * (n + k) + level) / 2 for k in range(horizon)]


def damped_levels(series: Sequence[float], horizon: int) -> list[float]:
    """Holt's linear trend, damped (Gardner and McKenzie, 1985), parameters from a grid."""
    first = series[: _FIRST_CHANGES + 1]
    trend = (first[-1] - first[0]) / (len(first) - 1)
    fits = ((*_holt(series, a, b, phi, trend), phi) for a, b, phi in _HOLT_GRID)
    _, level, slope, phi = min(fits)
    levels, reach = [], 0.0
    for _ in range(horizon):
        reach = phi * (1 + reach)
        levels.append(level + reach * slope)
    return levels


def _linear_trend(series: Sequence[float]) -> tuple[float, float]:
    """Intercept at the first observation and slope per observation, by least squares."""
    n = len(series)
    middle, mean = (n - 1) / 2, fmean(series)
    slope = sum((i - middle) * value for i, value in enumerate(series)) * 12 / (n * (n * n - 1))
    return mean - slope * middle, slope


def _smoothed_level(series: Sequence[float]) -> float:
    """Last level of exponential smoothing with the best weight: a grid, then halved steps."""
    best, weight = min((_smooth(series, w), w) for w in _SES_GRID)
    step = _SES_GRID[1] / 2
    while step > _SES_FINEST_STEP:
        for nearby in (weight - step, weight + step):
            if 0 <= nearby <= 1:
                best, weight = min((best, weight), (_smooth(series, nearby), nearby))
        step /= 2
    return best[1]


def _smooth(series: Sequence[float], weight: float) -> tuple[float, float]:
    """Squared one-step error and last level of exponential smoothing."""
    level, squares = series[0], 0.0
    for value in series:
        error = value - level
        squares += error * error
        level += weight * error
    return squares, level


def _holt(
    series: Sequence[float], alpha: float, beta: float, phi: float, trend: float
) -> tuple[float, float, float]:
    """Squared one-step error, last level and last trend of damped Holt."""
    level, squares = series[0], 0.0
    gain = alpha * beta
    for value in series[1:]:
        trend *= phi
        expected = level + trend
        error = value - expected
        squares += error * error
        level = expected + alpha * error
        trend += gain * error
    return squares, level, trend
