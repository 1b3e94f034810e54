"""Render tokens: proof that a form was shown here, not too fast, not too long ago, and once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.core import clock, errors
from chalicelib.core.signing import digest, sign, verified

LIVES: Final = timedelta(hours=24)
_PURPOSE: Final = "form-token"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that holds: `key` is the guard under which it is used once, `until` when that may go."""

    key: str
    until: datetime


def issue(form_id: str) -> str:
    """Return a fresh token of a form; valid for 24 hours."""
    return sign(_PURPOSE, f"{form_id}|{secrets.token_urlsafe(12)}|{clock.iso(clock.now())}")


def check(text: str | None, *, form_id: str, seconds: int) -> Token:
    """Return the token if it is of this form, at least `seconds` old and at most 24 hours.

    Invalid (field ``token``) otherwise: `token_missing`, `token_invalid`, `token_early`, `token_expired`.
    """
    if not text:
        raise errors.Invalid.one("token", "token_missing")
    made_for, _, rest = (verified(_PURPOSE, text) or "").partition("|")
    if made_for != form_id:
        raise errors.Invalid.one("token", "token_invalid")
    nonce, _, issued = rest.partition("|")
    age = clock.now() - clock.parse(issued)
    if age < timedelta(seconds=seconds):
        raise errors.Invalid.one("token", "token_early", seconds=seconds)
    if age > LIVES:
        raise errors.Invalid.one("token", "token_expired")
    # Kept an hour longer than the token lives: the clocks of two machines differ.
    return Token(f"form|token|{digest('form-token-used', nonce)}", clock.now() + LIVES + timedelta(hours=1))
