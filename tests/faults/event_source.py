"""A DynamoDB event source as Lambda documents it, which no local emulator implements.

Batches in shard order; parents before children; up to ten lanes in a shard, an item always in the
same one. A batch that fails comes again: the lowest sequence number reported is the checkpoint,
and all from there comes again, also what had succeeded; after a function error it is cut in
halves. What has been tried too often, or is too old, is given up on, and the failure queue gets
its shard and its range of numbers (never its records). A stream keeps its records for 24 hours.

On top of it what "at least once" allows: finished batches again, in any order, also long after.
Rules: Lambda developer guide, "Using Lambda with DynamoDB" (services-ddb-*).
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final
from zlib import crc32

from infra.template import READING
from tests.faults.injector import Crash

Record = Mapping[str, Any]
Handler = Callable[[list[Record]], Any]
KEPT_SECONDS: Final = 24 * 3600
#: Seconds between two tries of a batch.
PAUSE: Final = 1


@dataclass(frozen=True)
class Reading:
    """The settings of a mapping; as they are deployed unless told otherwise. -1 is without end."""

    batch: int = READING["BatchSize"]
    retries: int = READING["MaximumRetryAttempts"]
    max_age: int = READING["MaximumRecordAgeInSeconds"]
    bisect: bool = READING["BisectBatchOnFunctionError"]
    partial: bool = "ReportBatchItemFailures" in READING["FunctionResponseTypes"]
    lanes: int = READING.get("ParallelizationFactor", 1)


@dataclass(frozen=True)
class Shard:
    """A shard of a stream; it begins where its parent was closed."""

    id: str
    records: Sequence[Record]
    parent: str | None = None


@dataclass(frozen=True)
class Chaos:
    """Shares of finished batches that come again: at once (`again`), or one of the old ones (`late`).

    `interleaved`: children do not wait for their parents. No document allows that; what is right
    under it is right under all that they do allow.
    """

    again: float = 0.0
    late: float = 0.0
    interleaved: bool = False


@dataclass
class EventSource:
    """A mapping of a stream to a handler. `now` is the time at the stream, in epoch seconds."""

    handler: Handler
    dice: random.Random
    reading: Reading = Reading()
    chaos: Chaos = Chaos()
    now: float = 0.0
    failure_queue: list[Mapping[str, Any]] = field(default_factory=list)
    trimmed: list[Record] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, *shards: Shard) -> None:
        """Deliver shards to their ends, side by side where their lineage lets them."""
        waiting = list(shards)
        while waiting:
            names = {shard.id for shard in waiting}
            ready = [s for s in waiting if self.chaos.interleaved or s.parent not in names]
            lanes = [_Lane(self, shard, records) for shard in ready for records in self._lanes(shard)]
            for lane in lanes:
                lane.dice = random.Random(self.dice.random())
            with ThreadPoolExecutor(max(1, len(lanes))) as threads:
                for running in [threads.submit(lane.run) for lane in lanes]:
                    running.result()
            waiting = [shard for shard in waiting if shard not in ready]

    def _lanes(self, shard: Shard) -> list[list[Record]]:
        return [lane for lane in apart(shard.records, self.reading.lanes) if lane]

    def call(self, records: list[Record]) -> int | None:
        """Invoke the function once: return the index to go on from, -1 after an error, None when done."""
        with self._lock:
            self.calls.append(len(records))
        try:
            answer = self.handler(records)
        except (Crash, Exception):
            return -1
        return checkpoint(answer, records) if self.reading.partial else None

    def drop_trimmed(self, records: list[Record]) -> list[Record]:
        """Return what the stream still has of records; the others are gone, and nobody is told."""
        parts: dict[bool, list[Record]] = {True: [], False: []}
        for record in records:
            parts[self.age(record) <= KEPT_SECONDS].append(record)
        with self._lock:
            self.trimmed += parts[False]
        return parts[True]

    def age(self, record: Record) -> float:
        """Return the seconds since a record came into the stream."""
        created = record["dynamodb"].get("ApproximateCreationDateTime")
        return 0.0 if created is None else self.now - created

    def give_up(self, shard: Shard, records: Sequence[Record], why: str, tries: int) -> None:
        """Tell the failure queue of a batch, as Lambda does: where it was, not what it said."""
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        told = {
            "version": "1.0",
            "requestContext": {"condition": why, "approximateInvokeCount": tries + 1},
            "DDBStreamBatchInfo": {
                "shardId": shard.id,
                "startSequenceNumber": numbers[0],
                "endSequenceNumber": numbers[-1],
                "batchSize": len(numbers),
                "streamArn": records[0].get("eventSourceARN"),
            },
        }
        with self._lock:
            self.failure_queue.append(told)

    def pause(self) -> None:
        """Let time pass between two tries."""
        with self._lock:
            self.now += PAUSE


@dataclass
class _Lane:
    source: EventSource
    shard: Shard
    records: Sequence[Record]
    dice: random.Random = field(default_factory=random.Random)
    finished: list[list[Record]] = field(default_factory=list)

    def run(self) -> None:
        place, chaos = 0, self.source.chaos
        while place < len(self.records):
            size = self.dice.randint(1, self.source.reading.batch)
            batch = list(self.records[place : place + size])
            place += len(batch)
            batch = self.source.drop_trimmed(batch)
            self._see_through(batch)
            self.finished.append(batch)
            if self.dice.random() < chaos.again:
                self._see_through(self._shuffled(batch))
            if self.dice.random() < chaos.late:
                self._see_through(self._shuffled(self.dice.choice(self.finished)))

    def _shuffled(self, batch: list[Record]) -> list[Record]:
        return self.dice.sample(batch, len(batch))

    def _see_through(self, records: list[Record], tries: int = 0) -> None:
        while records:
            if self._given_up(records, tries):
                return
            failed_at = self.source.call(records)
            if failed_at is None:
                return
            tries += 1
            self.source.pause()
            if failed_at >= 0:
                records = records[failed_at:]
            elif self.source.reading.bisect and len(records) > 1:
                middle = len(records) // 2
                self._see_through(records[:middle], tries)
                records = records[middle:]

    def _given_up(self, records: list[Record], tries: int) -> bool:
        reading = self.source.reading
        oldest = max(self.source.age(record) for record in records)
        if reading.max_age >= 0 and oldest > reading.max_age:
            self.source.give_up(self.shard, records, "RecordAgeExceeded", tries)
            return True
        if 0 <= reading.retries < tries:
            self.source.give_up(self.shard, records, "RetryAttemptsExhausted", tries)
            return True
        return False


def checkpoint(answer: Any, records: Sequence[Record]) -> int | None:
    """Return where a partial batch response says to go on: None: all is done; -1: all has failed.

    Nothing, null and an empty list are success. An identifier that is empty, null, under a wrong
    name, or none of the batch's fails the whole batch.
    """
    failures = (answer or {}).get("batchItemFailures")
    if not failures:
        return None
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    reported = [
        failure.get("itemIdentifier") if isinstance(failure, Mapping) else None for failure in failures
    ]
    if any(number not in numbers for number in reported):
        return -1
    lowest = min(int(str(number)) for number in reported)
    return [int(number) for number in numbers].index(lowest)


def apart(records: Sequence[Record], how_many: int) -> list[list[Record]]:
    """Split records by item, as shards and lanes do: an item's changes stay in order in one part."""
    parts: list[list[Record]] = [[] for _ in range(how_many)]
    for record in records:
        stream = record["dynamodb"]
        key = stream.get("Keys") or (stream.get("NewImage") or stream["OldImage"])["id"]
        parts[crc32(repr(key).encode()) % how_many].append(record)
    return parts


def shards(records: Sequence[Record], how_many: int) -> list[Shard]:
    """Return a stream of so many shards."""
    return [Shard(f"shard-{n}", part) for n, part in enumerate(apart(records, how_many))]


def split(shard: Shard, at: int) -> list[Shard]:
    """Split a shard after so many records: it is closed, and two children go on."""
    children = apart(shard.records[at:], 2)
    return [
        Shard(shard.id, shard.records[:at], shard.parent),
        *(Shard(f"{shard.id}.{n}", part, shard.id) for n, part in enumerate(children)),
    ]
