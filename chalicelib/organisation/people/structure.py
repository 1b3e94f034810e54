"""The company's own order: teams and departments, territories, business calendars."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect
from chalicelib.organisation.people import calendars, directory, hierarchy, seats, territories
from chalicelib.organisation.people.calendars import Hours, Span
from chalicelib.organisation.people.models import BusinessCalendar, Team, Territory
from chalicelib.organisation.people.staff import require_colleague, require_team

C = TypeVar("C", Team, Territory, BusinessCalendar)


def add_team(*, by: Principal, **details: Any) -> Team:
    """Add a team or a department. Invalid for a parent or manager that is not there."""
    team = Team(**details)
    step = Step(by=by.id)
    step.create(team)
    _place(step, team, details)
    return _committed(step, team)


def change_team(team_id: str, *, version: int | None, by: Principal, **changes: Any) -> Team:
    """Change a team: its name, place, manager or region. Invalid (`parent_id`) for a ring."""
    team = standing(Team, team_id, version=version)
    step = Step(by=by.id)
    if changes.get("parent_id", team.parent_id) != team.parent_id:
        seats.free(step, team.parent_id)
        _place(step, team, changes)
    else:
        _require_manager(changes)
    step.change(team, **changes)
    return _committed(step, team)


def void_team(team_id: str, *, version: int | None, by: Principal) -> Team:
    """Take a team out of use. Conflict while somebody works in it or a team is below it."""
    team = standing(Team, team_id, version=version)
    step = Step(by=by.id)
    seats.close(step, team.id)
    seats.free(step, team.parent_id)
    step.change(team, status="VOIDED")
    return _committed(step, team)


def _place(step: Step, team: Team, wanted: dict[str, Any]) -> None:
    """Add to a step that a team takes a seat below another.

    Those above it must still stand as they do when the step is written: two teams that are put
    below each other at the same moment would be a ring.
    """
    _require_manager(wanted)
    parent_id = wanted.get("parent_id")
    require_team(parent_id, field="parent_id")
    teams = {each.id: each for each in directory.read_teams()}
    above = hierarchy.upwards(parent_id, teams)
    if team.id in above:
        raise errors.Invalid.one("parent_id", "team_ring")
    seats.take(step, parent_id, field="parent_id")
    for each in above:
        parent = teams[each].parent_id
        unmoved = Team.parent_id == parent if parent else Team.parent_id.does_not_exist()
        step.require(teams[each], unmoved, refusal=lambda _: errors.Stale())


def _require_manager(wanted: dict[str, Any]) -> None:
    require_colleague(wanted.get("manager_id"), field="manager_id")


def add_territory(*, code: str, by: Principal, **details: Any) -> Territory:
    """Add a territory. AlreadyExists when another has its code."""
    _require_holder(details)
    territory = Territory(code=code, **details)
    step = Step(by=by.id)
    step.create(territory)
    step.claim(_code_key(code), territory.id)
    return _committed(step, territory)


def change_territory(territory_id: str, *, version: int | None, by: Principal, **changes: Any) -> Territory:
    """Change a territory's name, borders, team or owner."""
    territory = standing(Territory, territory_id, version=version)
    _require_holder(changes)
    return _changed(territory, by=by, **changes)


def void_territory(territory_id: str, *, version: int | None, by: Principal) -> Territory:
    """Take a territory out of use. Its code stays its own."""
    return _changed(standing(Territory, territory_id, version=version), by=by, status="VOIDED")


def territory_of(*, country: str | None, region: str | None, city: str | None) -> Territory | None:
    """Return the territory a place belongs to, or None. As of half a minute ago at the most."""
    return territories.covering(directory.territories().values(), country=country, region=region, city=city)


def _require_holder(wanted: dict[str, Any]) -> None:
    require_team(wanted.get("team_id"))
    require_colleague(wanted.get("owner_id"), field="owner_id")


def _code_key(code: str) -> str:
    return f"territory|code|{code.lower()}"


def add_calendar(*, by: Principal, **details: Any) -> BusinessCalendar:
    """Add a business calendar."""
    return _added(BusinessCalendar(**details), by=by)


def change_calendar(
    calendar_id: str, *, version: int | None, by: Principal, **changes: Any
) -> BusinessCalendar:
    """Change a calendar. Deadlines already set stay as they are."""
    return _changed(standing(BusinessCalendar, calendar_id, version=version), by=by, **changes)


def void_calendar(calendar_id: str, *, version: int | None, by: Principal) -> BusinessCalendar:
    """Take a calendar out of use: who still names it counts elapsed hours."""
    return _changed(standing(BusinessCalendar, calendar_id, version=version), by=by, status="VOIDED")


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
    week = {calendars.WEEKDAYS.index(name): calendars.spans(hours) for name, hours in calendar.week.items()}
    return Hours(zone=calendar.zone, week=week, days=days)


def standing(model: type[C], item_id: str, *, version: int | None = None) -> C:
    """Return a team, territory or calendar in use. NotFound when voided, Stale at another version."""
    found = model.fetch(item_id)
    if found.status != "ACTIVE":
        raise errors.NotFound
    expect(found, version)
    return found


def list_teams(**paging: Any) -> Page[Team]:
    """Return a page of the teams and departments as they are now."""
    return _paged(directory.read_teams(), **paging)


def list_territories(**paging: Any) -> Page[Territory]:
    """Return a page of the territories as they are now."""
    return _paged(directory.read_territories(), **paging)


def list_calendars(**paging: Any) -> Page[BusinessCalendar]:
    """Return a page of the business calendars as they are now."""
    return _paged(directory.read_calendars(), **paging)


def _paged(found: Sequence[C], *, limit: int, after: dict[str, Any] | None) -> Page[C]:
    rest = [record for record in found if after is None or record.id > after["id"]]
    following = {"id": rest[limit - 1].id} if len(rest) > limit else None
    return Page(rest[:limit], following)


def _added(record: C, *, by: Principal) -> C:
    step = Step(by=by.id)
    step.create(record)
    return _committed(step, record)


def _changed(record: C, *, by: Principal, **values: Any) -> C:
    step = Step(by=by.id)
    step.change(record, **values)
    return _committed(step, record)


def _committed(step: Step, record: C) -> C:
    step.commit()
    directory.forget()
    return record
