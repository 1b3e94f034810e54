"""Forecasts from the pipeline: what open deals of such an age, or such a stage, turned into.

Months are those of `deals`, amounts minor units. Everything is counted in month rows, and a
forecast at the end of month `end` reads the flows of rows up to `end` and, of row `end + 1`, only
what is open at its start. So it cannot look ahead, even if the deals given to it go on.

Both count revenue per amount open, so a company that wins its small deals, or gives discounts, is
not flattered. A plain sum of amount x win rate is deliberately absent: old deals that nobody
closed made it miss by 253 % where these missed by a fifth.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from chalicelib.insight.forecasts.deals import Deal, last_day, month_of
from chalicelib.insight.forecasts.selection import Candidate

MONTHS_COUNTED = 24
MONTHS_OF_INFLOW = 3
OLDEST = 12
NEW = -1

# Rates by place in the quarter are a season, and a season needs two full periods to be told from
# chance (the rule of `seasons`).
NEEDS = 6


def _amounts() -> defaultdict[int, float]:
    return defaultdict(float)


@dataclass(frozen=True)
class AgeRow:
    """One month, by age at its start in months (0: opened the month before; 12: that or older).

    `open` is the amount open at the start, `won` the revenue won of it within the month, `gone`
    the amount of it that closed either way. Age -1 (NEW) holds the deals opened within the month.
    """

    open: defaultdict[int, float] = field(default_factory=_amounts)
    won: defaultdict[int, float] = field(default_factory=_amounts)
    gone: defaultdict[int, float] = field(default_factory=_amounts)


@dataclass(frozen=True)
class StageRow:
    """One month's start in one stage: the amount open, and the revenue won of it per month after.

    `won[1]` is what was won within the month itself, `won[2]` within the next.
    """

    open: list[float] = field(default_factory=lambda: [0.0])
    won: defaultdict[int, float] = field(default_factory=_amounts)


AgeRows = Mapping[int, AgeRow]
StageRows = Mapping[int, Mapping[str, StageRow]]


def pipeline_candidates(deals: Sequence[Deal], *, first: int, end: int) -> list[Candidate]:
    """The pipeline's candidates for a history of the months `first` to `end`."""
    ages, stages = rows_by_age(deals, end), rows_by_stage(deals, end)
    return [
        Candidate("age_hazard", lambda n, h: age_hazard(ages, first + n - 1, h), NEEDS),
        Candidate("stage_conversion", lambda n, h: stage_conversion(stages, first + n - 1, h), NEEDS),
    ]


def rows_by_age(deals: Iterable[Deal], end: int) -> dict[int, AgeRow]:
    """One row per month up to `end + 1`, from the deals whose opening day is known."""
    rows: defaultdict[int, AgeRow] = defaultdict(AgeRow)
    for deal in deals:
        for month, age in _months_open(deal, end):
            row = rows[month]
            row.open[age] += deal.amount_minor
            if deal.closed and month_of(deal.closed) == month:
                row.gone[age] += deal.amount_minor
                row.won[age] += deal.revenue if deal.won else 0
    return dict(rows)


def age_hazard(rows: AgeRows, end: int, horizon: int) -> list[float]:
    """Revenue of the `horizon` months after `end`: what is open, ageing, and what will be opened.

    A life table (discrete competing risks, cumulative incidence; Kalbfleisch and Prentice, 2002,
    chapter 8) by age and month in the quarter. Each month, the share won and the share gone at
    each age leave what ages on; new deals come in as in the last three months.
    """
    counted = _counted(rows, end)
    inflow = fmean([rows[m].open[NEW] for m in counted[-MONTHS_OF_INFLOW:]] or [0.0])
    ahead = rows.get(end + 1, AgeRow())
    amounts = {age: amount for age, amount in ahead.open.items() if age != NEW}
    figures = []
    for month in range(end + 1, end + horizon + 1):
        amounts[NEW] = inflow
        figures.append(_revenue(rows, counted, month, amounts))
        amounts = _aged(rows, counted, month, amounts)
    return figures


