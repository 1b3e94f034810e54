"""Identity: tokens become principals in the Lambda authorizer, and stay small texts after it.

The gateway caches an authorizer's answer by token (5 minutes), so the policy allows every route;
what a principal may do is decided in code (`core.access`) on every call.
"""

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from chalice.app import AuthRequest, AuthResponse

from chalicelib.core import errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.observe import count, log
from chalicelib.core.settings import settings

#: Seconds between two fetches of the issuer's keys because of a key id never seen.
KEYS_REST = 60
#: Seconds after which the issuer's keys are fetched again: one that it has withdrawn opens nothing then.
KEYS_LIVE = 3600


def authorize(request: AuthRequest, identify: Callable[[str], Principal]) -> AuthResponse:
    """Answer the gateway: who the bearer of this token is, or nobody (401 at the gateway)."""
    scheme, _, token = request.token.partition(" ")
    try:
        if scheme.lower() != "bearer" or not token or len(token) > 8192:
            raise errors.Unauthenticated
        who = identify(token.strip())
    except errors.Unauthenticated as refused:
        log.info("token refused", reason=refused.code)
        count("TokensRefused")
        raise Exception("Unauthorized") from None
    return AuthResponse(routes=["*"], principal_id=who.id, context=to_context(who))


def to_context(who: Principal) -> dict[str, str]:
    """Return a principal as the gateway can carry it: texts only."""
    return {
        "id": who.id,
        "role": who.role.value,
        "name": who.name,
        "teams": ",".join(sorted(who.teams)),
        "managed_teams": ",".join(sorted(who.managed_teams)),
        "scopes": ",".join(sorted(who.scopes)),
        "language": who.language,
        "zone": who.zone,
    }


def principal(context: Mapping[str, str] | None) -> Principal:
    """Return the principal that `to_context` carried. Unauthenticated when there is none."""
    if not context or "role" not in context:
        raise errors.Unauthenticated
    return Principal(
        id=context["id"],
        role=Role(context["role"]),
        name=context["name"],
        teams=_split(context, "teams"),
        managed_teams=_split(context, "managed_teams"),
        scopes=_split(context, "scopes"),
        language=context["language"],
        zone=context["zone"],
    )


def _split(context: Mapping[str, str], name: str) -> frozenset[str]:
    return frozenset(filter(None, context[name].split(",")))


class _Keys:
    """The issuer's signing keys; an unknown key id fetches them again at most once a minute."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.fetched_at = float("-inf")
        self.keys: dict[str, Any] = {}

    def key(self, key_id: str) -> Any:
        age = time.monotonic() - self.fetched_at
        if key_id not in self.keys and age > KEYS_REST:
            self._fetch()
        elif age > KEYS_LIVE:
            self._fetch_again()
        if key_id not in self.keys:
            raise errors.Unauthenticated("unknown_key")
        return self.keys[key_id]

    def _fetch_again(self) -> None:
        try:
            self._fetch()
        except OSError:
            # An issuer that is down for a moment must not lock everybody out: asked again in a minute.
            log.warning("the issuer's keys could not be fetched again")
            self.fetched_at += KEYS_REST

    def _fetch(self) -> None:
        from urllib.request import urlopen  # heavy: only in the authorizer

        from jwt import PyJWKSet  # heavy: brings cryptography, only in the authorizer

        with urlopen(self.address, timeout=3) as answer:  # noqa: S310 - the configured issuer
            found = PyJWKSet.from_dict(json.load(answer))
        self.keys = {key.key_id: key.key for key in found.keys if key.key_id}
        # Only now: after a fetch that failed, the next token tries again instead of being refused.
        self.fetched_at = time.monotonic()


@cache
def _keys(address: str) -> _Keys:
    return _Keys(address)


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a JWT of the configured issuer. Unauthenticated for any other.

    RS256 only, fixed key address, issuer, audience (`aud`, or Cognito's `client_id`) and expiry
    are all checked.
    """
    import jwt  # heavy: only in the authorizer

    here = settings()
    if not here.oidc_issuer:
        raise errors.Unauthenticated("no_issuer")
    try:
        key_id = str(jwt.get_unverified_header(token).get("kid", ""))
        address = here.oidc_keys or here.oidc_issuer.rstrip("/") + "/.well-known/jwks.json"
        options: Any = {"require": ["exp", "iss", "sub"], "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(
            token,
            _keys(address).key(key_id),
            algorithms=["RS256"],
            issuer=here.oidc_issuer,
            options=options,
        )
    except jwt.PyJWTError as refused:
        raise errors.Unauthenticated("bad_token") from refused
    audience = claims.get("aud", claims.get("client_id"))
    accepted = set(here.oidc_audience.split(","))
    if accepted.isdisjoint(audience if isinstance(audience, list) else [audience]):
        raise errors.Unauthenticated("wrong_audience")
    if claims.get("token_use", "id") not in ("id", "access"):
        raise errors.Unauthenticated("wrong_use")
    return claims
