"""API keys: how a program comes in, with the scopes it was given. Shown once, kept as a digest."""

import hmac
import re
import secrets
from datetime import datetime
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.signing import digest
from chalicelib.core.step import change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.organisation.people.models import ApiKey

#: What a key begins with; the record's ULID and the secret follow: ``ssk_01J…_x3…``.
PREFIX: Final = "ssk_"
_FORM: Final = re.compile(r"ssk_([0-9A-HJKMNP-TV-Z]{26})_([A-Za-z0-9_-]{43})")


def issue_key(
    *, name: str, scopes: list[str], by: Principal, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key; return its record and the key itself, which is not kept. Invalid when already over."""
    if expires_at is not None and expires_at <= clock.now():
        raise errors.Invalid.one("expires_at", "in_the_past")
    secret = secrets.token_urlsafe(32)
    record = ApiKey(
        name=name,
        scopes=sorted(set(scopes)),
        digest=_kept(secret),
        issued_by=by.id,
        expires_at=expires_at,
    )
    create(record, by=by.id)
    return record, f"{PREFIX}{record.id.removeprefix('api_key_')}_{secret}"


def revoke_key(key_id: str, *, version: int | None, by: Principal) -> ApiKey:
    """End a key for good. The gateway may remember it for up to five minutes."""
    record = ApiKey.fetch(key_id)
    expect(record, version)
    if record.status != "REVOKED":
        change(record, by=by.id, status="REVOKED")
    return record


def key(key_id: str) -> ApiKey:
    """Return a key's record. NotFound when there is none."""
    return ApiKey.fetch(key_id)


def keys(**paging: Any) -> Page[ApiKey]:
    """Return the keys, newest first, the revoked ones too."""
    return page(ApiKey.by_group.query, "api_keys", **paging)


def principal(token: str) -> Principal:
    """Return the program that holds a key. Unauthenticated when it is not ours, over or revoked."""
    form = _FORM.fullmatch(token)
    record = ApiKey.find(f"api_key_{form[1]}") if form else None
    if form is None or record is None or not hmac.compare_digest(record.digest, _kept(form[2])):
        raise errors.Unauthenticated("unknown_key")
    expires_at: datetime | None = record.expires_at
    if record.status != "ACTIVE" or (expires_at is not None and expires_at <= clock.now()):
        raise errors.Unauthenticated("key_is_over")
    return Principal(id=record.id, role=Role.INTEGRATION, name=record.name, scopes=frozenset(record.scopes))


def _kept(secret: str) -> str:
    return digest("api_key", secret)
