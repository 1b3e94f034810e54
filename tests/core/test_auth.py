"""Tokens of the configured issuer, and all the others; principals through the gateway."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import AuthRequest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import auth, errors
from chalicelib.core.access import Principal, Role
from tests.core.issuer import BAD, OTHER_KEY, Issuer, serving, token


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with serving() as made:
        yield made


@pytest.mark.parametrize("wrong", BAD)
def test_a_token_that_does_not_hold_is_refused(issuer: Issuer, wrong: str) -> None:
    with pytest.raises(errors.Unauthenticated):
        auth.claims_of(BAD[wrong]())


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": "mobile"},
        {"aud": ["elsewhere", "web"]},
        {"aud": None, "client_id": "web", "token_use": "access"},
        {"token_use": None},
    ],
)
def test_a_token_of_the_issuer_for_us_tells_its_claims(issuer: Issuer, changed: dict[str, Any]) -> None:
    assert auth.claims_of(token(**changed))["sub"] == "sub-1"


def test_many_tokens_cost_one_fetch_of_the_keys(issuer: Issuer) -> None:
    for _ in range(5):
        auth.claims_of(token())

    assert issuer.fetched == 1


def test_an_unknown_key_fetches_the_keys_at_most_once_a_minute(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth.claims_of(token())
    for _ in range(5):
        with pytest.raises(errors.Unauthenticated, match="unknown_key"):
            auth.claims_of(token(OTHER_KEY, key_id="two"))
    assert issuer.fetched == 1

    issuer.keys["two"] = OTHER_KEY
    later = time.monotonic() + auth.KEYS_REST + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert auth.claims_of(token(OTHER_KEY, key_id="two"))["sub"] == "sub-1"
    assert issuer.fetched == 2


def test_an_issuer_down_for_a_moment_refuses_nobody_afterwards(issuer: Issuer) -> None:
    issuer.broken = True
    with pytest.raises(OSError, match="503"):
        auth.claims_of(token())

    issuer.broken = False

    assert auth.claims_of(token())["sub"] == "sub-1"


def test_without_an_issuer_no_token_holds() -> None:
    with pytest.raises(errors.Unauthenticated, match="no_issuer"):
        auth.claims_of(token())


def _asked(authorization: str) -> AuthRequest:
    return AuthRequest("TOKEN", authorization, "arn:aws:execute-api:us-east-1:1:api/v1/GET/users")


def _who(token: str) -> Principal:
    return Principal(token, Role.REP, "Rita 王丽", frozenset({"team_a"}))


@pytest.mark.parametrize("authorization", ["Bearer abc", "bearer abc", "Bearer  abc "])
def test_the_gateway_hears_who_the_bearer_is(authorization: str) -> None:
    answer = auth.authorize(_asked(authorization), _who).to_dict(_asked(""))

    assert answer["principalId"] == "abc"
    assert auth.principal(answer["context"]) == _who("abc")


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearer " + "x" * 8193]
)
def test_what_is_no_bearer_token_is_refused_unread(authorization: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        auth.authorize(_asked(authorization), lambda _: pytest.fail("read"))


def test_a_refused_token_is_a_401_at_the_gateway() -> None:
    def refuse(_: str) -> Principal:
        raise errors.Unauthenticated("bad_token")

    with pytest.raises(Exception, match=r"^Unauthorized$"):
        auth.authorize(_asked("Bearer abc"), refuse)


names = st.text(max_size=20)
codes = st.frozensets(st.from_regex(r"\A[a-z_*]{1,10}(:[a-z*]{1,8})?\Z"), max_size=5)


@given(
    st.builds(
        Principal,
        id=names,
        role=st.sampled_from(Role),
        name=names,
        teams=codes,
        managed_teams=codes,
        scopes=codes,
        language=st.sampled_from(["", "en", "zh-CN"]),
        zone=st.sampled_from(["", "Asia/Shanghai"]),
    )
)
def test_a_principal_comes_through_the_gateway_as_it_went_in(who: Principal) -> None:
    carried = auth.to_context(who)

    assert all(isinstance(value, str) for value in carried.values())
    assert auth.principal(json.loads(json.dumps(carried))) == who


@pytest.mark.parametrize("context", [None, {}, {"principalId": "x"}])
def test_without_the_authorizers_word_there_is_nobody(context: dict[str, str] | None) -> None:
    with pytest.raises(errors.Unauthenticated):
        auth.principal(context)


def test_a_key_that_the_issuer_withdraws_opens_nothing_an_hour_later(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth.claims_of(token())
    issuer.keys = {"two": OTHER_KEY}
    auth.claims_of(token())

    later = time.monotonic() + auth.KEYS_LIVE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with pytest.raises(errors.Unauthenticated):
        auth.claims_of(token())
    assert auth.claims_of(token(OTHER_KEY, key_id="two"))["sub"] == "sub-1"


def test_an_issuer_that_is_down_for_a_moment_locks_nobody_out(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth.claims_of(token())
    issuer.broken = True

    later = time.monotonic() + auth.KEYS_LIVE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert auth.claims_of(token())["sub"] == "sub-1"
