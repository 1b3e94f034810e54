"""An issuer of tokens on this machine: its keys, its tokens, and every way to look like one of them."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

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


@contextmanager
def serving() -> Iterator[Issuer]:
    """Serve the key set, and have the settings name this issuer."""
    made = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503 if made.broken else 200)
            self.end_headers()
            self.wfile.write(made.document())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server, pytest.MonkeyPatch.context() as patch:
        made.address = f"http://127.0.0.1:{server.server_port}/jwks.json"
        patch.setenv("SALESTREAM_OIDC_ISSUER", ISSUER)
        patch.setenv("SALESTREAM_OIDC_AUDIENCE", "web,mobile")
        patch.setenv("SALESTREAM_OIDC_KEYS", made.address)
        settings.cache_clear()
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield made
        server.shutdown()
        thread.join()
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
