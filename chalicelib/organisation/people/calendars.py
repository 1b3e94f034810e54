"""Business time: when work is due that only counts open hours. Pure; instants are UTC.

Wall-clock hours become instants day by day, so that a clock change moves the opening, not the
length of an hour.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: In the order of `date.weekday`.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: Minutes after midnight from opening to closing (1440: midnight at the end of the day).
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours: by weekday (Monday 0), and for single days instead (none: a holiday)."""

    zone: str
    week: Mapping[int, Sequence[Span]]
    days: Mapping[date, Sequence[Span]]

    def on(self, day: date) -> Sequence[Span]:
        """Return a day's opening hours, in order."""
        return self.days[day] if day in self.days else self.week.get(day.weekday(), ())


def minutes(text: str) -> int:
    """Return the minutes after midnight of ``09:30``; ``24:00`` is the end of the day."""
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def spans(hours: Sequence[Mapping[str, str]]) -> list[Span]:
    """Return ``[{"opens": "09:00", "closes": "18:00"}]`` as spans, in order."""
    return sorted((minutes(each["opens"]), minutes(each["closes"])) for each in hours)


def open_times(hours: Hours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield when it opens and closes from an instant on, in order, never overlapping. Endless."""
    zone = ZoneInfo(hours.zone)
    day = since.astimezone(zone).date()
    closed = since.astimezone(UTC)
    while True:
        for first, last in hours.on(day):
            # Two wall-clock spans around a clock change may meet in UTC: no minute counts twice.
            opens, closes = max(closed, _instant(day, first, zone)), _instant(day, last, zone)
            if opens < closes:
                yield opens, closes
                closed = closes
        day += timedelta(days=1)


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def deadline(start: datetime, *, hours: int, calendar: Hours | None) -> datetime:
    """Return when so many open hours have passed since an instant, UTC.

    Without a calendar the hours are elapsed hours. A deadline is never in closed time; at the
    latest it is the moment of closing. ValueError when the calendar's week is never open.
    """
    left = timedelta(hours=hours)
    if calendar is None:
        return start.astimezone(UTC) + left
    if not any(calendar.week.values()):
        raise ValueError("a calendar that never opens has no deadlines")
    for opens, closes in open_times(calendar, start):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("open times do not end")
