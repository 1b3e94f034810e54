"""How wide a forecast is: from what its method really missed by at past cut-offs.

Never from simulating each open deal as an independent coin: deals share a market and a quarter
end, and such ranges held 23 % of the actuals instead of 80 %.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from math import pi, sqrt
from statistics import NormalDist, fmean

SHARE_INSIDE = 0.8  # between P10 and P90
CUTOFFS_NEEDED = 6

# Half-width of the middle 80 % of a normal over its mean absolute error: 1.2816 x sqrt(pi / 2).
# On M3 monthly the errors of all methods pooled give the same (1.61).
_WIDTH_PER_MEAN_ERROR = NormalDist().inv_cdf(0.9) * sqrt(pi / 2)


@dataclass(frozen=True)
class Trial:
    """One month as a method saw it from a past cut-off.

    `cutoff` is the number of months known then, `lead` the months from there (1 is the next one).
    """

    cutoff: int
    lead: int
    forecast: float
    actual: float


@dataclass(frozen=True)
class Width:
    """Half-widths of the P10 to P90 range: one per month ahead, and one for their sum."""

    months: tuple[float, ...]
    total: float


def growth(lead: int) -> float:
    """How much wider an error is at `lead` months than at one month.

    sqrt(1 + (lead - 1) alpha^2), the standard error of exponential smoothing (Hyndman and
    Athanasopoulos, 3rd edition, section 8.7), at alpha^2 = 0.2: on M3 monthly the range then holds
    about as much at every lead from 1 to 18.
    """
    return sqrt((lead + 4) / 5)


def width_from_trials(trials: Sequence[Trial], horizon: int) -> Width:
    """Half-widths from past errors: their 80 % quantile, all leads brought to one scale.

    With the rank (n + 1) 0.8 of split conformal prediction (Lei and others, 2018). The total is
    judged by what whole windows of `horizon` months missed by, where six or more are finished, as
    errors of neighbouring months neither cancel nor add up by any fixed rule; until then months
    are taken to miss together. Needs at least one trial.
    """
    scale = _quantile(chain.from_iterable(_scaled_errors(trials).values()))
    months = tuple(scale * growth(lead) for lead in range(1, horizon + 1))
    sums = _window_errors(trials, horizon)
    return Width(months, _quantile(sums) if len(sums) >= CUTOFFS_NEEDED else sum(months))


def width_for_the_young(history: Sequence[float], trials: Sequence[Trial], horizon: int) -> Width:
    """Half-widths where too little was tried: mean past miss, widened as if errors were normal.

    Before the first trial the changes from month to month stand for the misses. One made-up miss
    of a whole mean month is added, so that two or three lucky months do not promise a narrow
    range; each finished month makes it count for less. Needs at least one month.
    """
    misses = [fmean(group) for group in _scaled_errors(trials).values()]
    if not misses:
        misses = [abs(after - before) for before, after in pairwise(history)]
    scale = _WIDTH_PER_MEAN_ERROR * fmean([fmean(map(abs, history)), *misses])
    months = tuple(scale * growth(lead) for lead in range(1, horizon + 1))
    return Width(months, sum(months))


def cover(trials: Sequence[Trial]) -> float | None:
    """Share of trials inside the range that the errors of all other cut-offs give.

    None below six cut-offs, as no range is claimed there.
    """
    errors = _scaled_errors(trials)
    if len(errors) < CUTOFFS_NEEDED:
        return None
    inside: list[bool] = []
    for cutoff, own in errors.items():
        others = (error for other, tried in errors.items() if other != cutoff for error in tried)
        limit = _quantile(others)
        inside += [error <= limit for error in own]
    return fmean(inside)


def _scaled_errors(trials: Iterable[Trial]) -> dict[int, list[float]]:
    """Absolute errors by cut-off, each brought to the scale of one month ahead."""
    errors: dict[int, list[float]] = {}
    for trial in trials:
        error = abs(trial.actual - trial.forecast) / growth(trial.lead)
        errors.setdefault(trial.cutoff, []).append(error)
    return errors


def _quantile(errors: Iterable[float]) -> float:
    """The 80 % quantile of absolute errors, rank (n + 1) 0.8, between neighbours in proportion."""
    ranked = sorted(errors)
    rank = min(max((len(ranked) + 1) * SHARE_INSIDE - 1, 0), len(ranked) - 1)
    below = int(rank)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (rank - below) * (ranked[above] - ranked[below])


def _window_errors(trials: Sequence[Trial], horizon: int) -> list[float]:
    """Absolute error of the sum over `horizon` months, per cut-off where all of them are known."""
    errors: list[float] = []
    ordered = sorted(trials, key=lambda t: (t.cutoff, t.lead))
    for _, group in groupby(ordered, key=lambda t: t.cutoff):
        window = [t.actual - t.forecast for t in group if t.lead <= horizon]
        if len(window) == horizon:
            errors.append(abs(sum(window)))
    return errors
