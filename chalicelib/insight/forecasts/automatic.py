"""The forecast a company gets when it asks for nothing in particular."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from chalicelib.insight.forecasts.deals import Deal, finished_month, revenue_by_month, without_gaps
from chalicelib.insight.forecasts.hazard import pipeline_candidates
from chalicelib.insight.forecasts.intervals import (
    CUTOFFS_NEEDED,
    width_for_the_young,
    width_from_trials,
)
from chalicelib.insight.forecasts.methods import METHODS, Method
from chalicelib.insight.forecasts.selection import (
    LEADS_JUDGED,
    MONTHS_JUDGED,
    Backtest,
    Candidate,
    backtest,
    choose,
    rolling_trials,
)

# A range needs more errors than a choice does, and older ones do it no harm.
MONTHS_FOR_WIDTH = 24
WHEN_NOTHING_WAS_TRIED = "mean_of_last_3"

Figures = tuple[float, ...]
Shortage = Literal["no_finished_month", "too_few_cutoffs"]


@dataclass(frozen=True)
class Total:
    """All months of the horizon together: P10, the method's own figure (the P50) and P90."""

    p10: float
    expected: float
    p90: float


@dataclass(frozen=True)
class Forecast:
    """Figures for the months after the history, in its unit, and what they are worth.

    `p10`, `expected` and `p90` hold one figure per month ahead. While `enough_history` is False,
    `p10` to `p90` is a range rather than tested quantiles, only the range may be shown, and
    `shortage` says why; without any finished month there is none (empty, `total` None). `backtest`
    is the chosen method's, `candidates` everyone's, it included.
    """

    method: str
    p10: Figures
    expected: Figures
    p90: Figures
    total: Total | None
    backtest: Backtest
    candidates: tuple[Backtest, ...]
    shortage: Shortage | None

    @property
    def enough_history(self) -> bool:
        """Whether the method was tried at six finished cut-offs or more."""
        return self.shortage is None

    @property
    def p50(self) -> Figures | None:
        """The method's own figures, and None where only a range may be shown."""
        return self.expected if self.enough_history else None


def forecast(history: Sequence[float], horizon: int = 1, *, rivals: Sequence[Candidate] = ()) -> Forecast:
    """Forecast `horizon` months after `history` by whichever method its own past speaks for.

    `history` are the finished months, oldest first, without gaps, in any one unit. `rivals` are
    further candidates (such as a pipeline's) that compete on equal terms; their `known` counts
    the months of this history.
    """
    if horizon < 1:
        raise ValueError("a forecast looks at least one month ahead")
    candidates = {c.name: c for c in (*_history_candidates(history), *rivals)}
    trials = {
        name: rolling_trials(candidate, history, months=MONTHS_JUDGED, leads=LEADS_JUDGED)
        for name, candidate in candidates.items()
    }
    tested = {name: backtest(name, tried) for name, tried in trials.items()}
    method = choose(trials) or WHEN_NOTHING_WAS_TRIED
    shortage = _shortage(history, tested[method])
    spread = _spread(candidates[method], history, horizon, shortage)
    return Forecast(
        method,
        *spread,
        backtest=tested[method],
        candidates=tuple(tested.values()),
        shortage=shortage,
    )


def forecast_deals(deals: Sequence[Deal], as_of: date, horizon: int = 1) -> Forecast:
    """Forecast of revenue won per month, in minor units, from deals as known at `as_of`.

    The first month ahead is the one after the last month finished by `as_of`; what happened since
    that month's end is left out. All `deals` are of one currency.
    """
    return forecast_won(revenue_by_month(deals), deals, as_of, horizon)


def forecast_won(
    revenue: Mapping[int, float], deals: Sequence[Deal], as_of: date, horizon: int = 1
) -> Forecast:
    """`forecast_deals` where the revenue won in each month is counted already, as aggregates are."""
    end = finished_month(as_of)
    first, history = without_gaps(revenue, end)
    return forecast(history, horizon, rivals=pipeline_candidates(deals, first=first, end=end))


def _history_candidates(history: Sequence[float]) -> list[Candidate]:
    def from_cutoff(method: Method, known: int, horizon: int) -> list[float]:
        return method(history[:known], horizon)

    return [
        Candidate(name, partial(from_cutoff, method.forecast), method.needs)
        for name, method in METHODS.items()
    ]


def _shortage(history: Sequence[float], tested: Backtest) -> Shortage | None:
    if not history:
        return "no_finished_month"
    return "too_few_cutoffs" if tested.cutoffs < CUTOFFS_NEEDED else None


def _spread(
    chosen: Candidate, history: Sequence[float], horizon: int, shortage: Shortage | None
) -> tuple[Figures, Figures, Figures, Total | None]:
    """P10, expected and P90 per month, and the total."""
    if not history:
        return (), (), (), None
    leads = max(LEADS_JUDGED, horizon)
    trials = rolling_trials(chosen, history, months=MONTHS_FOR_WIDTH, leads=leads)
    width = width_for_the_young(history, trials, horizon) if shortage else width_from_trials(trials, horizon)
    expected = tuple(max(0.0, figure) for figure in chosen.forecast(len(history), horizon))
    total = sum(expected)
    return (
        tuple(max(0.0, e - w) for e, w in zip(expected, width.months, strict=True)),
        expected,
        tuple(e + w for e, w in zip(expected, width.months, strict=True)),
        Total(max(0.0, total - width.total), total, total + width.total),
    )
