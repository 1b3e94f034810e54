"""When a report is due: at an hour of the subscriber's zone, each day or one day of the week. Pure.

An hour that a change of clocks leaves out is taken as much later as the clock jumps; one that
comes twice is taken the first time: each day has exactly one due time.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rhythm:
    """An hour of a zone, each day (`weekday` None) or on one (1 Monday to 7 Sunday)."""

    zone: str
    hour: int
    weekday: int | None = None

    def due_on(self, day: date) -> datetime:
        """Return the due time of a day of the zone."""
        return datetime.combine(day, time(self.hour), ZoneInfo(self.zone)).astimezone(UTC)

    def has(self, day: date) -> bool:
        """Whether something is due on a day."""
        return self.weekday in (None, day.isoweekday())


def following(rhythm: Rhythm, instant: datetime) -> datetime:
    """Return the first due time after an instant."""
    # From the day before: on a day that its zone skips, the due time falls on the next one.
    day = instant.astimezone(ZoneInfo(rhythm.zone)).date() - timedelta(days=1)
    while not (rhythm.has(day) and rhythm.due_on(day) > instant):
        day += timedelta(days=1)
    return rhythm.due_on(day)


def passed(rhythm: Rhythm, due: datetime, now: datetime, *, most: int) -> tuple[list[datetime], datetime]:
    """Return the due times from `due` up to now, at most so many, and the one after them."""
    times: list[datetime] = []
    while due <= now and len(times) < most:
        times.append(due)
        due = following(rhythm, due)
    return times, due
