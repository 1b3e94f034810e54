"""Aggregates: the rows that dashboards read, kept right by a ledger.

The ledger holds what each item has contributed so far and at which version. Applying a change
adds (new contribution − stored contribution) to the rows in one transaction with the ledger row:
duplicates, shuffles, late redeliveries and lost records all end right, and rebuild and repair
are the same code fed from a table scan.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.core import batches, errors
from chalicelib.core.attributes import plain, to_wire
from chalicelib.core.changelog import Change
from chalicelib.core.contention import PASSING, REFUSED, code, is_hopeless, tries
from chalicelib.core.measures import Contribution, Measures, Numbers, contribution, difference, total
from chalicelib.core.observe import count
from chalicelib.core.quarantine import park
from chalicelib.core.settings import table_name
from chalicelib.core.table import client

#: DynamoDB's limit of actions in a transaction, and our share of its 4 MB.
MOST_ACTIONS: Final = 100
TRIES: Final = 8
SEPARATOR: Final = "\x1f"

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """An item's ledger row as it stands; `writes` counts how often it was written."""

    version: int
    writes: int
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class Entry:
    """An item's ledger row as it is to be, and what that adds to the aggregates.

    `ranks` are those of what it adds and of what it takes away: a row sinks as it has risen.
    Not `whole`: only the first rows of an item with more of them than one transaction takes.
    """

    id: str
    version: int
    writes: int
    new: Contribution
    deltas: dict[Key, Numbers]
    ranks: dict[Key, str]
    whole: bool = True


def apply(changes: Sequence[Change], measures: Measures, *, forced: bool = False) -> None:
    """Bring the aggregates up to these changes. Busy when contention outlasts the tries."""
    newest: dict[str, Change] = {}
    for change in changes:
        if change.kind in measures and change.version >= newest.get(change.id, change).version:
            newest[change.id] = change
    waiting = list(newest.values())
    for _ in tries(TRIES):
        waiting = [change for group in _groups(waiting, measures, forced) for change in _write(group)]
        if not waiting:
            return
    count("AggregatesContended")
    raise errors.Busy


def _groups(
    changes: Sequence[Change], measures: Measures, forced: bool
) -> Iterator[list[tuple[Change, Entry]]]:
    """Yield entries in groups that fit one transaction."""
    stored = ledger(change.id for change in changes)
    group: list[tuple[Change, Entry]] = []
    keys: set[Key] = set()
    for change in changes:
        try:
            entry = _entry(change, stored.get(change.id), measures, forced)
        except Exception as hopeless:
            # A measure is pure: what breaks it now breaks it for ever. Its neighbours go on.
            park("measure", change.document(), hopeless)
            continue
        if entry is None:
            continue
        more = keys | entry.deltas.keys()
        if group and len(more) + len(group) + 1 > MOST_ACTIONS:
            yield group
            group, more = [], set(entry.deltas)
        group.append((change, entry))
        keys = more
    if group:
        yield group


def _entry(change: Change, stored: Stored | None, measures: Measures, forced: bool) -> Entry | None:
    before = stored or Stored(0, 0, Contribution())
    if before.version > change.version or (before.version == change.version and not forced):
        return None
    new = contribution(change.after, measures.get(change.kind))
    old = before.contribution
    if before.version == change.version and new == old:
        return None
    deltas, ranks = difference(new, old), old.ranks | new.ranks
    if len(deltas) < MOST_ACTIONS:
        return Entry(change.id, change.version, before.writes + 1, new, deltas, ranks)
    # The ledger says what has been added so far, still at the old version: the rest follows.
    part = dict(list(deltas.items())[: MOST_ACTIONS - 1])
    cells = total(old.cells, part)
    reached = Contribution(cells, {key: rank for key, rank in ranks.items() if key in cells})
    return Entry(change.id, before.version, before.writes + 1, reached, part, ranks, whole=False)


