"""People over HTTP: users, oneself, teams, territories, calendars, API keys."""

from chalicelib.core import access
from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.organisation.people import service
from chalicelib.organisation.people.models import ApiKey, BusinessCalendar, Team, Territory, User
from chalicelib.organisation.people.schemas import (
    Absence,
    IssuedKey,
    KeyView,
    MeView,
    NewKey,
    NewUser,
    Preferences,
    UserChange,
    UserQuery,
    UserView,
)
from chalicelib.organisation.people.structure_schemas import (
    CalendarChange,
    CalendarView,
    NewCalendar,
    NewTeam,
    NewTerritory,
    TeamChange,
    TeamView,
    TerritoryChange,
    TerritoryView,
)

users = Room("users", prefix="/users")
me = Room("me", prefix="/me")
teams = Room("teams", prefix="/teams")
territories = Room("territories", prefix="/territories")
calendars = Room("calendars", prefix="/calendars")
keys = Room("api_keys", prefix="/api-keys")
routes = (users, me, teams, territories, calendars, keys)


@users.post("", needs="people:admin", body=NewUser, answers=UserView, status=201)
def add_user(call: Call[NewUser, NoQuery]) -> Answer:
    """Add somebody who works here."""
    user = service.add_user(**call.body.values(), by=call.who)
    return created(user)


@users.get("", needs="people:read", query=UserQuery, answers=UserView, listed=True)
def list_users(call: Call[None, UserQuery]) -> Page[User]:
    """List people by name."""
    asked = call.query
    return service.users(status=asked.status, team_id=asked.team_id, q=asked.q, **call.page)


@users.get("/{user_id}", needs="people:read", answers=UserView)
def read_user(call: Call[None, NoQuery], user_id: str) -> User:
    """Read a user."""
    return service.user(user_id)


@users.patch("/{user_id}", needs="people:admin", body=UserChange, answers=UserView)
def change_user(call: Call[UserChange, NoQuery], user_id: str) -> User:
    """Change what a user is and may do."""
    return service.change_user(user_id, version=call.version, by=call.who, **call.body.values())


@users.delete("/{user_id}", needs="people:admin", answers=UserView)
def let_user_go(call: Call[None, NoQuery], user_id: str) -> User:
    """Let somebody leave: no sign-in, nothing new to own. What they own stays theirs until reassigned."""
    return service.let_go(user_id, version=call.version, by=call.who)


@users.post("/{user_id}/return", needs="people:admin", answers=UserView)
def take_user_back(call: Call[None, NoQuery], user_id: str) -> User:
    """Let somebody who left work here again."""
    return service.take_back(user_id, version=call.version, by=call.who)


@users.post("/{user_id}/forget-login", needs="people:admin", answers=UserView)
def forget_login(call: Call[None, NoQuery], user_id: str) -> User:
    """Unbind a user from their login, so that the next one with their verified e-mail is bound."""
    return service.forget_login(user_id, by=call.who)


@users.put("/{user_id}/absence", needs="people:read", body=Absence, answers=UserView)
def set_absence(call: Call[Absence, NoQuery], user_id: str) -> User:
    """Say when somebody is away and who stands in: for oneself, one's team, or (administrators) all."""
    return service.set_absence(user_id, version=call.version, by=call.who, **call.body.model_dump())


@me.get("", needs="people:read", answers=MeView)
def read_me(call: Call[None, NoQuery]) -> Answer:
    """Read who is calling and what they may do."""
    who, user = call.who, service.user_or_none(call.who.id)
    seen = MeView(
        id=who.id,
        name=who.name,
        role=who.role,
        permissions=sorted(access.GRANTS[who.role] | who.scopes),
        teams=sorted(who.teams),
        managed_teams=sorted(who.managed_teams),
        user=user,
    )
    return Answer(seen, headers={"ETag": f'"{user.version}"'} if user else {})


@me.patch("", needs="people:read", body=Preferences, answers=UserView)
def set_preferences(call: Call[Preferences, NoQuery]) -> User:
    """Change one's own language and time zone; signing in anew takes them up, or five minutes."""
    return service.set_preferences(version=call.version, by=call.who, **call.body.values())


@teams.post("", needs="people:configure", body=NewTeam, answers=TeamView, status=201)
def add_team(call: Call[NewTeam, NoQuery]) -> Answer:
    """Add a team or a department."""
    team = service.add_team(**call.body.values(), by=call.who)
    return created(team)


@teams.get("", needs="people:read", query=ListQuery, answers=TeamView, listed=True)
def list_teams(call: Call[None, ListQuery]) -> Page[Team]:
    """List teams and departments."""
    return service.list_teams(**call.page)


@teams.get("/{team_id}", needs="people:read", answers=TeamView)
def read_team(call: Call[None, NoQuery], team_id: str) -> Team:
    """Read a team."""
    return service.standing(Team, team_id)


