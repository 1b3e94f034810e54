"""The first administrator: made from outside, by a command that may run again and again."""

from typing import Any

import pytest
from botocore.session import get_session

from chalicelib.core import access
from chalicelib.organisation.people import directory
from chalicelib.organisation.people import service as people
from infra import admin, stack
from infra.stages import Stage

HERE = Stage("test", {})


@pytest.fixture(autouse=True)
def _environment_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESTREAM_SECRET_PARAMETER", HERE.secret_parameter)


def _administrators() -> list[str]:
    return [user.email for user in directory.read_users("ACTIVE") if user.role == "ADMIN"]


@pytest.mark.parametrize("times", [1, 2])
def test_the_command_makes_one_administrator_however_often_it_runs(tables: None, times: int) -> None:
    for _ in range(times):
        told = admin.appoint(HERE, email="Ada@Example.com", name="Ada")

    assert _administrators() == ["ada@example.com"]
    assert "(Ada) is an administrator" in told


def test_the_command_is_the_way_back_for_somebody_who_left(tables: None) -> None:
    user = people.add_user(name="Ada", email="ada@example.com", role="REP", by=access.SYSTEM)
    people.let_go(user.id, version=1, by=access.SYSTEM)

    admin.appoint(HERE, email="ada@example.com")

    back = people.user(user.id)
    assert (back.role, back.status, back.name) == ("ADMIN", "ACTIVE", "Ada")


def test_the_command_takes_no_other_text_for_an_address(tables: None) -> None:
    with pytest.raises(ValueError, match="no e-mail address"):
        admin.appoint(HERE, email="ada")


def test_the_login_is_made_once_with_a_verified_address(tables: None) -> None:
    cognito: Any = get_session().create_client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="test", UsernameAttributes=["email"])["UserPool"]["Id"]
    cloud = stack.Cloud(region="us-east-1")

    first = admin.invite(cloud, pool, email="ada@example.com")
    again = admin.invite(cloud, pool, email="ada@example.com")

    [login] = cognito.list_users(UserPoolId=pool)["Users"]
    assert {"Name": "email_verified", "Value": "true"} in login["Attributes"]
    assert (first.split(";")[0], again) == ("a login was made", "the login is there already")
