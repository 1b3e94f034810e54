"""What happens to an activated contract by itself, and on which day."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from chalicelib.core import clock, due
from chalicelib.sales.contracts.milestones import Milestone

_DAY = timedelta(days=1)


class Terms(Protocol):
    """What of a contract its deadlines follow from."""

    status: Any
    ends_on: Any
    reminder_days: Any
    reminded_on: Any
    renewal: Any
    renewal_months: Any
    term_day: Any
    notice_days: Any
    notice_reminded_on: Any
    notice_given_on: Any

    @property
    def milestones(self) -> Sequence[Milestone]:
        """Its steps."""


def expires(contract: Terms, today: date) -> bool:
    """Whether its last day has passed; a contract without one never expires."""
    return contract.ends_on is not None and contract.ends_on < today


def remind_on(contract: Terms) -> date | None:
    """Return the day on which its owner is to hear of the end, None when they have or never will."""
    if contract.ends_on is None or contract.reminded_on:
        return None
    day: date = contract.ends_on - timedelta(days=contract.reminder_days)
    return day


def renews(contract: Terms, today: date) -> bool:
    """Whether it goes on for another term: its last day has passed, and nobody gave notice."""
    return expires(contract, today) and contract.renewal == "AUTOMATIC" and not contract.notice_given_on


def renewed_until(contract: Terms, today: date) -> date:
    """Return the last day of the term that `today` is in: as many renewals on as it takes."""
    terms, day = 1, term_day(contract)
    while (ends_on := _months_after(contract.ends_on, terms * contract.renewal_months, day=day)) < today:
        terms += 1
    return ends_on


def term_day(contract: Terms) -> int:
    """Return the day of the month that its terms end on, where the month has it; else its last day.

    That of the end that was agreed: a term that ended with a short month does not shorten the next ones.
    """
    day: int = contract.term_day or contract.ends_on.day
    return day


def notice_by(contract: Terms) -> date | None:
    """Return the last day on which notice can be given, None when none was agreed."""
    if contract.ends_on is None or contract.notice_days is None:
        return None
    day: date = contract.ends_on - timedelta(days=contract.notice_days)
    return day


def warn_on(contract: Terms) -> date | None:
    """Return the day on which its owner is to hear of the last day for notice, None when they have."""
    last = notice_by(contract)
    if last is None or contract.notice_reminded_on or contract.notice_given_on:
        return None
    return last - timedelta(days=contract.reminder_days)


def _months_after(start: date, months: int, *, day: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def newly_late(contract: Terms, today: date) -> list[Milestone]:
    """Return the milestones that are overdue and not marked so."""
    return [step for step in contract.milestones if step.is_late(today) and not step.overdue]


def next_day(contract: Terms) -> date | None:
    """Return the next day on which something happens by itself, None when nothing will."""
    return min(_days(contract), default=None) if contract.status == "ACTIVATED" else None


def due_minute(contract: Terms) -> str | None:
    """Return the minute of `next_day`'s beginning; the present one when that has passed."""
    day = next_day(contract)
    return due.minute(max(clock.start_of(day), clock.now())) if day else None


def _days(contract: Terms) -> Iterator[date]:
    if contract.ends_on:
        yield contract.ends_on + _DAY
    if reminder := remind_on(contract):
        yield reminder
    if warning := warn_on(contract):
        yield warning
    for step in contract.milestones:
        if step.done_on is None and not step.overdue:
            yield step.due_on + _DAY
