"""Closing the books 关账: up to which month nothing is posted any more."""

from datetime import date, timedelta

from chalicelib.core import clock, due, errors
from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide, decided
from chalicelib.core.errors import FieldError
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.revenue.models import Books, RevenueSchedule
from chalicelib.sales.revenue.recognition import end_of

_DAY = timedelta(days=1)
#: How far back it is looked for schedules that were left behind.
_LOOKED_BACK = timedelta(days=366)


def books() -> Books:
    """Return how far the books are closed; version 0 until the first month was."""
    return decided(Books)


def posting_day(day: date, closed_through: str | None) -> date:
    """Return the day under which something is posted: its own, or the first that is still open."""
    if closed_through is None or clock.month(day) > closed_through:
        return day
    return end_of(date.fromisoformat(f"{closed_through}-01")) + _DAY


def still_open(step: Step, closed_through: str | None) -> None:
    """Let a step happen only if no further month was closed since. Stale when one was."""
    unchanged = (
        Books.closed_through.does_not_exist()
        if closed_through is None
        else Books.closed_through == closed_through
    )
    step.require(Books(), unchanged, refusal=lambda _: errors.Stale())


def close(month: str, *, by: Principal, version: int | None) -> Books:
    """Close the books up to a month: what comes later is posted in the first month that is open.

    Conflict for a month that is not over or was closed; Blocked (`still_booking`) while something
    that fell due in it is not posted.
    """
    found = books()
    expect(found, version)
    if month >= clock.month(clock.today()):
        raise errors.Conflict("month_not_over", month=month)
    if found.closed_through and month <= found.closed_through:
        raise errors.Conflict("month_closed", month=found.closed_through)
    if _is_behind(month, after=found.closed_through):
        raise errors.Blocked(FieldError("month", "still_booking"))
    return decide(found, by=by.id, version=version, closed_through=month)


def _is_behind(month: str, *, after: str | None) -> bool:
    """Whether a schedule that fell due by the end of a month still waits for its turn.

    What time brings falls due as a day begins, so there are as many minutes to look at as days: those of
    the months that are open, of the last twelve at the most.
    """
    of_kind = RevenueSchedule.id.between("revenue_schedule_", "revenue_schedule_Z~")
    last = end_of(date.fromisoformat(f"{month}-01")) + _DAY
    first = max(last - _LOOKED_BACK, posting_day(date.min, after))
    return any(
        next(iter(RevenueSchedule.by_due.query(due.minute(clock.start_of(day)), of_kind, limit=1)), None)
        for day in (last - timedelta(days=number) for number in range((last - first).days + 1))
    )
