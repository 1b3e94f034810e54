"""The change log: every version of every item, once. Audit, history, feed and replay all read it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import batches, clock
from chalicelib.core.attributes import DocumentAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.table import Page, Table, client, index, meta, page

T = TypeVar("T")

#: Bytes of a line that DynamoDB takes for sure (400 KB at most, as it counts; JSON never counts less).
LARGEST: Final = 390_000
#: Attributes that change with every write and tell a reader nothing.
_BOOKKEEPING = {"version", "updated_at", "updated_by", "step"}


@dataclass(frozen=True, slots=True)
class Change:
    """One version of one item: what it was, what it is, and when. `after` is None when removed."""

    kind: str
    id: str
    version: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    at: str

    @property
    def fields(self) -> list[str]:
        """The attributes that this change touched, bookkeeping aside."""
        before, after = self.before or {}, self.after or {}
        return sorted(
            name
            for name in {*before, *after} - _BOOKKEEPING
            if before.get(name) != after.get(name) or (name in before) != (name in after)
        )

    def became(self, name: str, value: Any) -> bool:
        """Whether this change made an attribute take a value."""
        is_now: bool = (self.after or {}).get(name) == value
        return is_now and (self.before or {}).get(name) != value

    def document(self) -> dict[str, Any]:
        """Return it as a plain document."""
        return asdict(self)


class Entry(Table):
    """One line of the log: the item as it became, and what the touched fields were before.

    Where both do not fit into one row, `before` is empty: the line of the version before has it.
    """

    Meta = meta("changes")

    id = UnicodeAttribute(hash_key=True)
    version = IntegerAttribute(range_key=True)
    kind_month = UnicodeAttribute()
    moment = UnicodeAttribute()
    at = UnicodeAttribute()
    by = UnicodeAttribute(null=True)
    fields = ListOfAttribute()
    before = DocumentAttribute()
    after = DocumentAttribute(null=True)
    by_kind_month = index("kind_month", "moment")

    @property
    def was(self) -> Mapping[str, Any]:
        """The item as it was before; nothing at its beginning. It may read the line of the version before."""
        if self.before:
            untouched = {name: value for name, value in (self.after or {}).items() if name not in self.fields}
            return {**untouched, **self.before}
        try:
            return Entry.get(self.id, self.version - 1).after or {}
        except Entry.DoesNotExist:
            return {}


def entry(change: Change) -> Entry:
    """Return the line of a change. The same change makes the same line."""
    before = change.before or {}
    touched = {name: before[name] for name in change.fields if name in before}
    return Entry(
        change.id,
        change.version,
        kind_month=f"{change.kind}#{change.at[:7]}",
        moment=f"{change.at}#{change.id}#{change.version:09d}",
        at=change.at,
        by=(change.after or before).get("updated_by"),
        fields=change.fields,
        before=touched if _size(touched) + _size(change.after) <= LARGEST else {},
        after=change.after,
    )


def _size(document: Any) -> int:
    return len(json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))


def append(changes: Iterable[Change]) -> None:
    """Write the lines of changes; writing one again changes nothing."""
    lines = {(change.id, change.version): entry(change) for change in changes}
    batches.write(client(), Entry.Meta.table_name, (line.serialize() for line in lines.values()))


def history(item_id: str, *, limit: int, after: dict[str, Any] | None = None) -> Page[Any]:
    """Return an item's log, newest first."""
    return page(Entry.query, item_id, limit=limit, after=after)


def told(
    item_id: str,
    tell: Callable[[Entry], Iterable[T]],
    *,
    limit: int,
    after: dict[str, Any] | None = None,
) -> Page[T]:
    """Return a page of what lines of an item's log tell, newest first.

    A page of the log is read for each page, so one may have fewer than asked for, and more come after it.
    """
    log = history(item_id, limit=limit, after=after)
    return Page([each for line in log.items for each in tell(line)], log.after)


def of_kind(kind: str, *, since: datetime, until: datetime) -> Iterator[Entry]:
    """Yield the log of a kind from one instant up to, and without, another, in order."""
    # A line's moment goes on behind its instant, so the instant alone stands before all of its lines.
    between = Entry.moment.between(clock.iso(since), clock.iso(until))
    month = clock.iso(since)[:7]
    while month <= clock.iso(until)[:7]:
        yield from Entry.by_kind_month.query(f"{kind}#{month}", between)
        month = clock.month(date.fromisoformat(f"{month}-01") + timedelta(days=31))
