"""Tokens of the configured issuer, and all the others; principals through the gateway."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final

import jwt
import pytest
from chalice.app import AuthRequest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from chalicelib.core import auth, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.settings import settings

ISSUER: Final = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_test"
KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLAIMS: Final = {"iss": ISSUER, "sub": "sub-1", "aud": "web", "token_use": "id", "email": "rita@example.com"}


@dataclass
class Issuer:
    """An issuer's key set, served on this machine; counts how often it was fetched."""

    keys: dict[str, Any] = field(default_factory=lambda: {"one": KEY})
    fetched: int = 0
    broken: bool = False
    address: str = ""

    def document(self) -> bytes:
        """Return the key set as it is served."""
        self.fetched += 1
        served = [
            {
                **RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
                "kid": key_id,
                "use": "sig",
                "alg": "RS256",
            }
            for key_id, key in self.keys.items()
        ]
        return json.dumps({"keys": served}).encode()


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    made = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503 if made.broken else 200)
            self.end_headers()
            self.wfile.write(made.document())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.address = f"http://127.0.0.1:{server.server_port}/jwks.json"
        monkeypatch.setenv("SALESTREAM_OIDC_ISSUER", ISSUER)
        monkeypatch.setenv("SALESTREAM_OIDC_AUDIENCE", "web,mobile")
        monkeypatch.setenv("SALESTREAM_OIDC_KEYS", made.address)
        settings.cache_clear()
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield made
        server.shutdown()
        serving.join()
    monkeypatch.undo()
    settings.cache_clear()


def token(key: Any = KEY, *, key_id: str = "one", **changed: Any) -> str:
    """Return a token like the issuer's, but for the changed claims (None leaves one out)."""
    claims = {**CLAIMS, "exp": int(time.time()) + 600, **changed}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key, algorithm="RS256", headers={"kid": key_id})


def _part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _signed_with_the_public_key() -> str:
    """Return a token whose HMAC secret is the issuer's public key, which everybody knows."""
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = _part({"alg": "HS256", "typ": "JWT", "kid": "one"})
    signed = f"{header}.{_part({**CLAIMS, 'exp': int(time.time()) + 600})}"
    mac = hmac.new(public, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


BAD: Final[dict[str, Callable[[], str]]] = {
    "none at all": lambda: "",
    "garbage": lambda: "not.a.token",
    "alg none": lambda: f"{_part({'alg': 'none', 'kid': 'one'})}.{_part(CLAIMS | {'exp': 9_999_999_999})}.",
    "signed with the public key": _signed_with_the_public_key,
    "another's signature": lambda: token(OTHER_KEY),
    "expired": lambda: token(exp=int(time.time()) - 1),
    "for ever": lambda: token(exp=None),
    "another issuer": lambda: token(iss="https://login.example.com"),
    "another audience": lambda: token(aud="elsewhere"),
    "no audience": lambda: token(aud=None),
    "a refresh token": lambda: token(token_use="refresh"),
    "nobody's": lambda: token(sub=None),
    "an unknown key": lambda: token(OTHER_KEY, key_id="two"),
    "no key named": lambda: jwt.encode(CLAIMS | {"exp": 9_999_999_999}, KEY, algorithm="RS256"),
}


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
