"""Quarantine: what could never be applied, with its body, until somebody looks at it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib.core import clock
from chalicelib.core.attributes import InstantAttribute
from chalicelib.core.observe import count, log
from chalicelib.core.table import Page, Table, index, meta, page

#: Bytes of a body that are kept: an item has at most 400 KB, and a character up to four bytes.
LARGEST: Final = 350_000


class Parked(Table):
    """One thing that could not be applied: by what (`stage`), why, and its body as JSON.

    `state`: PARKED, or what an operator has done about it: REPLAYED, DROPPED.
    """

    Meta = meta("quarantine")

    id = UnicodeAttribute(hash_key=True)
    state = UnicodeAttribute(default="PARKED")
    parked_at = InstantAttribute(default=clock.now)
    stage = UnicodeAttribute()
    reason = UnicodeAttribute()
    body = UnicodeAttribute()
    by_state = index("state", "parked_at", sorts=InstantAttribute(range_key=True))


def park(stage: str, body: Mapping[str, Any], why: Exception) -> None:
    """Keep what failed at a stage. The same body at the same stage is kept once."""
    text = json.dumps(body, default=str, sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(f"{stage}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()
    kept = text.encode("utf-8", "replace")[:LARGEST].decode("utf-8", "ignore")
    Parked(key, stage=stage, reason=f"{type(why).__name__}: {why}"[:1000], body=kept).save()
    log.error("parked in quarantine", exc_info=why, stage=stage, parked=key)
    count("Quarantined")


def parked(*, limit: int, after: dict[str, Any] | None = None) -> Page[Any]:
    """Return what waits in quarantine, newest first."""
    return page(Parked.by_state.query, "PARKED", limit=limit, after=after)


def find(key: str) -> Parked | None:
    """Return what was parked under a key, or None."""
    try:
        return Parked.get(key, consistent_read=True)
    except Parked.DoesNotExist:
        return None


def settle(row: Parked, state: str) -> bool:
    """Note what was done about it; False when it was parked once more meanwhile."""
    try:
        row.update([Parked.state.set(state)], condition=Parked.parked_at == row.parked_at)
    except UpdateError as refused:
        if refused.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True
