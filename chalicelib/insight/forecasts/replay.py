"""A past day 回放: the deals that were open at its end, from the change log, and the forecast of that day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.forecasts import runs, snapshots
from chalicelib.insight.forecasts.scope import scope
from chalicelib.insight.forecasts.standing import Standing, Standings


@dataclass(frozen=True, slots=True)
class Sum:
    """The open deals that are alike in something."""

    name: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class PastDay:
    """The end of a past business day: the deals that were open, and the forecast of that day.

    `agrees`: whether the replay of the change log is the snapshot of that day, deal by deal; None
    when there is no snapshot.
    """

    day: date
    currency: str
    team_id: str | None
    owner_id: str | None
    count: int
    amount: Money
    categories: Sequence[Sum]
    stages: Sequence[Sum]
    agrees: bool | None
    method: str
    shortage: str | None
    months: Sequence[str]
    p10: Sequence[Money]
    p50: Sequence[Money] | None
    p90: Sequence[Money]


def replay(
    day: date, *, who: Principal, currency: str, team_id: str | None = None, owner_id: str | None = None
) -> PastDay:
    """Return the open deals at the end of a past day, and the forecast of that day.

    The deals are replayed from the change log, from the snapshot before that day on. The forecast
    is the one that was kept; of a day without one it is made from the months that were over then.
    Invalid (`day`) for a day that is not over; NotFound as `scope.scope` has it.
    """
    if day >= clock.today():
        raise errors.Invalid.one("day", "day_not_over")
    asked = scope(who, team_id=team_id, owner_id=owner_id)
    everything, stored = snapshots.replayed(day), snapshots.kept(day)
    deals = asked.of(everything, currency)
    run = runs.given(day, asked.segment, asked.teams, currency)
    shown = [] if asked.owner_id else run.months
    return PastDay(
        day=day,
        currency=currency,
        team_id=asked.team_id,
        owner_id=asked.owner_id,
        count=len(deals),
        amount=Money(sum(deal.minor for deal in deals.values()), currency),
        categories=_sums(deals, currency, lambda deal: deal.category),
        stages=_sums(deals, currency, lambda deal: deal.stage),
        agrees=None if stored is None else stored == everything,
        method=run.method,
        shortage=run.shortage,
        months=shown,
        p10=_money(run.p10[: len(shown)], currency),
        p50=None if run.shortage else _money(run.expected[: len(shown)], currency),
        p90=_money(run.p90[: len(shown)], currency),
    )


def _money(figures: Iterable[int], currency: str) -> list[Money]:
    return [Money(minor, currency) for minor in figures]


def _sums(deals: Standings, currency: str, by: Callable[[Standing], str]) -> list[Sum]:
    counts: dict[str, int] = defaultdict(int)
    amounts: dict[str, int] = defaultdict(int)
    for deal in deals.values():
        counts[by(deal)] += 1
        amounts[by(deal)] += deal.minor
    return [Sum(name, counts[name], Money(amounts[name], currency)) for name in sorted(counts)]
