"""The aggregate rows against the ledger: which of them are not its sum, and putting them right."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from chalicelib.core import aggregates
from chalicelib.core.aggregates import Key
from chalicelib.core.attributes import plain, to_wire
from chalicelib.core.boards import BOOKKEEPING
from chalicelib.core.contention import REFUSED, code
from chalicelib.core.measures import Numbers
from chalicelib.core.settings import table_name
from chalicelib.core.table import client, scan

RawRow = Mapping[str, Any]
_STEPS: Final = "steps"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that is not the ledger's sum: what to set, provided that `steps` is still what it was."""

    key: Key
    steps: Any
    right: Mapping[str, int | str]


@dataclass(slots=True)
class _Ledger:
    """The sum of all ledger rows, and by which number each ranked row is ranked."""

    sums: dict[Key, Numbers]
    ranks: dict[Key, str]

    def row(self, key: Key, standing: Mapping[str, Any]) -> dict[str, int | str]:
        """Return what a row is to say, given what it says now."""
        expected: dict[str, int | str] = dict.fromkeys(standing.keys() - BOOKKEEPING, 0)
        expected |= self.sums.get(key, {})
        # A rank of zero need not be written; one that was stays with its number, also at zero.
        rank = self.ranks.get(key) or standing.get("rank_by")
        if rank and (expected.get(rank) or "rank_by" in standing):
            expected |= {"rank_board": key[0], "rank_by": rank, "rank_value": expected.get(rank, 0)}
        return expected


def wrong(visit: Callable[[RawRow], object] | None = None) -> list[Wrong]:
    """Return the rows that are not the ledger's sum. `visit` is shown every ledger row on the way.

    Rows are read before the ledger: one that is applied to in between has moved on (`steps`)
    and is left for the next look.
    """
    rows = {_key(raw): raw for raw in scan(table_name("aggregates"))}
    ledger = _ledger(visit)
    return [found for found in _compared(rows, ledger) if _steps(found.key) == found.steps]


def _ledger(visit: Callable[[RawRow], object] | None) -> _Ledger:
    sums: dict[Key, Numbers] = defaultdict(lambda: defaultdict(int))
    ranks: dict[Key, str] = {}
    for raw in scan(table_name("ledger")):
        counted = aggregates.stored_row(raw).contribution
        ranks |= counted.ranks
        for key, numbers in counted.cells.items():
            for name, number in numbers.items():
                sums[key][name] += number
        if visit:
            visit(raw)
    return _Ledger(dict(sums), ranks)


def _compared(rows: Mapping[Key, RawRow], ledger: _Ledger) -> Iterator[Wrong]:
    for key in rows.keys() | ledger.sums.keys():
        raw = rows.get(key, {})
        standing = plain(raw)
        expected = ledger.row(key, standing)
        right = {name: value for name, value in expected.items() if standing.get(name, 0) != value}
        if right:
            yield Wrong(key, raw.get(_STEPS), right)


def _steps(key: Key) -> Any:
    found = client().get_item(TableName=table_name("aggregates"), Key=_wire(key), ConsistentRead=True)
    return found.get("Item", {}).get(_STEPS)


def _key(raw: RawRow) -> Key:
    return raw["board"]["S"], raw["row"]["S"]


def _wire(key: Key) -> dict[str, Any]:
    return {"board": {"S": key[0]}, "row": {"S": key[1]}}


def mend(row: Wrong) -> bool:
    """Set what is wrong in a row, unless something was applied to it meanwhile."""
    names = {"#steps": _STEPS} | {f"#{i}": name for i, name in enumerate(row.right)}
    values = {f":{i}": to_wire(value) for i, value in enumerate(row.right.values())}
    values[":next"] = {"N": str(int((row.steps or {}).get("N", 0)) + 1)}
    condition = "attribute_not_exists(#steps)"
    if row.steps is not None:
        condition, values[":seen"] = "#steps = :seen", row.steps
    try:
        client().update_item(
            TableName=table_name("aggregates"),
            Key=_wire(row.key),
            UpdateExpression="SET #steps = :next" + "".join(f", #{i} = :{i}" for i in range(len(row.right))),
            ConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
    except ClientError as refused:
        if code(refused).startswith(REFUSED):
            return False
        raise
    return True
