"""What the deployed gateway lets in, and what it answers itself."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.stack.sandbox import Sandbox

pytestmark = pytest.mark.stack

STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def part(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def opened(token: str, index: int) -> dict[str, Any]:
    piece = token.split(".")[index]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    return found


def bad_tokens(good: str) -> dict[str, str]:
    """Every way to look like somebody without being them."""
    header, claims = opened(good, 0), opened(good, 1)
    signature = good.rsplit(".", 1)[1]
    none = f"{part({**header, 'alg': 'none'})}.{part(claims)}."
    symmetric = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
    mac = hmac.new(b"the public key", symmetric.encode(), hashlib.sha256).digest()

    def forged(**changes: Any) -> str:
        known = {"kid": header["kid"], **changes.pop("header", {})}
        return jwt.encode({**claims, **changes}, STRANGERS_KEY, algorithm="RS256", headers=known)

    return {
        "garbage": "not-a-token",
        "unsigned": none,
        "signed with the public key": f"{symmetric}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}",
        "tampered": f"{part(header)}.{part({**claims, 'email': 'ada@example.com'})}.{signature}",
        "signed by a stranger": forged(),
        "of an unknown key": forged(header={"kid": "unknown"}),
        "of another issuer": forged(iss="https://issuer.example.com"),
        "over": forged(exp=int(time.time()) - 3600),
        "an API key that was never issued": "ssk_01J00000000000000000000000_" + "x" * 43,
    }


def test_no_token_is_turned_away_as_a_problem(stack: Sandbox) -> None:
    reply = stack.call("GET", "/products")

    assert reply.status == 401
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.json["code"] == "unauthenticated"


def test_a_good_token_is_let_in(stack: Sandbox) -> None:
    reply = stack.call("GET", "/products", login="rep")

    assert reply.status == 200
    assert reply.json["items"]


def test_an_unknown_address_is_not_found(stack: Sandbox) -> None:
    reply = stack.call("GET", "/no/such/address", login="rep")

    assert reply.status == 404
    assert reply.json["code"] == "not_found"


def test_a_browser_may_ask_beforehand(stack: Sandbox) -> None:
    reply = stack.call("OPTIONS", "/products", Origin="https://app.example.com")

    assert reply.status in (200, 204)
    assert "Authorization" in reply.headers["Access-Control-Allow-Headers"]
