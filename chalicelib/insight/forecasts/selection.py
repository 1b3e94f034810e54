"""Which method a company's own past speaks for.

Rolling origin: at each cut-off of the last 12 months a candidate forecasts up to three months
from what was known then, and is held against what came. Nothing is tuned, and no figure after a
cut-off is ever shown to a candidate.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from chalicelib.insight.forecasts import accuracy
from chalicelib.insight.forecasts.intervals import CUTOFFS_NEEDED, Trial, cover

MONTHS_JUDGED = 12
LEADS_JUDGED = 3

# With four years of history nothing chosen per series beat this mean on M3 monthly, and the winner
# of twelve cut-offs is often the luckiest: it keeps its place until another is surely better.
STANDING_CHOICE = "theta_and_damped"
ONE_SIDED_95 = 1.645


@dataclass(frozen=True)
class Candidate:
    """A way to forecast that can be put back to any past cut-off.

    `forecast(known, horizon)` gives `horizon` figures for the months after the first `known`
    ones, from what was known at their end. It competes from `needs` known months on.
    """

    name: str
    forecast: Callable[[int, int], Sequence[float]]
    needs: int


@dataclass(frozen=True)
class Backtest:
    """How a method did at the finished cut-offs of the last 12 months, up to 3 months ahead.

    `wape`, `bias` (above 0: too high) and `coverage` (of P10 to P90, aim 0.8) are ratios, None
    where undefined. A cut-off is finished when the month after it is.
    """

    method: str
    wape: float | None
    bias: float | None
    coverage: float | None
    cutoffs: int


def rolling_trials(candidate: Candidate, actuals: Sequence[float], *, months: int, leads: int) -> list[Trial]:
    """The candidate's trials from the cut-offs of the last `months`, `leads` months ahead or less.

    `actuals` are all finished months; the months a trial looks ahead to are among them.
    """
    end = len(actuals)
    return [
        Trial(known, lead, figure, actuals[known + lead - 1])
        for known in range(max(candidate.needs, end - months), end)
        for lead, figure in enumerate(candidate.forecast(known, min(leads, end - known)), start=1)
    ]


def backtest(method: str, trials: Sequence[Trial]) -> Backtest:
    """The figures shown beside a forecast."""
    actuals = [trial.actual for trial in trials]
    forecasts = [trial.forecast for trial in trials]
    return Backtest(
        method=method,
        wape=accuracy.wape(actuals, forecasts),
        bias=accuracy.bias(actuals, forecasts),
        coverage=cover(trials),
        cutoffs=len({trial.cutoff for trial in trials}),
    )


def choose(trials: Mapping[str, Sequence[Trial]]) -> str | None:
    """Name of the method with the lowest mean absolute error; None when nothing was tried.

    Compared are only methods tried at six cut-offs (or at as many as any, while none has six), at
    the cut-offs they share. The standing choice gives way only to one that is better beyond
    chance: mean difference above 1.645 of its standard errors, cut-offs paired (Diebold and
    Mariano, 1995, without their correction for overlap).
    """
    errors = {name: _error_by_cutoff(tried) for name, tried in trials.items() if tried}
    if not errors:
        return None
    enough = min(CUTOFFS_NEEDED, max(map(len, errors.values())))
    errors = {name: tried for name, tried in errors.items() if len(tried) >= enough}
    shared = sorted(set.intersection(*(set(tried) for tried in errors.values())))
    means = {name: fmean(tried[c] for c in shared) for name, tried in errors.items()}
    best = min(means, key=lambda name: means[name])
    if STANDING_CHOICE not in errors:
        return best
    gains = [errors[STANDING_CHOICE][c] - errors[best][c] for c in shared]
    return best if _surely_positive(gains) else STANDING_CHOICE


def _error_by_cutoff(trials: Sequence[Trial]) -> dict[int, float]:
    """Mean absolute error over the leads of each cut-off."""
    errors: dict[int, list[float]] = {}
    for trial in trials:
        errors.setdefault(trial.cutoff, []).append(abs(trial.forecast - trial.actual))
    return {cutoff: fmean(missed) for cutoff, missed in errors.items()}


def _surely_positive(gains: Sequence[float]) -> bool:
    if len(gains) < 2:
        return False
    return fmean(gains) > ONE_SIDED_95 * stdev(gains) / sqrt(len(gains))
