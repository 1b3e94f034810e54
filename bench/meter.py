"""Counting DynamoDB calls and capacity units, at the wire.

Writes: as the emulator accounts for them (it counts indexes and transactions as DynamoDB does).
Reads: by the rule itself, from the sizes of the items returned (4 KB steps, half when eventually
consistent, double in a transaction), because the emulator's figure for queries is a constant.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core import table

READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}


@dataclass
class Bill:
    """What was called, and the read and write capacity units it cost."""

    calls: Counter[str] = field(default_factory=Counter)
    reads: float = 0.0
    writes: float = 0.0

    @property
    def total_calls(self) -> int:
        """How many calls (round trips)."""
        return sum(self.calls.values())

    def __str__(self) -> str:
        named = ", ".join(f"{count} {name}" for name, count in sorted(self.calls.items()))
        return f"{self.total_calls:3d} calls {self.reads:7.1f} RCU {self.writes:6.1f} WCU   ({named})"


@contextmanager
def metered() -> Iterator[Bill]:
    """Yield the bill of every DynamoDB call made inside the block."""
    bill = Bill()
    asked: dict[str, bool] = {}

    def ask(params: dict[str, Any], model: Any, **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"
        asked["consistent"] = _consistent(params)

    def add(parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        bill.calls[model.name] += 1
        if model.name in READS:
            bill.reads += _read_units(parsed, model.name, consistent=asked.get("consistent", False))
        else:
            bill.writes += _capacity(parsed.get("ConsumedCapacity"))

    events = table.client().meta.events
    events.register("before-parameter-build.dynamodb", ask, unique_id="meter-ask")
    events.register("after-call.dynamodb", add, unique_id="meter-add")
    try:
        yield bill
    finally:
        events.unregister("before-parameter-build.dynamodb", unique_id="meter-ask")
        events.unregister("after-call.dynamodb", unique_id="meter-add")


def _consistent(params: Mapping[str, Any]) -> bool:
    tables = (params.get("RequestItems") or {}).values()
    asked = [each.get("ConsistentRead") for each in tables if isinstance(each, dict)]
    return bool(params.get("ConsistentRead") or any(asked))


def _capacity(consumed: Any) -> float:
    entries = consumed if isinstance(consumed, list) else [consumed or {}]
    return sum(float(entry.get("CapacityUnits", 0)) for entry in entries)


def _read_units(parsed: Mapping[str, Any], operation: str, *, consistent: bool) -> float:
    share = 1.0 if consistent else 0.5
    if operation in ("Query", "Scan"):
        return share * max(1, math.ceil(sum(map(item_size, parsed.get("Items", ()))) / 4096))
    if operation == "GetItem":
        return share * _steps(parsed.get("Item") or {})
    if operation == "TransactGetItems":
        return 2.0 * sum(_steps(each.get("Item") or {}) for each in parsed["Responses"])
    found = [item for items in parsed["Responses"].values() for item in items]
    return share * sum(_steps(item) for item in found)


def _steps(item: Mapping[str, Any]) -> int:
    return max(1, math.ceil(item_size(item) / 4096))


def item_size(item: Mapping[str, Any]) -> int:
    """Return an item's size in bytes by DynamoDB's rules (names and values in UTF-8)."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    [(kind, held)] = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return len(held.strip("-").replace(".", "")) // 2 + 2
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(inner) for name, inner in held.items())
        case "L":
            return 3 + sum(1 + _value_size(inner) for inner in held)
    return 1
