"""The outlook 展望: the next months' figures with what the market adds, beside what is known this minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from chalicelib.core import boards, clock, money
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.forecasts import factors, runs
from chalicelib.insight.forecasts.deals import month_number, month_text
from chalicelib.insight.forecasts.factors import applied, of_month
from chalicelib.insight.forecasts.live import Live, live
from chalicelib.insight.forecasts.models import Factor, Run
from chalicelib.insight.forecasts.scope import Scope, scope

#: Months of sales from which an owner's share of the team is taken.
MONTHS_OF_SHARE: Final = 12

Answered = Literal["forecast", "not_enough_history", "share_of_team"]


@dataclass(frozen=True, slots=True)
class Range:
    """P10, P50 and P90; the P50 is None where only a range may be shown."""

    p10: Money
    p50: Money | None
    p90: Money


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """A month's figures with its factors, and as they were before.

    Those of the present month are never below what is won already.
    """

    month: str
    figures: Range
    before_factors: Range
    factors: Sequence[Factor]


@dataclass(frozen=True, slots=True)
class ShareOfMonth:
    """An owner's part in the team's expected figure, as large as it was over the last year."""

    month: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect, how it was found and how far off that was before; and what is known now.

    `as_of` is the business day at whose end the figures were made. An owner has no `months` and no
    `total`, but a `share` of the team's (empty without one that can be told).
    """

    answer: Answered
    as_of: date
    currency: str
    team_id: str | None
    owner_id: str | None
    shortage: str | None
    method: str
    backtest: dict[str, Any]
    candidates: Sequence[dict[str, Any]]
    months: Sequence[MonthAhead]
    total: Range | None
    share: Sequence[ShareOfMonth]
    live: Live


def outlook(
    *, who: Principal, currency: str, months: int, team_id: str | None = None, owner_id: str | None = None
) -> Outlook:
    """Return what to expect of the next months (from the present one), 1 to `runs.HORIZON` of them.

    Invalid and NotFound as `scope.scope` has them. Six Queries at most for a company with one
    pipeline, and one for each further pipeline; an owner's takes two more.
    """
    asked = scope(who, team_id=team_id, owner_id=owner_id)
    run = runs.current(asked.segment, asked.teams, currency)
    now, in_force = live(asked, currency), factors.in_force()
    of_team = None if asked.owner_id else _months(run, months, in_force, now)
    return Outlook(
        answer=_answer(run, asked),
        as_of=run.day,
        currency=currency,
        team_id=asked.team_id,
        owner_id=asked.owner_id,
        shortage=run.shortage,
        method=run.method,
        backtest=run.backtest,
        candidates=run.candidates,
        months=of_team or [],
        total=_total(run, of_team, now) if of_team else None,
        share=_share(run, asked, months, in_force) if asked.owner_id else [],
        live=now,
    )


def _answer(run: Run, asked: Scope) -> Answered:
    if run.shortage:
        return "not_enough_history"
    return "share_of_team" if asked.owner_id else "forecast"


def _months(run: Run, months: int, in_force: Sequence[Factor], now: Live) -> list[MonthAhead]:
    return [
        MonthAhead(
            month,
            _range(run, [applied(minor, of_month(in_force, month)) for minor in figures], _floor(month, now)),
            _range(run, figures, 0),
            of_month(in_force, month),
        )
        for month, *figures in list(zip(run.months, run.p10, run.expected, run.p90, strict=True))[:months]
    ]


def _floor(month: str, now: Live) -> int:
    return now.won_so_far.minor if month == now.month else 0


def _range(run: Run, figures: Sequence[int], floor: int) -> Range:
    p10, p50, p90 = (Money(max(minor, floor), run.currency) for minor in figures)
    return Range(p10, None if run.shortage else p50, p90)


def _total(run: Run, months: Sequence[MonthAhead], now: Live) -> Range:
    """Return the range of the months together, moved by the factors as much as their expected sum is."""
    expected = run.expected[: len(months)]
    moved = [applied(minor, month.factors) for minor, month in zip(expected, months, strict=True)]
    by = Decimal(sum(moved)) / sum(expected) if sum(expected) else Decimal(1)
    figures = [money.times(minor, by) for minor in run.totals[len(months) - 1]]
    return _range(run, figures, now.won_so_far.minor)


def _share(run: Run, asked: Scope, months: int, in_force: Sequence[Factor]) -> list[ShareOfMonth]:
    """Return the owner's part of the team's expected figures; nothing where either is not known.

    The part itself is not told: with it, an owner could tell the whole team's figure.
    """
    if run.shortage or asked.team_id is None:
        return []
    own = _won_lately("sales|owner", asked.members, run.currency)
    team = _won_lately("sales|team", asked.teams, run.currency)
    if not (own and team):
        return []
    return [
        ShareOfMonth(
            month,
            Money(money.times(applied(minor, of_month(in_force, month)), Decimal(own) / team), run.currency),
        )
        for month, minor in list(zip(run.months, run.expected, strict=True))[:months]
    ]


def _won_lately(board: str, members: frozenset[str] | None, currency: str) -> int:
    present = month_number(clock.month(clock.today()))
    first, last = month_text(present - MONTHS_OF_SHARE), month_text(present - 1)
    return sum(runs.won_by_month(boards.months(board, first, last), members, currency).values())
