"""What one does with people; and all that other domains ask about them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from chalicelib.core import errors, identity
from chalicelib.core.access import Principal, Role
from chalicelib.organisation.people import calendars, directory, hierarchy
from chalicelib.organisation.people.api_keys import issue_key, key, keys, revoke_key
from chalicelib.organisation.people.login import identify, principal, user_by_email
from chalicelib.organisation.people.models import Team, User
from chalicelib.organisation.people.staff import (
    add_user,
    appoint_administrator,
    change_user,
    forget_login,
    let_go,
    set_absence,
    set_preferences,
    take_back,
    users,
)
from chalicelib.organisation.people.structure import (
    add_calendar,
    add_team,
    add_territory,
    change_calendar,
    change_team,
    change_territory,
    hours_of,
    list_calendars,
    list_teams,
    list_territories,
    standing,
    territory_of,
    void_calendar,
    void_team,
    void_territory,
)

__all__ = [
    "User",
    "add_calendar",
    "add_team",
    "add_territory",
    "add_user",
    "appoint_administrator",
    "assignable",
    "business_deadline",
    "change_calendar",
    "change_team",
    "change_territory",
    "change_user",
    "deciders",
    "find_by_name_or_email",
    "forget_login",
    "identify",
    "issue_key",
    "key",
    "keys",
    "let_go",
    "list_calendars",
    "list_teams",
    "list_territories",
    "manager_of",
    "owner_fields",
    "principal",
    "revoke_key",
    "set_absence",
    "set_preferences",
    "standing",
    "take_back",
    "teams",
    "teams_below",
    "territory_of",
    "user",
    "user_or_none",
    "users",
    "void_calendar",
    "void_team",
    "void_territory",
]

#: So many are asked for one decision at the most.
MOST_ASKED: Final = 10


def user(user_id: str) -> User:
    """Return a user as they are now. NotFound when there is none."""
    return User.fetch(user_id)


def user_or_none(user_id: str) -> User | None:
    """Return a user as they are now, or None (an API key, the house itself)."""
    return User.find(user_id)


def find_by_name_or_email(text: str) -> User | None:
    """Return who works here under a name (without case) or an e-mail address, or None.

    None also when two people have the name: a list from elsewhere must then give the address.
    """
    if address := identity.email(text):
        found = user_by_email(address)
        return found if found and found.status == "ACTIVE" else None
    wanted = text.strip().casefold()
    named = [user for user in directory.users().values() if user.name.casefold() == wanted]
    return named[0] if len(named) == 1 else None


def owner_fields(user_id: str, field: str = "owner_id") -> dict[str, Any]:
    """Return ``owner_id`` and ``team_id`` of a record that a user is to own.

    Invalid (``unknown_reference``, naming `field`) unless the user works here.
    """
    found = User.find(user_id)
    if found is None or found.status != "ACTIVE":
        raise errors.Invalid.one(field, "unknown_reference")
    return {"owner_id": found.id, "team_id": found.team_id}


def assignable(*, at: datetime) -> list[User]:
    """Return who can be given work at an instant: reps and managers, active and not away, by id.

    As of half a minute ago at the most.
    """
    return [found for found in directory.users().values() if found.takes_leads(at)]


def manager_of(user_id: str) -> str | None:
    """Return who is above a user: the first other manager from their team upwards who works here."""
    found = User.find(user_id)
    if found is None:
        return None
    return hierarchy.manager(user_id, found.team_id, directory.teams(), among=directory.users())


def deciders(owner_id: str, *, may: Callable[[Principal], bool], but: str | None) -> list[User]:
    """Return who is asked to decide about what somebody owns: of those who `may`, all `but` one.

    The nearest manager above the owner; where none of them may, those who see every record, and
    administrators only where there is nobody else. As of half a minute ago at the most.
    """
    owner, everybody = User.find(owner_id), directory.users()
    acting = {each.id: Principal(each.id, Role(each.role)) for each in everybody.values() if each.id != but}
    fit = {each.id: each for each in acting.values() if may(each)}
    team_id: str | None = owner.team_id if owner else None
    above = hierarchy.manager(owner_id, team_id, directory.teams(), among=fit)
    if above:
        return [everybody[above]]
    over = [each for each in fit.values() if each.sees_all]
    chosen = [each for each in over if each.role != Role.ADMIN] or over
    return [everybody[each.id] for each in chosen][:MOST_ASKED]


def teams() -> list[Team]:
    """Return all teams and departments. As of half a minute ago at the most."""
    return list(directory.teams().values())


def teams_below(team_id: str) -> frozenset[str]:
    """Return a team with all below it; nothing for none of ours. As of half a minute ago at the most."""
    return hierarchy.below([team_id], directory.teams())


def business_deadline(start: datetime, *, hours: int, calendar_id: str | None) -> datetime:
    """Return when so many hours of a business calendar have passed since an instant.

    Without a calendar (None, or one that was voided) they are elapsed hours, round the clock.
    """
    return calendars.deadline(start, hours=hours, calendar=hours_of(calendar_id))
