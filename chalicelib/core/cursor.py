"""Opaque, signed cursors: a client can go on from a page, and nowhere else."""

import json
from typing import Any

from chalicelib.core import errors
from chalicelib.core.signing import sign, verified


def encode(after: dict[str, Any], *, scope: str) -> str:
    """Return the cursor of a page's last key. `scope` binds it to one list of one caller."""
    return sign("cursor", json.dumps([scope, after], separators=(",", ":")))


def decode(cursor: str, *, scope: str) -> dict[str, Any]:
    """Return the key to go on from. Invalid (field ``cursor``) unless made here for this scope."""
    text = verified("cursor", cursor)
    if text is None:
        raise errors.Invalid.one("cursor", "cursor")
    made_for, after = json.loads(text)
    if made_for != scope:
        raise errors.Invalid.one("cursor", "cursor")
    key: dict[str, Any] = after
    return key
