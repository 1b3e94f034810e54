"""Guards: small rows that hold a promise: a unique value, a counter, a cursor.

They live in a table of their own, without a stream: nothing listens to them, and those that
carry `expires` go by themselves. A guard that belongs to a record is written in the record's
transaction (`core.step`).
"""

from collections.abc import Iterable
from datetime import datetime

from pynamodb.attributes import JSONAttribute, TTLAttribute, UnicodeAttribute

from chalicelib.core import clock
from chalicelib.core.attributes import IntegerAttribute
from chalicelib.core.table import Table, meta


class Guard(Table):
    """One promise. `holder`: the id that has it; `n`: a count; `note`: a small document."""

    Meta = meta("guards")

    id = UnicodeAttribute(hash_key=True)
    holder = UnicodeAttribute(null=True)
    n = IntegerAttribute(null=True)
    note = JSONAttribute(null=True)
    expires = TTLAttribute(null=True)

    @property
    def alive(self) -> bool:
        """Whether it still holds: DynamoDB removes expired rows late, so readers look too."""
        expires: datetime | None = self.expires
        return expires is None or expires > clock.now()


def holders(keys: Iterable[str]) -> dict[str, str]:
    """Return who holds each key, for those that are held. One round trip up to 100 keys."""
    found = Guard.many(keys, consistent=True)
    return {row.id: row.holder for row in found if row.alive and row.holder}


def read(key: str) -> Guard | None:
    """Return a guard that still holds, or None."""
    try:
        row = Guard.get(key, consistent_read=True)
    except Guard.DoesNotExist:
        return None
    return row if row.alive else None


def next_number(key: str) -> int:
    """Return the next whole number of a series, from 1. Never twice the same; gaps are possible."""
    row = Guard(key)
    row.update([Guard.n.add(1)])
    return int(row.n)


def remember(key: str, note: dict[str, object]) -> None:
    """Keep a small document under a key (a sweep's cursor); the last one wins."""
    Guard(key, note=note).save()
