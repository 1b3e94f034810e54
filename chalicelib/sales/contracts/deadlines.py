"""What happens to an activated contract by itself, and on which day."""

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
    for step in contract.milestones:
        if step.done_on is None and not step.overdue:
            yield step.due_on + _DAY
