"""Tokens at the authorizer: none that does not hold opens any route; what a good one means is decided anew.

The gateway of the deployed stack calls the same function; `tests/stack/test_access.py` sees it do so.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from app import app, authorizer
from chalicelib.core import clock
from chalicelib.core.access import SYSTEM
from chalicelib.core.endpoint import Endpoint
from chalicelib.organisation.people import service as people
from chalicelib.organisation.people.models import ApiKey, User
from infra.demo.people import known_id
from tests.access.doors import InProcess
from tests.core import issuer, wrong

GUARDED: Final = [each for each in wrong.endpoints() if not each.public]
#: Further texts that are no bearer of anything.
ODD: Final[dict[str, Callable[[], str]]] = {
    "an API key never issued": lambda: f"ssk_{wrong.MISSING}_{'x' * 43}",
    "an API key cut short": lambda: "ssk_",
    "too long": lambda: "x" * 8_193,
    "a token twice": lambda: f"{issuer.token()} {issuer.token()}",
}
BAD: Final = {name: issuer.BAD[name] for name in issuer.BAD} | ODD


@pytest.fixture(scope="module", autouse=True)
def _issuer(door: InProcess) -> Iterator[None]:
    """An identity provider whose tokens the installation takes."""
    with issuer.serving():
        yield


def arn(endpoint: Endpoint) -> str:
    """How the gateway names a route to the authorizer."""
    path = wrong.path_of(endpoint).lstrip("/")
    return f"arn:aws:execute-api:us-east-1:000000000000:abcdef/v1/{endpoint.method}/{path}"


def judged(token: str, endpoint: Endpoint = GUARDED[0], *, scheme: str = "Bearer ") -> dict[str, Any]:
    """Ask the authorizer as the gateway does."""
    event = {"type": "TOKEN", "authorizationToken": scheme + token, "methodArn": arn(endpoint)}
    answer: dict[str, Any] = authorizer(event, {})
    return answer


def refused(token: str, **options: Any) -> bool:
    """Whether the gateway is told to answer 401: by this very word, any other is a 500 there."""
    try:
        judged(token, **options)
    except Exception as told:
        return str(told) == "Unauthorized"
    return False


def token_of(key: str) -> str:
    """A good token of somebody in the demo company."""
    email = people.user(known_id("user", key)).email
    return issuer.token(sub=key, email=email, email_verified=True)


def test_every_route_stands_behind_the_authorizer_unless_it_is_public() -> None:
    behind = {
        (method, path)
        for path, methods in app.routes.items()
        for method, route in methods.items()
        if route.authorizer is not None and route.authorizer.name == authorizer.name
    }

    assert behind == {(each.method, each.path) for each in GUARDED}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_token_opens_no_route(fault: str) -> None:
    token = BAD[fault]()

    assert [wrong.name_of(each) for each in GUARDED if not refused(token, endpoint=each)] == []


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer", "Digest ", "Bearer\t"])
def test_a_good_token_under_another_scheme_is_none(scheme: str) -> None:
    assert refused(token_of("emma"), scheme=scheme)


def test_what_is_said_for_one_route_holds_for_every_route() -> None:
    # The gateway keeps the answer for five minutes by token alone, whatever route it was asked for.
    token, said = token_of("emma"), set()
    for asked in GUARDED:
        [statement] = judged(token, asked)["policyDocument"]["Statement"]
        assert statement["Effect"] == "Allow"
        said.add(tuple(statement["Resource"]))
    for resources in said:
        allowed = re.compile("|".join(re.escape(each).replace(r"\*", ".*") for each in resources))
        assert [wrong.name_of(each) for each in GUARDED if not allowed.fullmatch(arn(each))] == []


def test_who_has_left_is_nobody_until_taken_back() -> None:
    user_id = known_id("user", "lin_xue")
    assert judged(token_of("lin_xue"))["context"]["id"] == user_id

    people.let_go(user_id, version=None, by=SYSTEM)
    assert refused(token_of("lin_xue"))

    people.take_back(user_id, version=None, by=SYSTEM)
    assert judged(token_of("lin_xue"))["context"]["id"] == user_id


def test_a_token_means_what_its_user_is_now() -> None:
    token = token_of("lin_xue")
    user: User = people.user(known_id("user", "lin_xue"))
    assert judged(token)["context"]["role"] == "REP"

    people.change_user(user.id, version=None, by=SYSTEM, role="READ_ONLY")

    assert judged(token)["context"]["role"] == "READ_ONLY"
    people.change_user(user.id, version=None, by=SYSTEM, role="REP")


def test_a_token_of_somebody_unknown_or_of_an_unverified_address_is_refused() -> None:
    assert refused(issuer.token(sub="new", email="nobody@example.com", email_verified=True))
    assert refused(issuer.token(sub="new", email="emma@example.com", email_verified=False))
    assert refused(issuer.token(sub="another login", email="lin.xue@example.com", email_verified=True))


def test_a_key_that_is_revoked_over_or_guessed_opens_nothing() -> None:
    record, key = people.issue_key(name="Shop", scopes=["*:read"], by=SYSTEM)
    assert judged(key)["context"] == judged(key)["context"] | {"role": "INTEGRATION", "scopes": "*:read"}
    assert refused(key[:-1] + ("a" if key[-1] != "a" else "b"))

    tomorrow = clock.now() + timedelta(days=1)
    _, ends = people.issue_key(name="Fair", scopes=["*:read"], by=SYSTEM, expires_at=tomorrow)
    assert not refused(ends)
    with clock.at(tomorrow):
        assert refused(ends)

    people.revoke_key(record.id, version=ApiKey.fetch(record.id).version, by=SYSTEM)
    assert refused(key)
