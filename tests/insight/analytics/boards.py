"""Boards in a test: filled as the stream fills them, and the calls that reading them costs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.core import aggregates, ids
from chalicelib.core.changelog import Change
from chalicelib.core.measures import Cell
from chalicelib.core.table import client


def fill(cells: Iterable[Cell]) -> None:
    """Have one item contribute each of these cells."""
    measured = {ids.new("seed"): cell for cell in cells}
    changes = [
        Change("seed", item_id, 1, None, {"id": item_id}, "2026-01-01T00:00:00.000Z") for item_id in measured
    ]
    aggregates.apply(changes, {"seed": lambda image: [measured[image["id"]]]})


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """Count the calls of DynamoDB inside, by operation."""
    counted: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        counted[model.name] += 1

    events = client().meta.events
    events.register("before-call.dynamodb", count)
    try:
        yield counted
    finally:
        events.unregister("before-call.dynamodb", count)
