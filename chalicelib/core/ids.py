"""Typed ids that sort by time: ``lead_01J…``, the kind before a ULID."""

import hashlib
import re
from functools import partial
from typing import Final

from ulid import ULID
from ulid.base32 import encode_randomness

from chalicelib.core import clock

PATTERN: Final = r"^[a-z][a-z_]{1,30}_[0-9A-HJKMNP-TV-Z]{26}$"
_ID: Final = re.compile(PATTERN)


def new(kind: str) -> str:
    """Return a fresh id of a kind."""
    return f"{kind}_{ULID.from_datetime(clock.now())}"


def is_id(text: str) -> bool:
    """Whether a text has the form of an id."""
    return _ID.fullmatch(text) is not None


def kind_of(item_id: str) -> str:
    """Return the kind that an id names (``lead`` of ``lead_01J…``)."""
    return item_id.rpartition("_")[0]


def derived(kind: str, parent_id: str, *parts: str) -> str:
    """Return the id that always follows from a parent and a reason.

    What a reaction creates under a derived id cannot be created twice. It keeps the parent's
    time, so it sorts with it.
    """
    digest = hashlib.sha256("\x1f".join((kind, parent_id, *parts)).encode()).digest()
    return f"{kind}_{parent_id.rpartition('_')[2][:10]}{encode_randomness(digest[:10])}"


def only(kind: str) -> str:
    """Return the id of a kind of which there is one item."""
    return f"{kind}_{'0' * 26}"


def maker(kind: str) -> partial[str]:
    """Return the default factory of an id attribute."""
    return partial(new, kind)
