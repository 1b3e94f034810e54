"""What reading costs by DynamoDB's rules, from what came back: emulators tell it wrongly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Final

from chalicelib.core import batches, ids, table
from tests.faults.history import table_of
from tests.faults.limits import KB, item_size

STEP: Final = 4 * KB


@contextmanager
def reading() -> Iterator[dict[str, float]]:
    """Count read units by operation and consistency inside the block."""
    units: dict[str, float] = defaultdict(float)
    events = table.client().meta.events

    def note(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["consistent"] = b'"ConsistentRead": true' in params["body"]

    def add(parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        share = 1.0 if context.get("consistent") else 0.5
        sizes = list(_sizes(model.name, parsed))
        steps = sum(-(-size // STEP) for size in sizes)
        units[f"{model.name} {'consistent' if share == 1 else 'eventual'}"] += steps * share

    events.register("before-call.dynamodb", note, unique_id="units note")
    events.register("after-call.dynamodb", add, unique_id="units add")
    try:
        yield units
    finally:
        events.unregister("before-call.dynamodb", unique_id="units note")
        events.unregister("after-call.dynamodb", unique_id="units add")


def _sizes(operation: str, parsed: dict[str, Any]) -> Iterator[int]:
    """Yield the sizes that are rounded up: a page as a whole, items of a batch one by one."""
    if operation in ("Query", "Scan"):
        yield sum(item_size(item) for item in parsed["Items"])
    elif operation == "BatchGetItem":
        for found in parsed["Responses"].values():
            yield from (item_size(item) for item in found)
    elif operation == "GetItem":
        yield item_size(parsed.get("Item", {})) or 1


def load(items: Iterable[dict[str, Any]]) -> None:
    """Put items into the tables of their kinds."""
    by_table = sorted(items, key=_table)
    for name, found in groupby(by_table, key=_table):
        batches.write(table.client(), name, found)


def _table(item: dict[str, Any]) -> str:
    return table_of(ids.kind_of(item["id"]["S"]))
