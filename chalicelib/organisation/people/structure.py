"""The company's own order: teams and departments, territories, business calendars."""

from datetime import date

from chalicelib.organisation.people import calendars, directory, territories
from chalicelib.organisation.people.calendars import Hours, Span
from chalicelib.organisation.people.models import BusinessCalendar, Territory


def territory_of(*, country: str | None, region: str | None, city: str | None) -> Territory | None:
    """Return the territory a place belongs to, or None. As of half a minute ago at the most."""
    return territories.covering(directory.territories().values(), country=country, region=region, city=city)


def hours_of(calendar_id: str | None) -> Hours | None:
    """Return a calendar's opening hours; None without a calendar, or when it was voided."""
    if calendar_id is None:
        return None
    calendar = directory.calendars().get(calendar_id) or BusinessCalendar.fetch(calendar_id)
    return opening_hours(calendar) if calendar.status == "ACTIVE" else None


def opening_hours(calendar: BusinessCalendar) -> Hours:
    """Return what a calendar says, ready to count with."""
    days: dict[date, list[Span]] = {date.fromisoformat(day): [] for day in calendar.holidays}
    days |= {
        date.fromisoformat(each["day"]): calendars.spans(each["hours"]) for each in calendar.special_days
    }
    return Hours(
        zone=calendar.zone,
        week={
            calendars.WEEKDAYS.index(name): calendars.spans(hours) for name, hours in calendar.week.items()
        },
        days=days,
    )
