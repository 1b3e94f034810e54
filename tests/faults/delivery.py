"""Delivering a history to the house, through an event source or by worse ways than any."""

import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from chalicelib.core import changes
from chalicelib.core.measures import Measures
from tests.faults.event_source import Chaos, EventSource, Handler, Reading, Record, Shard, shards
from tests.faults.history import History

#: More deliveries than any batch may need that fails as often as tests let it.
MOST_DELIVERIES: Final = 50


def handler(measures: Measures) -> Callable[[list[Record]], Mapping[str, Any]]:
    """Return the house's change handler, with nobody reacting."""
    house = changes.House(measures, {})
    return lambda records: changes.deliver({"Records": records}, house)


def deliver(
    history: History,
    *,
    seed: int,
    through: Sequence[Shard] | None = None,
    handle: Handler | None = None,
    chaos: Chaos | None = None,
    **reading: Any,
) -> EventSource:
    """Deliver a history's records to their end, in four shards unless told; return the source."""
    source = EventSource(
        handle or handler(history.measures), random.Random(seed), Reading(**reading), chaos or Chaos()
    )
    source.run(*(through or shards(history.records, 4)))
    return source


def until_done(handle: Handler, records: list[Record]) -> None:
    """Deliver a batch until nothing of it fails."""
    for _ in range(MOST_DELIVERIES):
        failures = handle(records)["batchItemFailures"]
        if not failures:
            return
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        records = records[numbers.index(failures[0]["itemIdentifier"]) :]
    raise AssertionError(f"still failing after {MOST_DELIVERIES} deliveries")


def shuffled_by_workers(history: History, *, seed: int, workers: int, again: float, batch: int = 50) -> None:
    """Deliver records wholly shuffled, a share of them twice, by so many workers at once."""
    dice = random.Random(seed)
    twice = dice.sample(history.records, int(len(history.records) * again))
    records = dice.sample([*history.records, *twice], len(history.records) + len(twice))
    batches = [records[start : start + batch] for start in range(0, len(records), batch)]
    handle = handler(history.measures)
    with ThreadPoolExecutor(workers) as threads:
        for done in [threads.submit(until_done, handle, each) for each in batches]:
            done.result()