@teams.patch("/{team_id}", needs="people:configure", body=TeamChange, answers=TeamView)
def change_team(call: Call[TeamChange, NoQuery], team_id: str) -> Team:
    """Change a team's name, place, manager or region."""
    return service.change_team(team_id, version=call.version, by=call.who, **call.body.values())


@teams.delete("/{team_id}", needs="people:configure", answers=TeamView)
def void_team(call: Call[None, NoQuery], team_id: str) -> Team:
    """Take a team out of use; nobody may work in it, no team be below it."""
    return service.void_team(team_id, version=call.version, by=call.who)


@territories.post("", needs="people:configure", body=NewTerritory, answers=TerritoryView, status=201)
def add_territory(call: Call[NewTerritory, NoQuery]) -> Answer:
    """Add a territory."""
    territory = service.add_territory(**call.body.values(), by=call.who)
    return created(territory)


@territories.get("", needs="people:read", query=ListQuery, answers=TerritoryView, listed=True)
def list_territories(call: Call[None, ListQuery]) -> Page[Territory]:
    """List territories."""
    return service.list_territories(**call.page)


@territories.get("/{territory_id}", needs="people:read", answers=TerritoryView)
def read_territory(call: Call[None, NoQuery], territory_id: str) -> Territory:
    """Read a territory."""
    return service.standing(Territory, territory_id)


@territories.patch("/{territory_id}", needs="people:configure", body=TerritoryChange, answers=TerritoryView)
def change_territory(call: Call[TerritoryChange, NoQuery], territory_id: str) -> Territory:
    """Change a territory's name, borders, team or owner."""
    return service.change_territory(territory_id, version=call.version, by=call.who, **call.body.values())


@territories.delete("/{territory_id}", needs="people:configure", answers=TerritoryView)
def void_territory(call: Call[None, NoQuery], territory_id: str) -> Territory:
    """Take a territory out of use."""
    return service.void_territory(territory_id, version=call.version, by=call.who)


@calendars.post("", needs="people:configure", body=NewCalendar, answers=CalendarView, status=201)
def add_calendar(call: Call[NewCalendar, NoQuery]) -> Answer:
    """Add a business calendar."""
    calendar = service.add_calendar(**call.body.values(), by=call.who)
    return created(calendar)


@calendars.get("", needs="people:read", query=ListQuery, answers=CalendarView, listed=True)
def list_calendars(call: Call[None, ListQuery]) -> Page[BusinessCalendar]:
    """List business calendars."""
    return service.list_calendars(**call.page)


@calendars.get("/{calendar_id}", needs="people:read", answers=CalendarView)
def read_calendar(call: Call[None, NoQuery], calendar_id: str) -> BusinessCalendar:
    """Read a business calendar."""
    return service.standing(BusinessCalendar, calendar_id)


@calendars.patch("/{calendar_id}", needs="people:configure", body=CalendarChange, answers=CalendarView)
def change_calendar(call: Call[CalendarChange, NoQuery], calendar_id: str) -> BusinessCalendar:
    """Change a business calendar. Deadlines already set stay as they are."""
    return service.change_calendar(calendar_id, version=call.version, by=call.who, **call.body.values())


@calendars.delete("/{calendar_id}", needs="people:configure", answers=CalendarView)
def void_calendar(call: Call[None, NoQuery], calendar_id: str) -> BusinessCalendar:
    """Take a business calendar out of use: who still names it counts elapsed hours."""
    return service.void_calendar(calendar_id, version=call.version, by=call.who)


@keys.post("", needs="people:admin", body=NewKey, answers=IssuedKey, status=201, secret=True)
def issue_key(call: Call[NewKey, NoQuery]) -> Answer:
    """Make an API key. The answer alone shows it: ``Authorization: Bearer ssk_…``."""
    record, key = service.issue_key(**call.body.values(), by=call.who)
    shown = IssuedKey.model_validate(record).model_copy(update={"key": key})
    return created(shown)


@keys.get("", needs="people:admin", query=ListQuery, answers=KeyView, listed=True)
def list_keys(call: Call[None, ListQuery]) -> Page[ApiKey]:
    """List API keys, newest first, the revoked ones too."""
    return service.keys(**call.page)


@keys.get("/{key_id}", needs="people:admin", answers=KeyView)
def read_key(call: Call[None, NoQuery], key_id: str) -> ApiKey:
    """Read an API key, without its secret."""
    return service.key(key_id)


@keys.delete("/{key_id}", needs="people:admin", answers=KeyView)
def revoke_key(call: Call[None, NoQuery], key_id: str) -> ApiKey:
    """End an API key for good; within five minutes it opens nothing any more."""
    return service.revoke_key(key_id, version=call.version, by=call.who)