def _write(group: list[tuple[Change, Entry]]) -> list[Change]:
    """Write one group; return the changes that are not done: all when refused, those in part."""
    totals: dict[Key, Numbers] = defaultdict(lambda: defaultdict(int))
    ranks: dict[Key, str] = {}
    for _, entry in group:
        ranks |= entry.ranks
        for key, numbers in entry.deltas.items():
            for name, delta in numbers.items():
                totals[key][name] += delta
    actions = [_ledger_put(entry) for _, entry in group]
    actions += [
        _row_update(key, numbers, ranks.get(key)) for key, numbers in totals.items() if any(numbers.values())
    ]
    try:
        client().transact_write_items(TransactItems=actions)
    except ClientError as refused:
        # A refused condition means another lane was first: read the ledger again and see.
        if is_hopeless(refused) or code(refused) not in (*PASSING, "TransactionCanceledException"):
            raise
        return [change for change, _ in group]
    return [change for change, entry in group if not entry.whole]


def _ledger_put(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": {"S": entry.id},
        "version": {"N": str(entry.version)},
        "writes": {"N": str(entry.writes)},
        "cells": to_wire(_joined(entry.new.cells)),
    }
    if entry.new.ranks:
        item["ranks"] = to_wire(_joined(entry.new.ranks))
    condition, values = _unwritten_since(entry.writes - 1)
    put: dict[str, Any] = {
        "TableName": table_name("ledger"),
        "Item": item,
        "ConditionExpression": condition,
    }
    return {"Put": put | ({"ExpressionAttributeValues": values} if values else {})}


def _unwritten_since(writes: int) -> tuple[str, dict[str, Any]]:
    """Return the condition that a ledger row was written so often and not once more, and its values."""
    if writes == 0:
        return "attribute_not_exists(writes)", {}
    return "writes = :seen", {":seen": {"N": str(writes)}}


def _row_update(key: Key, numbers: Numbers, rank: str | None) -> dict[str, Any]:
    changed = {name: delta for name, delta in numbers.items() if delta}
    names = {f"#{i}": name for i, name in enumerate(changed)}
    values: dict[str, Any] = {f":{i}": {"N": str(delta)} for i, delta in enumerate(changed.values())}
    adds = [f"#{i} :{i}" for i in range(len(changed))] + ["steps :one"]
    values[":one"] = {"N": "1"}
    expression = "ADD " + ", ".join(adds)
    if rank is not None and rank in changed:
        values |= {":rank": {"N": str(changed[rank])}, ":board": {"S": key[0]}, ":by": {"S": rank}}
        expression += ", rank_value :rank SET rank_board = :board, rank_by = :by"
    return {
        "Update": {
            "TableName": table_name("aggregates"),
            "Key": {"board": {"S": key[0]}, "row": {"S": key[1]}},
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def ledger(item_ids: Iterable[str]) -> dict[str, Stored]:
    """Return the ledger rows of items, consistently read."""
    found = batches.read(client(), table_name("ledger"), item_ids, consistent=True)
    return {raw["id"]["S"]: stored_row(raw) for raw in found}


def rewind(item_id: str, seen: Stored, version: int) -> bool:
    """Set a ledger row that is ahead of its item back to the item's version; False if it moved meanwhile.

    What it has contributed stays as it is: counting the item again, forced, brings both up to date.
    """
    condition, values = _unwritten_since(seen.writes)
    try:
        client().update_item(
            TableName=table_name("ledger"),
            Key={"id": {"S": item_id}},
            UpdateExpression="SET version = :version, writes = :next",
            ConditionExpression=condition,
            ExpressionAttributeValues=values
            | {":version": {"N": str(version)}, ":next": {"N": str(seen.writes + 1)}},
        )
    except ClientError as refused:
        if code(refused).startswith(REFUSED):
            return False
        raise
    return True


def stored_row(raw: Mapping[str, Any]) -> Stored:
    """Return a raw ledger row as what it says."""
    row = plain(raw)
    counted = Contribution(_by_key(row.get("cells")), _by_key(row.get("ranks")))
    # A row that lost a part of itself says nothing there: it is counted anew.
    return Stored(row.get("version", 0), row.get("writes", 0), counted)


def _joined(by_key: Mapping[Key, Any]) -> dict[str, Any]:
    return {SEPARATOR.join(key): value for key, value in by_key.items()}


def _by_key(joined: Mapping[str, Any] | None) -> dict[Key, Any]:
    found = {}
    for key, value in (joined or {}).items():
        board, _, row = key.partition(SEPARATOR)
        found[board, row] = value
    return found
