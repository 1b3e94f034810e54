"""How far a forecast was from what happened.

`actuals` and `forecasts` are sequences of equal length, in the same unit; every share is a plain
ratio (0.1 is 10 %). An answer of None means the measure is not defined for these figures, which a
page must show as "not known" and never as 0.

Error is always `(forecast - actual) / actual`. Actual over forecast is deliberately absent: it
rewards whoever forecasts low.
"""

from collections.abc import Sequence
from statistics import fmean


def wape(actuals: Sequence[float], forecasts: Sequence[float]) -> float | None:
    """Sum of absolute errors over the sum of absolute actuals (Kolassa and Schütz, 2007).

    Unlike MAPE it stays defined when some months had no sale. None when none had one.
    """
    total = sum(abs(actual) for actual in actuals)
    if not total:
        return None
    return sum(abs(f - a) for a, f in zip(actuals, forecasts, strict=True)) / total


def mean_absolute_error(actuals: Sequence[float], forecasts: Sequence[float]) -> float | None:
    """Mean absolute error, in the unit of the figures. None without figures."""
    if not actuals:
        return None
    return fmean(abs(f - a) for a, f in zip(actuals, forecasts, strict=True))


def mape(actuals: Sequence[float], forecasts: Sequence[float]) -> float | None:
    """Mean of |error| over the periods whose actual is not 0. None when there is no such period."""
    errors = [abs(f - a) / abs(a) for a, f in zip(actuals, forecasts, strict=True) if a]
    return fmean(errors) if errors else None


def bias(actuals: Sequence[float], forecasts: Sequence[float]) -> float | None:
    """Sum of signed errors over the sum of absolute actuals: above 0 means forecast too high."""
    total = sum(abs(actual) for actual in actuals)
    if not total:
        return None
    return sum(f - a for a, f in zip(actuals, forecasts, strict=True)) / total


def smape(actuals: Sequence[float], forecasts: Sequence[float]) -> float | None:
    """Mean of 200 |f - a| / (|a| + |f|), 0..200, as scored in the M3 and M4 competitions.

    A period where both are 0 counts as exact. The only measure here that is a percentage, because
    the published tables are.
    """
    if not actuals:
        return None
    return fmean(
        200 * abs(f - a) / (abs(a) + abs(f)) if a or f else 0.0
        for a, f in zip(actuals, forecasts, strict=True)
    )


def mase(
    actuals: Sequence[float],
    forecasts: Sequence[float],
    history: Sequence[float],
    period: int = 12,
) -> float | None:
    """Mean absolute error over that of the seasonal naive within `history` (Hyndman, Koehler 2006).

    Below 1 beats "the same as a year ago". None when history is not longer than one period or
    never changed from one to the next.
    """
    error = mean_absolute_error(actuals, forecasts)
    scale = mean_absolute_error(history[period:], history[:-period])
    return error / scale if error is not None and scale else None


def accuracy(actual: float, forecast: float) -> float | None:
    """1 - |(forecast - actual) / actual|, floored at 0. None when nothing was sold."""
    if not actual:
        return None
    return max(0.0, 1 - abs((forecast - actual) / actual))


def coverage(actuals: Sequence[float], lows: Sequence[float], highs: Sequence[float]) -> float | None:
    """Share of the actuals within their range, ends included. P10 to P90 should hold 0.8."""
    if not actuals:
        return None
    return fmean(low <= a <= high for a, low, high in zip(actuals, lows, highs, strict=True))
