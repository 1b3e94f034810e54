"""What two people who administer do at the same instant: the company stays in order."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.access import Role
from chalicelib.organisation.people import directory
from chalicelib.organisation.people import service as people
from chalicelib.organisation.people.models import Team, User
from tests.client import ADMIN
from tests.organisation.people.builders import hire_everybody

ROUNDS = 8
Verb = Callable[[], Any]


@pytest.fixture(autouse=True)
def company(emulated: str) -> None:
    """Everybody is hired, on an emulator that takes writes in parallel."""
    hire_everybody()


def at_once(*verbs: Verb) -> list[str]:
    """Do things at the same moment; return which came through, and why the others did not."""

    def told(verb: Verb) -> str:
        try:
            verb()
        except errors.SalesError as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(len(verbs)) as threads:
        return list(threads.map(told, verbs))


def a_user(**details: Any) -> User:
    number = len(directory.read_users("ACTIVE")) + len(directory.read_users("INACTIVE"))
    given = {"name": f"Paul {number}", "email": f"paul{number}@example.com", "role": "REP", **details}
    return people.add_user(by=ADMIN, **given)


def change(user: User, **changes: Any) -> Verb:
    return partial(people.change_user, user.id, version=None, by=ADMIN, **changes)


def dismiss(user: User) -> Verb:
    return partial(people.let_go, user.id, version=None, by=ADMIN)


def void(team: Team) -> Verb:
    return partial(people.void_team, team.id, version=None, by=ADMIN)


def put_below(parent: Team, team: Team) -> Verb:
    return partial(people.change_team, team.id, version=None, by=ADMIN, parent_id=parent.id)


def add_below(parent: Team) -> Verb:
    return partial(people.add_team, name="Below", parent_id=parent.id, by=ADMIN)


def administrators() -> int:
    return sum(user.role == Role.ADMIN.value for user in directory.read_users("ACTIVE"))


def test_administrators_who_dismiss_each_other_at_the_same_moment_leave_one() -> None:
    first = User.fetch(ADMIN.id)
    for _ in range(ROUNDS):
        others = [a_user(role="ADMIN"), a_user(role="ADMIN")]

        came = at_once(change(first, role="REP"), change(others[0], role="REP"), dismiss(others[1]))

        assert came.count("done") <= 2
        assert administrators() == 3 - came.count("done") >= 1
        for user in (first, *others):
            people.take_back(user.id, version=None, by=ADMIN)
            people.change_user(user.id, version=None, by=ADMIN, role="ADMIN" if user is first else "REP")


def test_a_team_is_voided_or_joined_never_both() -> None:
    for _ in range(ROUNDS):
        team = people.add_team(name="East", by=ADMIN)
        mover = a_user()

        came = at_once(void(team), change(mover, team_id=team.id), add_below(team))

        voided = Team.fetch(team.id).status == "VOIDED"
        below = [other for other in directory.read_teams() if other.parent_id == team.id]
        assert voided == (came[0] == "done")
        assert (User.fetch(mover.id).team_id == team.id or bool(below)) != voided


def test_a_team_that_everybody_left_can_be_voided() -> None:
    team, other = people.add_team(name="East", by=ADMIN), people.add_team(name="West", by=ADMIN)
    mover, leaver = a_user(team_id=team.id), a_user(team_id=team.id)
    below = people.add_team(name="Below", parent_id=team.id, by=ADMIN)
    with pytest.raises(errors.Conflict):
        void(team)()

    at_once(change(mover, team_id=other.id), dismiss(leaver), void(below))

    assert people.void_team(team.id, version=None, by=ADMIN).status == "VOIDED"
    assert people.take_back(leaver.id, version=None, by=ADMIN).team_id is None


def test_two_teams_put_below_each_other_at_the_same_moment_are_no_ring() -> None:
    for _ in range(ROUNDS):
        one, other = people.add_team(name="One", by=ADMIN), people.add_team(name="Other", by=ADMIN)

        at_once(put_below(other, one), put_below(one, other))

        parents = (Team.fetch(one.id).parent_id, Team.fetch(other.id).parent_id)
        assert parents.count(None) == 1
