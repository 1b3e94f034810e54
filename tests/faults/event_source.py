"""A DynamoDB event source as Lambda documents it, which no local emulator implements.

Batches in shard order; a reported failure moves the checkpoint to the lowest number reported,
and everything from there comes again, also what had succeeded; a crashed batch is cut in halves
(bisect) and tried again; a record that exhausts its tries goes to the failure queue. On top, what
"at least once" allows: finished batches delivered twice, old ones delivered late.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.injector import Crash

Record = Mapping[str, Any]
Handler = Callable[[list[Record]], Mapping[str, Any]]


@dataclass
class EventSource:
    """One shard's mapping. `again` and `late`: shares of finished batches that come again."""

    handler: Handler
    dice: random.Random
    batch: int = 100
    retries: int = 10
    again: float = 0.0
    late: float = 0.0
    failure_queue: list[Record] = field(default_factory=list)
    finished: list[list[Record]] = field(default_factory=list)
    calls: int = 0

    def run(self, shard: Sequence[Record]) -> None:
        """Deliver a shard to its end."""
        place = 0
        while place < len(shard):
            records = list(shard[place : place + self.dice.randint(1, self.batch)])
            self._until_done(records)
            self.finished.append(records)
            place += len(records)
            if self.dice.random() < self.again:
                self._repeat(records)
            if self.dice.random() < self.late:
                self._repeat(self.dice.choice(self.finished))

    def _repeat(self, records: list[Record]) -> None:
        shuffled = self.dice.sample(records, len(records))
        self._until_done(shuffled)

    def _until_done(self, records: list[Record], tries: int = 0) -> None:
        while records:
            failed_at = self._call(records)
            if failed_at is None:
                return
            if tries >= self.retries:
                self.failure_queue += records
                return
            tries += 1
            records = records[failed_at:]
            if failed_at == 0 and len(records) > 1:
                middle = len(records) // 2
                self._until_done(records[:middle], tries)
                records = records[middle:]

    def _call(self, records: list[Record]) -> int | None:
        """Return where to go on from, or None when the whole batch is done."""
        self.calls += 1
        try:
            answer = self.handler(records)
        except Crash:
            return 0
        failures = answer.get("batchItemFailures") or []
        if not failures:
            return None
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        reported = [failure.get("itemIdentifier") for failure in failures]
        if any(number not in numbers for number in reported):
            return 0
        return min(numbers.index(number) for number in reported)


def shards(records: Sequence[Record], how_many: int) -> list[list[Record]]:
    """Split records by item, as the stream does: an item's changes stay in order in one shard."""
    found: list[list[Record]] = [[] for _ in range(how_many)]
    for record in records:
        image = record["dynamodb"].get("NewImage") or record["dynamodb"]["OldImage"]
        found[hash(image["id"]["S"]) % how_many].append(record)
    return found
