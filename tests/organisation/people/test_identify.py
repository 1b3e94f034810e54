"""Whose token it is: people by their issuer's JWT, programs by their key."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import access, auth, clock, errors
from chalicelib.core.access import Role, may
from chalicelib.core.table import client
from chalicelib.organisation.people import directory
from chalicelib.organisation.people import service as people
from tests.client import ADMIN, MANAGER, NORTH, REP, SOUTH
from tests.organisation.people.builders import hire_everybody

ISSUER = "https://login.example.com"
RITA = {"iss": ISSUER, "sub": "sub-1", "email": "Rita@Example.com", "email_verified": True}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Identify somebody by claims, as if a JWT with them had been checked."""

    def identified(claims: dict[str, Any]) -> access.Principal:
        monkeypatch.setattr(auth, "claims_of", lambda token: claims)
        return people.identify("a checked token")

    return identified


def test_the_first_login_finds_the_user_by_verified_address(sign_in: Any) -> None:
    who = sign_in(RITA)

    assert (who.id, who.role, who.name) == (REP.id, Role.REP, REP.name)
    assert (who.teams, who.managed_teams, who.language) == ({NORTH}, frozenset(), "zh-CN")


def test_later_logins_go_by_subject_whatever_the_address(sign_in: Any) -> None:
    sign_in(RITA)

    assert sign_in({"iss": ISSUER, "sub": "sub-1"}).id == REP.id
    assert sign_in({**RITA, "email": "mia@example.com"}).id == REP.id


def test_an_address_that_passed_to_another_login_opens_nothing(sign_in: Any) -> None:
    sign_in(RITA)

    with pytest.raises(errors.Unauthenticated, match="other_login"):
        sign_in({**RITA, "sub": "sub-2"})


def test_a_new_login_is_bound_once_the_old_one_is_forgotten(sign_in: Any) -> None:
    sign_in(RITA)

    people.forget_login(REP.id, by=ADMIN)
    people.forget_login(REP.id, by=ADMIN)

    assert sign_in({**RITA, "sub": "sub-2"}).id == REP.id
    with pytest.raises(errors.Unauthenticated):
        sign_in({"iss": ISSUER, "sub": "sub-1"})


def test_the_same_subject_of_another_issuer_is_somebody_else(sign_in: Any) -> None:
    sign_in(RITA)

    with pytest.raises(errors.Unauthenticated, match="unknown_user"):
        sign_in({"iss": "https://elsewhere.example.com", "sub": "sub-1"})


@pytest.mark.parametrize(
    "claims",
    [
        {**RITA, "email_verified": False},
        {**RITA, "email_verified": "false"},
        {name: value for name, value in RITA.items() if name != "email_verified"},
        {**RITA, "email": "nobody@example.com"},
        {**RITA, "email": None},
        {"iss": ISSUER, "sub": "sub-1"},
    ],
)
def test_nobody_comes_in_without_a_verified_address_of_a_user(sign_in: Any, claims: dict[str, Any]) -> None:
    with pytest.raises(errors.Unauthenticated, match="unknown_user"):
        sign_in(claims)


def test_who_was_let_go_does_not_come_in(sign_in: Any) -> None:
    sign_in(RITA)
    people.let_go(REP.id, version=1, by=ADMIN)

    with pytest.raises(errors.Unauthenticated, match="inactive_user"):
        sign_in(RITA)


def test_a_manager_reaches_down_the_tree_and_belongs_up_it(sign_in: Any) -> None:
    department = people.add_team(name="China", type="DEPARTMENT", manager_id=MANAGER.id, by=ADMIN)
    for team_id in (NORTH, SOUTH):
        people.change_team(team_id, version=None, by=ADMIN, parent_id=department.id)
    below = people.add_team(name="Shenzhen", parent_id=SOUTH, by=ADMIN)

    who = sign_in({**RITA, "sub": "sub-3", "email": "mia@example.com"})

    assert who.teams == {NORTH, department.id}
    assert who.managed_teams == {department.id, NORTH, SOUTH, below.id}


def test_who_one_is_survives_the_way_through_the_gateway(sign_in: Any) -> None:
    who = sign_in(RITA)

    assert auth.principal(auth.to_context(who)) == who


def test_a_key_acts_within_its_scopes() -> None:
    record, key = people.issue_key(name="Website", scopes=["leads:write", "products:read"], by=ADMIN)

    who = people.identify(key)

    assert (who.id, who.role, who.name) == (record.id, Role.INTEGRATION, "Website")
    asked = ["leads:write", "products:read", "leads:read", "orders:write", "people:admin"]
    assert [may(who, each) for each in asked] == [True, True, False, False, False]


def test_a_key_is_kept_nowhere() -> None:
    record, key = people.issue_key(name="Website", scopes=["*:read"], by=ADMIN)

    secret = key.rpartition("_")[2]
    assert secret not in str(people.key(record.id).to_simple_dict())


def test_a_key_ends_when_its_time_is_over_or_it_is_revoked() -> None:
    soon = clock.now() + timedelta(hours=1)
    _, short = people.issue_key(name="Fair", scopes=["*:read"], expires_at=soon, by=ADMIN)
    record, revoked = people.issue_key(name="Old", scopes=["*:read"], by=ADMIN)
    people.revoke_key(record.id, version=1, by=ADMIN)

    assert people.identify(short).name == "Fair"
    with clock.at(soon), pytest.raises(errors.Unauthenticated, match="key_is_over"):
        people.identify(short)
    with pytest.raises(errors.Unauthenticated, match="key_is_over"):
        people.identify(revoked)


@pytest.mark.parametrize("wrong", ["secret", "id", "short", "form"])
def test_a_key_that_is_not_ours_opens_nothing(wrong: str) -> None:
    _, key = people.issue_key(name="Website", scopes=["*:read"], by=ADMIN)
    ours = {
        "secret": key[:-4] + ("AAAA" if not key.endswith("AAAA") else "BBBB"),
        "id": key.replace(key[4:30], "01J00000000000000000000000"),
        "short": key[:20],
        "form": "ssk_" + "€" * 3000,
    }

    with pytest.raises(errors.Unauthenticated, match="unknown_key"):
        people.identify(ours[wrong])


@pytest.fixture
def calls() -> Iterator[list[str]]:
    """The names of the calls to DynamoDB, as they are made."""
    made: list[str] = []

    def heard(model: Any, **_: Any) -> None:
        made.append(model.name)

    client().meta.events.register("before-call.dynamodb", heard)
    yield made
    client().meta.events.unregister("before-call.dynamodb", heard)


def test_signing_in_costs_three_reads_and_two_while_the_teams_are_at_hand(
    sign_in: Any, calls: list[str]
) -> None:
    sign_in(RITA)
    directory.forget()
    calls.clear()

    sign_in(RITA)
    sign_in(RITA)

    assert calls == ["BatchGetItem", "GetItem", "Query", "BatchGetItem", "GetItem"]
