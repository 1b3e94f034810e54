"""A company in a test: its deals brought in from history, and the nights in which its days are closed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.core.measures import Cell
from chalicelib.core.money import Money
from chalicelib.insight.forecasts import snapshots
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import NORTH, REP, Client, Reply
from tests.insight.analytics.boards import fill

#: Won in each of the last 18 months up to October 2026, in major units: a quarter's rhythm, growing.
REVENUE = [(900 + 20 * n, 500 + 20 * n, 1300 + 20 * n)[n % 3] for n in range(18)]
FIRST_MONTH = 12 * 2025 + 4
TODAY = datetime(2026, 11, 22, 4, tzinfo=UTC)


def night_after(day: date) -> datetime:
    """Return when the nightly work of a business day begins."""
    return snapshots.end_of(day) + timedelta(minutes=90)


def months() -> Iterator[tuple[date, int]]:
    """Yield the 12th of each month of the company's history, and the revenue of that month."""
    for n, revenue in enumerate(REVENUE):
        month = FIRST_MONTH + n
        yield date(month // 12, month % 12 + 1, 12), revenue


def deal(name: str, stage_id: str = "proposal", **details: Any) -> Opportunity:
    """Bring in a deal of 100 CNY, Rita's of team North unless said otherwise."""
    told: dict[str, Any] = {
        "owner_id": REP.id,
        "team_id": NORTH,
        "amount": Money(100_00, "CNY"),
        "opened_on": date(2026, 11, 3),
        **details,
    }
    made = opportunities.bring_in(external_id=name, name=name, stage_id=stage_id, **told)
    assert made
    return made


def won(name: str, closed_on: date, revenue: int, **details: Any) -> Opportunity:
    """Bring in a deal that was won, open for ten days; `revenue` in major units."""
    return deal(
        name,
        "won",
        amount=Money(100 * revenue, "CNY"),
        opened_on=closed_on - timedelta(days=10),
        closed_on=closed_on,
        **details,
    )


def eighteen_months(**details: Any) -> None:
    """Bring in the wins of a year and a half."""
    for closed_on, revenue in months():
        won(f"{closed_on}{details}", closed_on, revenue, **details)


def sold(month: str, revenue: int, *, team: str = NORTH, owner: str = REP.id) -> list[Cell]:
    """Return what a win leaves on the boards; `revenue` in major units."""
    numbers = {"won_count": 1, "won_amount": 100 * revenue}
    rows = {"team": team, "owner": owner}
    return [Cell(f"sales|{by}", f"{month}|{member}|CNY", numbers) for by, member in rows.items()]


def sold_for_eighteen_months() -> None:
    """Fill the boards with a year and a half of sales."""
    fill(cell for day, revenue in months() for cell in sold(clock.month(day), revenue))


def get(client: Client, what: str, **options: Any) -> Reply:
    """Call GET of today."""
    with clock.at(TODAY):
        return client.get(f"/forecasts/{what}", **options)
