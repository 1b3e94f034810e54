"""Tokens that the deployed stack must not take: each wrong in one thing, and right in all others.

MiniStack keeps the key with which a user pool signs in its folder. What is wrong in another thing than
its signature is signed with it, so that nothing but that one thing can be why it is refused.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from infra.sandbox.emulator import REGION
from infra.sandbox.logins import PASSWORD
from infra.stack import Cloud
from tests.stack.sandbox import Sandbox

STRANGERS_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Forger:
    """Somebody who holds a good token of the demo rep's, and the pool's own key."""

    stack: Sandbox

    @property
    def good(self) -> str:
        """A token that was really issued and opens what a rep may see."""
        token: str = self.stack.addresses["logins"]["rep"]["token"]
        return token

    @cached_property
    def header(self) -> dict[str, Any]:
        """Its header."""
        return _opened(self.good, 0)

    @cached_property
    def claims(self) -> dict[str, Any]:
        """What it says."""
        return _opened(self.good, 1)

    @cached_property
    def key(self) -> Any:
        """The key that it is signed with."""
        pool = self.stack.addresses["user_pool_id"]
        kept = self.stack.folder / "state" / "cognito-pool-keys" / f"{pool}-id.pem"
        return load_pem_private_key(kept.read_bytes(), password=None)

    def signed(self, key: Any = None, *, kid: str | None = None, **changed: Any) -> str:
        """A token like the good one but for these claims, signed with the pool's key unless with another."""
        headers = {"kid": kid or self.header["kid"]}
        return jwt.encode({**self.claims, **changed}, key or self.key, algorithm="RS256", headers=headers)

    def bad(self) -> Mapping[str, str]:
        """Every way to look like somebody without being them."""
        header, claims = _part(self.header), _part(self.claims)
        signature = self.good.rpartition(".")[2]
        return {
            "garbage": "not-a-token",
            "unsigned": f"{_part({**self.header, 'alg': 'none'})}.{claims}.",
            "signed with the public key": self._signed_with_the_public_key(),
            "expired": self.signed(exp=int(time.time()) - 1),
            "of another issuer": self.signed(iss="https://issuer.example.com"),
            "issued to another client": self._issued_to_another_client(),
            "for another use": self.signed(token_use="refresh"),
            "of an unknown key": self.signed(kid="unknown"),
            "signed by a stranger": self.signed(STRANGERS_KEY),
            "tampered with": f"{header}.{_part({**self.claims, 'email': 'ada@example.com'})}.{signature}",
            "an API key that was never issued": "ssk_01J00000000000000000000000_" + "x" * 43,
        }

    def _signed_with_the_public_key(self) -> str:
        public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        signed = f"{_part({**self.header, 'alg': 'HS256'})}.{_part(self.claims)}"
        mac = hmac.new(public, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def _issued_to_another_client(self) -> str:
        """A token that the same pool issued for the same person, to an app that is not ours."""
        cognito: Any = Cloud(self.stack.addresses["endpoint"], REGION).client("cognito-idp")
        made = cognito.create_user_pool_client(
            UserPoolId=self.stack.addresses["user_pool_id"],
            ClientName="elsewhere",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]
        answer = cognito.initiate_auth(
            ClientId=made["ClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": self.claims["email"], "PASSWORD": PASSWORD},
        )
        token: str = answer["AuthenticationResult"]["IdToken"]
        theirs = _opened(token, 1)
        assert (theirs["sub"], theirs["aud"]) == (self.claims["sub"], made["ClientId"])
        return token


def _part(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def _opened(token: str, index: int) -> dict[str, Any]:
    piece = token.split(".")[index]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
    return found
