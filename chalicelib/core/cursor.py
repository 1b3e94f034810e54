"""Opaque, signed cursors: a client can go on from a page, and nowhere else, for a day."""

import json
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.signing import sign, verified

#: How long a client may take over a list, from page to page.
LASTS: Final = timedelta(days=1)


def encode(after: dict[str, Any], *, scope: str) -> str:
    """Return the cursor of a page's last key. `scope` binds it to one list of one caller."""
    until = int((clock.now() + LASTS).timestamp())
    return sign("cursor", json.dumps([scope, after, until], separators=(",", ":")))


def decode(cursor: str, *, scope: str) -> dict[str, Any]:
    """Return the key to go on from. Invalid (field ``cursor``) unless made here for this scope, of late."""
    text = verified("cursor", cursor)
    if text is None:
        raise errors.Invalid.one("cursor", "cursor")
    made_for, after, until = json.loads(text)
    if made_for != scope or clock.now().timestamp() >= until:
        raise errors.Invalid.one("cursor", "cursor")
    key: dict[str, Any] = after
    return key
