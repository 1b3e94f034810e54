"""Every deal, opening month by opening month: for nightly work, never for a request."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.core import boards, clock, ownership
from chalicelib.core.table import all_of
from chalicelib.sales.opportunities.measures import NOBODY
from chalicelib.sales.opportunities.models import OPEN, Opportunity, Pipeline, in_column


def open_deals() -> Iterator[Opportunity]:
    """Yield the deals that are open now."""
    yield from _deals(in_column(OPEN))


def deals() -> Iterator[Opportunity]:
    """Yield every deal, open or closed; not those voided."""
    yield from _deals(ownership.standing(Opportunity))


def recorded_since() -> datetime | None:
    """Return when the first pipeline was made: no deal was recorded before. None without any."""
    return min((pipeline.created_at for pipeline in _pipelines()), default=None)


def _deals(places: Any) -> Iterator[Opportunity]:
    for month in _months():
        yield from Opportunity.by_month.query(month, places)


def _months() -> Iterator[str]:
    """Yield every month that deals are listed under: when they were opened, or else brought in."""
    first = min((month for each in _pipelines() for month in _months_of(each)), default=None)
    last = clock.month(clock.today())
    while first and first <= last:
        yield first
        first = clock.month(date.fromisoformat(f"{first}-01") + timedelta(days=31))


def _months_of(pipeline: Pipeline) -> set[str]:
    opened = {row.partition("|")[0] for row in boards.read(f"flow|{pipeline.id}|team")}
    return opened - {NOBODY} | {clock.month(clock.business_date(pipeline.created_at))}


def _pipelines() -> list[Pipeline]:
    return all_of(Pipeline.by_group.query, "pipelines")
