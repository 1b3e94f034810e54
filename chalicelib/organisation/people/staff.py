"""Hiring, changing and leaving: the verbs on users."""

from datetime import date
from typing import Any

from chalicelib.core import access, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, expect
from chalicelib.organisation.people import directory, login, seats
from chalicelib.organisation.people.login import email_key
from chalicelib.organisation.people.models import Team, User


def add_user(*, name: str, email: str, role: str, by: Principal, **details: Any) -> User:
    """Add somebody who works here. AlreadyExists when another has the e-mail address."""
    require_team(details.get("team_id"))
    user = User(name=name, email=email, role=role, **details)
    step = Step(by=by.id)
    step.create(user)
    step.claim(email_key(email), user.id)
    seats.take(step, user.team_id)
    _commit(step)
    return user


def change_user(user_id: str, *, version: int | None, by: Principal, **changes: Any) -> User:
    """Change what a user is and may do. AlreadyExists when another has the new e-mail address."""
    user = User.fetch(user_id)
    expect(user, version)
    step = Step(by=by.id)
    if changes.get("team_id", user.team_id) != user.team_id:
        require_team(changes["team_id"])
        _change_seats(step, user, changes["team_id"])
    if changes.get("role", user.role) != user.role:
        _require_another_administrator(step, user)
    if changes.get("email", user.email) != user.email:
        step.claim(email_key(changes["email"]), user.id)
        step.release(email_key(user.email), user.id)
    step.change(user, **changes)
    _commit(step)
    return user


def let_go(user_id: str, *, version: int | None, by: Principal) -> User:
    """Let somebody leave: they cannot sign in and own nothing new. What they own stays theirs."""
    user = User.fetch(user_id)
    expect(user, version)
    if user.status == "ACTIVE":
        step = Step(by=by.id)
        _require_another_administrator(step, user)
        seats.free(step, user.team_id)
        step.change(user, status="INACTIVE")
        _commit(step)
    return user


def take_back(user_id: str, *, version: int | None, by: Principal) -> User:
    """Let somebody who left work here again, in their team if there still is one."""
    user = User.fetch(user_id)
    expect(user, version)
    if user.status != "ACTIVE":
        step = Step(by=by.id)
        _put_back(step, user)
        _commit(step)
    return user


def _put_back(step: Step, user: User, **changes: Any) -> None:
    team = Team.find(user.team_id) if user.team_id else None
    team_id = team.id if team is not None and team.status == "ACTIVE" else None
    seats.take(step, team_id)
    step.change(user, status="ACTIVE", team_id=team_id, **changes)


def forget_login(user_id: str, *, by: Principal) -> User:
    """Unbind a user from the login of their identity provider, so that another can be bound."""
    user = User.fetch(user_id)
    login.forget_login(user, by=by)
    return user


def set_absence(
    user_id: str,
    *,
    away_from: date | None,
    away_until: date | None,
    stand_in_id: str | None,
    version: int | None,
    by: Principal,
) -> User:
    """Say from when to when somebody is away, and who stands in; all None: back again.

    Everybody for themselves, managers for their teams, administrators for all: else Forbidden.
    """
    user = User.fetch(user_id)
    if by.id != user.id and user.team_id not in by.managed_teams:
        access.require(by, "people:admin")
    expect(user, version)
    if away_until and (away_from is None or away_until < away_from):
        raise errors.Invalid.one("away_until", "away_order")
    if stand_in_id:
        require_colleague(stand_in_id, field="stand_in_id", other_than=user.id)
    _change(user, by=by, away_from=away_from, away_until=away_until, stand_in_id=stand_in_id)
    return user


def set_preferences(*, version: int | None, by: Principal, **changes: Any) -> User:
    """Change one's own language and time zone."""
    user = User.fetch(by.id)
    expect(user, version)
    _change(user, by=by, **changes)
    return user


def users(
    *,
    status: str,
    team_id: str | None = None,
    q: str | None = None,
    limit: int,
    after: dict[str, Any] | None = None,
) -> Page[User]:
    """Return users by name: those of a status, of a team, with `q` in their name.

    Read whole and sorted here: a company's people are few, and names are to stand in no key.
    """
    found = [
        user
        for user in directory.read_users(status)
        if team_id in (None, user.team_id) and (q or "").casefold() in user.name.casefold()
    ]
    found.sort(key=_by_name)
    if after:
        last = _by_name(User.fetch(after["id"]))
        found = [user for user in found if _by_name(user) > last]
    following = {"id": found[limit - 1].id} if len(found) > limit else None
    return Page(found[:limit], following)


def appoint_administrator(*, email: str, name: str) -> User:
    """Make whoever has an e-mail address an active administrator; the user is added when missing."""
    user = login.user_by_email(email)
    if user is None:
        return add_user(name=name, email=email, role=Role.ADMIN.value, by=access.SYSTEM)
    if user.status != "ACTIVE":
        step = Step(by=access.SYSTEM.id)
        _put_back(step, user, role=Role.ADMIN.value)
        _commit(step)
    elif user.role != Role.ADMIN.value:
        _change(user, by=access.SYSTEM, role=Role.ADMIN.value)
    return user


def require_team(team_id: str | None, *, field: str = "team_id") -> None:
    """Raise Invalid (``unknown_reference``, naming `field`) unless None or a present team."""
    if team_id is None:
        return
    team = Team.find(team_id)
    if team is None or team.status != "ACTIVE":
        raise errors.Invalid.one(field, "unknown_reference")


def require_colleague(user_id: str | None, *, field: str, other_than: str = "") -> None:
    """Raise Invalid (``unknown_reference``, naming `field`) unless None or somebody else who works here."""
    if user_id is None:
        return
    user = User.find(user_id)
    if user is None or user.status != "ACTIVE" or user.id == other_than:
        raise errors.Invalid.one(field, "unknown_reference")


def _change_seats(step: Step, user: User, team_id: str | None) -> None:
    # Who has left sits nowhere.
    if user.status == "ACTIVE":
        seats.free(step, user.team_id)
        seats.take(step, team_id)


def _require_another_administrator(step: Step, user: User) -> None:
    """Have a step keep its hands off the last administrator (``python -m infra.admin`` is the way back).

    Conflict when nobody else is one. The one who is must still be when the step is written: of two
    who dismiss each other at the same moment, one stays.
    """
    if user.role != Role.ADMIN.value or user.status != "ACTIVE":
        return
    others = directory.read_users("ACTIVE")
    another = next((each for each in others if each.role == user.role and each.id != user.id), None)
    if another is None:
        raise errors.Conflict("last_administrator")
    still = (User.role == user.role) & (User.status == "ACTIVE")
    step.require(another, still, refusal=lambda _: errors.Conflict("last_administrator"))


def _by_name(user: User) -> tuple[str, str]:
    return user.name.casefold(), user.id


def _change(user: User, *, by: Principal, **values: Any) -> None:
    change(user, by=by.id, **values)
    directory.forget()


def _commit(step: Step) -> None:
    step.commit()
    directory.forget()
