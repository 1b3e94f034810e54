"""Guards: small rows that hold a promise: a unique value, a counter, a cursor, a few members.

They live in a table of their own, without a stream: nothing listens to them, and those that
carry `expires` go by themselves. A guard that belongs to a record is written in the record's
transaction (`core.step`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pynamodb.attributes import JSONAttribute, TTLAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import size

from chalicelib.core import clock
from chalicelib.core.attributes import IntegerAttribute
from chalicelib.core.table import Table, meta


class Guard(Table):
    """One promise.

    `holder`: the id that has it; `n`: a count; `note`: a small document; `members`: ids that share it.
    """

    Meta = meta("guards")

    id = UnicodeAttribute(hash_key=True)
    holder = UnicodeAttribute(null=True)
    n = IntegerAttribute(null=True)
    note = JSONAttribute(null=True)
    members = UnicodeSetAttribute(null=True)
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


def gather(key: str, member: str, *, most: int) -> None:
    """Add an id to those that share a key: the `most` newest of them. Safe to repeat, and at once."""
    row = Guard(key)
    room = Guard.members.does_not_exist() | (size(Guard.members) < most) | Guard.members.contains(member)
    try:
        row.update([Guard.members.add({member})], condition=room)
    except UpdateError as refused:
        if refused.cause_response_code != "ConditionalCheckFailedException":
            raise
        _make_room(key, member, most)


def _make_room(key: str, member: str, most: int) -> None:
    # Ids sort by time. Two at once may both find room: a member too many goes with the next one.
    newest = sorted({*gathered([key])[key], member})[-most:]
    row = Guard(key)
    if member in newest:
        row.update([Guard.members.add({member})])
    if gone := row.members - set(newest) if row.members else None:
        row.update([Guard.members.delete(gone)])


def gathered(keys: Iterable[str]) -> Mapping[str, set[str]]:
    """Return who shares each key; nobody for one that is not there. One round trip up to 100 keys."""
    wanted = list(keys)
    found = {row.id: set(row.members or ()) for row in Guard.many(wanted, consistent=True)}
    return {key: found.get(key, set()) for key in wanted}
