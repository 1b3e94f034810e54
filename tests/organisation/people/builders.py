"""The company that tests play in: the people of ``tests/client.py`` as users, and their teams."""

from typing import Any, Final

from chalicelib.core import access
from chalicelib.core.access import Principal, Role
from chalicelib.core.step import Step
from chalicelib.organisation.people import directory, seats
from chalicelib.organisation.people.login import email_key
from chalicelib.organisation.people.models import Team, User
from tests.client import (
    ADMIN,
    COLLEAGUE,
    FINANCE,
    MANAGER,
    NORTH,
    OPERATIONS,
    READ_ONLY,
    REP,
    SOUTH,
    STRANGER,
)

#: Sven manages team South, and with it Sam.
SOUTH_MANAGER: Final = Principal(
    "user_00000000000000000000000SVN", Role.MANAGER, "Sven", frozenset({SOUTH}), frozenset({SOUTH})
)
EVERYBODY: Final = (
    ADMIN,
    OPERATIONS,
    MANAGER,
    SOUTH_MANAGER,
    REP,
    COLLEAGUE,
    STRANGER,
    FINANCE,
    READ_ONLY,
)


def hire_everybody() -> dict[str, User]:
    """Create teams North and South and everybody of ``tests/client.py``; return the users by id."""
    step = Step(by=access.SYSTEM.id)
    step.create(Team(id=NORTH, name="North 北区", manager_id=MANAGER.id, region="North"))
    step.create(Team(id=SOUTH, name="South 南区", manager_id=SOUTH_MANAGER.id, region="South"))
    hired = {who.id: _user(who) for who in EVERYBODY}
    for user in hired.values():
        step.create(user)
        step.claim(email_key(user.email), user.id)
    seats.furnish(step, [user.team_id for user in hired.values()])
    step.commit()
    directory.forget()
    return hired


def _user(who: Principal, **details: Any) -> User:
    first_name = who.name.split()[0].lower()
    team_id = next(iter(who.teams), None)
    details.setdefault("language", "zh-CN" if who is REP else "en")
    return User(
        id=who.id,
        name=who.name,
        email=f"{first_name}@example.com",
        role=who.role.value,
        team_id=team_id,
        **details,
    )


def hire(who: Principal, **details: Any) -> User:
    """Create one more user, with the given attributes."""
    step = Step(by=access.SYSTEM.id)
    user = _user(who, **details)
    step.create(user)
    step.claim(email_key(user.email), user.id)
    seats.take(step, user.team_id)
    step.commit()
    directory.forget()
    return user
