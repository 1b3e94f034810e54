"""Time: instants are UTC, business dates carry the company's zone. The only place that asks the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.core.settings import settings

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present instant, UTC, to the millisecond (what a stored instant keeps)."""
    instant = _frozen.get() or datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def business_date(instant: datetime, zone: str | None = None) -> date:
    """Return the calendar day of an instant where the company (or the given IANA zone) is."""
    return instant.astimezone(ZoneInfo(zone or settings().zone)).date()


def start_of(day: date, zone: str | None = None) -> datetime:
    """Return the instant at which a business date begins where the company is."""
    return datetime.combine(day, time(), ZoneInfo(zone or settings().zone)).astimezone(UTC)


def today(zone: str | None = None) -> date:
    """Return the present business date."""
    return business_date(now(), zone)


def iso(instant: datetime) -> str:
    """Return an instant as stored and sent: ``2026-11-22T04:20:45.123Z``; sorts as it reads."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse(text: str) -> datetime:
    """Return the instant that `iso` wrote."""
    return datetime.fromisoformat(text)


def month(day: date) -> str:
    """Return the month bucket of a business date: ``2026-11``."""
    return day.strftime("%Y-%m")


def month_span(month: str) -> tuple[datetime, datetime]:
    """Return the instants at which a month (``2026-11``) begins and has ended where the company is."""
    first = date.fromisoformat(f"{month}-01")
    return start_of(first), start_of((first + timedelta(days=31)).replace(day=1))


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Stand at the given instant, for replays and tests."""
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