def rows_by_stage(deals: Iterable[Deal], end: int) -> dict[int, dict[str, StageRow]]:
    """Per month up to `end + 1` and stage, what was open at its start and when it was won."""
    rows: defaultdict[int, dict[str, StageRow]] = defaultdict(dict)
    for deal in deals:
        for month, age in _months_open(deal, end):
            if age == NEW:
                continue
            row = rows[month].setdefault(deal.stage_on(last_day(month - 1)), StageRow())
            row.open[0] += deal.amount_minor
            if deal.won and deal.closed:
                row.won[month_of(deal.closed) - month + 1] += deal.revenue
    return dict(rows)


def stage_conversion(rows: StageRows, end: int, horizon: int) -> list[float]:
    """Revenue of the `horizon` months after `end` from the deals open now, by stage.

    Each stage's open amount times the share of the amount open in that stage at past month starts
    that was won in the month as far ahead. Deals not opened yet are left out.
    """
    return [
        sum(now.open[0] * _converted(rows, end, lead, stage) for stage, now in rows.get(end + 1, {}).items())
        for lead in range(1, horizon + 1)
    ]


def _months_open(deal: Deal, end: int) -> Iterator[tuple[int, int]]:
    """Each month the deal was open in, up to `end + 1`, and its age at the start of that month.

    Nothing for a deal of unknown age, or one that closed before it opened.
    """
    if deal.opened is None or (deal.closed is not None and deal.closed < deal.opened):
        return
    opened = month_of(deal.opened)
    last = end + 1 if deal.closed is None else min(month_of(deal.closed), end + 1)
    for month in range(opened, last + 1):
        yield month, min(month - opened - 1, OLDEST)


def _counted(rows: AgeRows, end: int) -> list[int]:
    """The months that rates are drawn from: the last two years, since the first closing on record.

    Before it nothing could be seen to close, so those months would say that deals never do.
    """
    first = min((m for m, row in rows.items() if row.gone), default=end + 1)
    return [m for m in range(max(first, end + 1 - MONTHS_COUNTED), end + 1) if m in rows]


def _revenue(rows: AgeRows, counted: Sequence[int], month: int, amounts: Mapping[int, float]) -> float:
    """Revenue expected within `month` of what is open in it, by age."""
    return sum(
        amount * _share(((m, rows[m].open[age], rows[m].won[age]) for m in counted), month)
        for age, amount in amounts.items()
    )


def _aged(
    rows: AgeRows, counted: Sequence[int], month: int, amounts: Mapping[int, float]
) -> dict[int, float]:
    """What is still open after `month`, a month older."""
    aged = _amounts()
    for age, amount in amounts.items():
        gone = _share(((m, rows[m].open[age], rows[m].gone[age]) for m in counted), month)
        aged[min(age + 1, OLDEST)] += amount * (1 - gone)
    return aged


def _share(flows: Iterable[tuple[int, float, float]], month: int) -> float:
    """Outcome over amount open, from (month, open, outcome), at the place of `month` in a quarter.

    One average month of all places is added to it, so that a place seen once is not taken at its
    word.
    """
    seen = [(m, was_open, outcome) for m, was_open, outcome in flows if was_open]
    if not seen:
        return 0.0
    base_open = fmean(was_open for _, was_open, _ in seen)
    base_outcome = fmean(outcome for _, _, outcome in seen)
    alike = [(was_open, outcome) for m, was_open, outcome in seen if (m - month) % 3 == 0]
    total_open = base_open + sum(was_open for was_open, _ in alike)
    return (base_outcome + sum(outcome for _, outcome in alike)) / total_open


def _converted(rows: StageRows, end: int, lead: int, stage: str) -> float:
    """Share of the amount open in `stage` that was won in the `lead`-th month, over two years.

    Only from month starts whose `lead`-th month is over by `end`.
    """
    starts = range(end + 2 - lead - MONTHS_COUNTED, end + 2 - lead)
    past = [rows[m][stage] for m in starts if m in rows and stage in rows[m]]
    was_open = sum(row.open[0] for row in past)
    return sum(row.won[lead] for row in past) / was_open if was_open else 0.0
