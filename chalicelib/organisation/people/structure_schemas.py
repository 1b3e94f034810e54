"""What clients send and see of teams, territories and business calendars."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import Code, Day, Id, Instant, Line, Shape, View, Zone, unfit
from chalicelib.organisation.people.calendars import WEEKDAYS, minutes

Status = Literal["ACTIVE", "VOIDED"]
TeamType = Literal["TEAM", "DEPARTMENT"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Places = Annotated[list[Line], Field(max_length=500)]
WallTime = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]


class NewTeam(Shape):
    """A team or a department to add, below another."""

    name: Line
    type: TeamType = "TEAM"
    parent_id: Id | None = None
    manager_id: Id | None = None
    region: Line | None = None


class TeamChange(NewTeam):
    """What to change of a team; fields left out stay, null clears."""

    name: Line = Field(default_factory=str)


class TeamView(View):
    """A team or a department."""

    id: str
    name: str
    type: TeamType
    parent_id: str | None
    manager_id: str | None
    region: str | None
    status: Status
    version: int
    created_at: Instant
    updated_at: Instant


class Borders(Shape):
    """Which part of the market, by ISO 3166 country, region or city, and whose it is."""

    countries: Annotated[list[Country], Field(max_length=250)] = Field(default_factory=list)
    regions: Places = Field(default_factory=list)
    cities: Places = Field(default_factory=list)
    team_id: Id | None = None
    owner_id: Id | None = None


class NewTerritory(Borders):
    """A territory to add. `code` is the company's own and unique."""

    code: Code
    name: Line


class TerritoryChange(Borders):
    """What to change of a territory; fields left out stay, null clears."""

    name: Line = Field(default_factory=str)


class TerritoryView(View):
    """A territory."""

    id: str
    code: str
    name: str
    countries: list[str]
    regions: list[str]
    cities: list[str]
    team_id: str | None
    owner_id: str | None
    status: Status
    version: int
    created_at: Instant
    updated_at: Instant


class OpenHours(Shape):
    """From when to when, wall-clock time of the calendar's zone; ``24:00`` is the end of the day."""

    opens: WallTime
    closes: WallTime


def _in_order(hours: list[OpenHours]) -> list[OpenHours]:
    ends = [minutes(end) for each in hours for end in (each.opens, each.closes)]
    if any(first >= second for first, second in pairwise(ends)):
        raise unfit("hours_order")
    return hours


Hours = Annotated[list[OpenHours], Field(max_length=10), AfterValidator(_in_order)]


class Week(Shape):
    """Opening hours by weekday; a day left out is closed."""

    mon: Hours = Field(default_factory=list)
    tue: Hours = Field(default_factory=list)
    wed: Hours = Field(default_factory=list)
    thu: Hours = Field(default_factory=list)
    fri: Hours = Field(default_factory=list)
    sat: Hours = Field(default_factory=list)
    sun: Hours = Field(default_factory=list)


def _ever_open(week: Week) -> Week:
    if not any(getattr(week, name) for name in WEEKDAYS):
        raise unfit("never_open")
    return week


OpenWeek = Annotated[Week, AfterValidator(_ever_open)]


class SpecialDay(Shape):
    """A day with hours of its own: a worked Saturday, a short day before a holiday."""

    day: Day
    hours: Hours


class CalendarDays(Shape):
    """The days that are not like every week's. A special day goes before a holiday."""

    holidays: Annotated[list[Day], Field(max_length=1000)] = Field(default_factory=list)
    special_days: Annotated[list[SpecialDay], Field(max_length=200)] = Field(default_factory=list)


class NewCalendar(CalendarDays):
    """A business calendar to add."""

    name: Line
    zone: Zone
    week: OpenWeek


class CalendarChange(CalendarDays):
    """What to change of a calendar; fields left out stay. Lists are replaced whole."""

    name: Line = Field(default_factory=str)
    zone: Zone = Field(default_factory=str)
    week: OpenWeek = Field(default_factory=Week)


class CalendarView(View):
    """A business calendar."""

    id: str
    name: str
    zone: str
    week: Week
    holidays: list[Day]
    special_days: list[SpecialDay]
    status: Status
    version: int
    created_at: Instant
    updated_at: Instant
