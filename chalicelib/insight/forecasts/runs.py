"""The figures of every night: for the company and each team, in each currency; kept to be judged later."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core import access, boards, clock, errors
from chalicelib.core.boards import Row
from chalicelib.core.settings import settings
from chalicelib.core.step import create
from chalicelib.insight.forecasts.automatic import Forecast, forecast_won
from chalicelib.insight.forecasts.deals import Deal, finished_month, month_number, month_text
from chalicelib.insight.forecasts.lives import Life, lives
from chalicelib.insight.forecasts.models import Run, id_of_day, series_of
from chalicelib.insight.forecasts.selection import Backtest
from chalicelib.organisation.people import service as people

#: The segment of all teams together.
COMPANY: Final = "company"
#: Months ahead.
HORIZON: Final = 3
SALES: Final = "sales|team"
#: The teams a segment sums; None for all, and what belongs to no team.
Teams = frozenset[str] | None


def run_forecasts(day: date, *, replayed: bool = False) -> None:
    """Forecast at the end of a day for every segment and currency, and keep it; what is kept stays."""
    rows, lived = boards.read(SALES), lives(day)
    for segment, teams in _segments().items():
        for currency in _currencies(rows, lived):
            revenue, deals = _of(rows, lived, teams, currency)
            if segment == COMPANY or revenue or deals:
                _keep(made(day, segment, currency, revenue, deals, replayed=replayed))


def _keep(run: Run) -> None:
    try:
        create(run, by=access.SYSTEM.id)
    except errors.AlreadyExists:
        return


def _segments() -> dict[str, Teams]:
    return {COMPANY: None} | {team.id: people.teams_below(team.id) for team in people.teams()}


def _currencies(rows: Iterable[str], lived: Iterable[Life]) -> set[str]:
    sold = {row.rpartition("|")[2] for row in rows}
    return sold | {life.currency for life in lived} | {settings().currency}


def _of(
    rows: Mapping[str, Row], lived: Iterable[Life], teams: Teams, currency: str
) -> tuple[dict[int, float], list[Deal]]:
    of_segment = (life for life in lived if life.currency == currency)
    deals = [life.deal for life in of_segment if teams is None or life.team_id in teams]
    won = {month_number(month): float(minor) for month, minor in won_by_month(rows, teams, currency).items()}
    return won, deals


def won_by_month(rows: Mapping[str, Row], members: frozenset[str] | None, currency: str) -> dict[str, int]:
    """Return what was won in each month, in minor units, of rows ``<month>|<member>|<currency>``.

    Of all members for None.
    """
    won: dict[str, int] = {}
    for key, row in rows.items():
        month, member, of_currency = key.split("|")
        if of_currency == currency and (members is None or member in members) and row.get("won_amount"):
            won[month] = won.get(month, 0) + row["won_amount"]
    return won


def made(
    day: date,
    segment: str,
    currency: str,
    revenue: Mapping[int, float],
    deals: Sequence[Deal],
    *,
    replayed: bool = False,
) -> Run:
    """Return the forecast at the end of a day, not kept yet. `revenue` by month, in minor units."""
    by_horizon = [forecast_won(revenue, deals, day, horizon) for horizon in range(1, HORIZON + 1)]
    found = by_horizon[-1]
    ahead = range(finished_month(day) + 1, finished_month(day) + 1 + len(found.expected))
    return Run(
        id_of_day(Run.kind, day, segment, currency),
        day=day,
        segment=segment,
        currency=currency,
        series=series_of(segment, currency),
        method=found.method,
        shortage=found.shortage,
        months=[month_text(month) for month in ahead],
        p10=_whole(found.p10),
        expected=_whole(found.expected),
        p90=_whole(found.p90),
        totals=[total for each in by_horizon for total in _total(each)],
        backtest=told(found.backtest),
        candidates=[told(each) for each in found.candidates],
        replayed=replayed,
    )


def _total(found: Forecast) -> list[list[int]]:
    total = found.total
    return [_whole((total.p10, total.expected, total.p90))] if total else []


def _whole(figures: Iterable[float]) -> list[int]:
    return [round(figure) for figure in figures]


def told(tested: Backtest) -> dict[str, Any]:
    """Return how a method did, its ratios in per cent as decimal texts (None: not defined)."""
    ratios = {"wape": tested.wape, "bias": tested.bias, "coverage": tested.coverage}
    shown = {name: percent(ratio) for name, ratio in ratios.items()}
    return {"method": tested.method, "cutoffs": tested.cutoffs, **shown}


def percent(ratio: float | None) -> str | None:
    """Return a ratio in per cent, with two decimals."""
    return None if ratio is None else f"{100 * ratio:.2f}"


def current(segment: str, teams: Teams, currency: str) -> Run:
    """Return the figures to show today: the latest night's, or, where it was missed, made now.

    One Query, or two.
    """
    yesterday = clock.today() - timedelta(days=1)
    series = series_of(segment, currency)
    newest = Run.by_series.query(series, scan_index_forward=False, limit=1)
    run: Run | None = next(iter(newest), None)
    if run and finished_month(run.day) == finished_month(yesterday):
        return run
    return _from_sales(yesterday, segment, teams, currency)


def given(day: date, segment: str, teams: Teams, currency: str) -> Run:
    """Return the forecast of a past day: as it was kept, or, of a day without one, as it would have been.

    One read, or two.
    """
    kept = Run.find(id_of_day(Run.kind, day, segment, currency))
    return kept or _from_sales(day, segment, teams, currency)


def _from_sales(day: date, segment: str, teams: Teams, currency: str) -> Run:
    # From the months' sales alone: to read every deal, as the pipeline's candidates ask, is for the night.
    revenue, deals = _of(boards.read(SALES), (), teams, currency)
    return made(day, segment, currency, revenue, deals, replayed=True)
