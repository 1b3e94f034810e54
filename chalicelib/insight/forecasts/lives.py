"""Deals as the forecasts see them: from the deals themselves and the snapshots of month ends.

A deal tells what it is now. What it was worth before it was won, and which stage it stood in at a
month's end, only the snapshots know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.insight.forecasts.deals import Deal, finished_month, last_day
from chalicelib.insight.forecasts.hazard import MONTHS_COUNTED, NEEDS
from chalicelib.insight.forecasts.snapshots import kept
from chalicelib.insight.forecasts.standing import Standing, Standings
from chalicelib.sales.opportunities import service as opportunities

MonthEnds = Mapping[date, Standings]


@dataclass(frozen=True, slots=True)
class Life:
    """A deal, its currency, and the team it belongs to."""

    deal: Deal
    currency: str
    team_id: str | None


def lives(day: date) -> list[Life]:
    """Return every deal for a forecast made at the end of a day. Reads them all: for the night."""
    ends = _month_ends(day)
    with_stages = _reach_back(ends, day)
    return [life(deal, _seen(deal.id, ends), with_stages=with_stages) for deal in opportunities.deals()]


def life(deal: Any, seen: Mapping[date, Standing], *, with_stages: bool) -> Life:
    """Return a deal's life from what it is now and how it stood at month ends, in their order.

    `with_stages` False makes it one stage all its life.
    """
    now = deal.amount.minor
    before = [now, *(standing.minor for standing in seen.values())][-1]
    stages = tuple((day, standing.stage) for day, standing in seen.items()) if with_stages else ()
    found = Deal(
        opened=deal.opened_on,
        closed=None if deal.status == "OPEN" else deal.closed_on,
        won=deal.status == "WON",
        amount_minor=now if deal.status == "OPEN" else before,
        won_minor=now if deal.status == "WON" else None,
        stages=stages,
    )
    return Life(found, deal.amount.currency, deal.team_id)


def _seen(deal_id: str, ends: MonthEnds) -> dict[date, Standing]:
    return {day: deals[deal_id] for day, deals in ends.items() if deal_id in deals}


def _month_ends(day: date) -> dict[date, Standings]:
    end = finished_month(day)
    days = [last_day(month) for month in range(end - MONTHS_COUNTED, end + 1)]
    found = {each: kept(each) for each in days}
    return {each: deals for each, deals in found.items() if deals is not None}


def _reach_back(ends: MonthEnds, day: date) -> bool:
    # A stage that is known now and was not known then would look like one that never wins.
    end = finished_month(day)
    return all(last_day(month) in ends for month in range(end - NEEDS + 1, end + 1))
