"""The tables' streams in a test: every change is delivered until the house is quiet."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from botocore.session import get_session

from chalicelib import house
from chalicelib.core import changes, clock, due, quarantine
from chalicelib.core.table import Record
from infra.tables import table_properties
from tests import memory, permissions

#: More rounds than any chain of reactions is long: beyond it the house feeds itself.
ROUNDS = 25


@dataclass
class Stream:
    """Reads every domain table's stream once, in order, and delivers it as Lambda would."""

    read: dict[str, int] = field(default_factory=dict)
    delivered: list[Mapping[str, Any]] = field(default_factory=list)
    #: Whether what was delivered is kept, to be delivered again; not where it would fill the memory.
    keeps: bool = True
    #: Of each shard of an emulator, the last record that was read.
    places: dict[str, str] = field(default_factory=dict)

    def drain(self, rounds: int = ROUNDS) -> int:
        """Deliver changes and what they cause until nothing is new; return how many records.

        A batch that reports a passing fault is delivered again. AssertionError when something
        went to quarantine or the house does not come to rest.
        """
        count = 0
        for _ in range(rounds):
            records = self.new_records()
            if not records:
                self.assert_nothing_parked()
                return count
            count += len(records)
            if self.keeps:
                self.delivered += records
            self.deliver(records)
        raise AssertionError(f"changes still cause changes after {rounds} rounds")

    def deliver(self, records: list[Mapping[str, Any]]) -> None:
        """Deliver records; those from the first failure on come again, at most ten times."""
        for _ in range(10):
            with permissions.acting_as("table_changes"):
                answer = changes.deliver({"Records": records}, house.house())
            failed = answer["batchItemFailures"]
            if not failed:
                return
            numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
            records = records[numbers.index(failed[0]["itemIdentifier"]) :]
        raise AssertionError(f"still failing: {json.dumps(records[0], default=str)[:2000]}")

    def new_records(self) -> list[Mapping[str, Any]]:
        """Return what the streams hold since the last look, table by table."""
        found: list[Mapping[str, Any]] = []
        for arn, records in memory.streams().items():
            new = records[self.read.get(arn, 0) :]
            self.read[arn] = len(records)
            found += [{**record, "eventSourceARN": arn} for record in _as_dynamodb_tells(deepcopy(new))]
        return found

    def assert_nothing_parked(self) -> None:
        """Fail when something was put into quarantine."""
        parked = quarantine.parked(limit=5).items
        assert not parked, [(each.stage, each.reason) for each in parked]


class WireStream(Stream):
    """The streams of an emulator, read over the wire."""

    def new_records(self) -> list[Mapping[str, Any]]:
        """Return what the streams hold since the last look, table by table."""
        client: Any = get_session().create_client("dynamodbstreams")
        found: list[Mapping[str, Any]] = []
        for name, properties in table_properties().items():
            if "StreamSpecification" in properties:
                for stream in client.list_streams(TableName=name)["Streams"]:
                    found += self._of(client, stream["StreamArn"])
        return found

    def _of(self, client: Any, arn: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for shard in client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            place = f"{arn}|{shard['ShardId']}"
            start: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
            if place in self.places:
                after = self.places[place]
                start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
            asked = {"StreamArn": arn, "ShardId": shard["ShardId"], **start}
            iterator = client.get_shard_iterator(**asked)["ShardIterator"]
            while iterator and (answer := client.get_records(ShardIterator=iterator))["Records"]:
                found += [{**record, "eventSourceARN": arn} for record in answer["Records"]]
                self.places[place] = answer["Records"][-1]["dynamodb"]["SequenceNumber"]
                iterator = answer.get("NextShardIterator")
        return found


def _as_dynamodb_tells(records: list[Any]) -> list[Any]:
    """Return records as DynamoDB tells them: of an item that an update makes, once, whole.

    moto tells of it first with nothing but its key, and then as if that had been changed.
    """
    told = []
    for record in records:
        images = record["dynamodb"]
        if images.get("NewImage", {}).keys() == images["Keys"].keys():
            continue
        if images.get("OldImage", {}).keys() == images["Keys"].keys():
            images = {name: value for name, value in images.items() if name != "OldImage"}
            record = {**record, "eventName": "INSERT", "dynamodb": images}
        told.append(record)
    return told


def sweep(at: Any) -> int:
    """Let the minute's schedule run at an instant; return how many due records it handled.

    In memory it asks only for minutes in which something is due: of the others, hundreds after a
    stand-still, the answer is known.
    """
    with (
        clock.at(at),
        permissions.acting_as("every_minute"),
        patch.object(due, "_sweep_minute", _unless_idle),
    ):
        return due.sweep(house.due())


_sweep_minute = due._sweep_minute


def _unless_idle(model: type[Record], handler: due.Handler, bucket: str) -> tuple[int, bool]:
    if memory.holds(str(model.Meta.table_name), "due_minute", bucket):
        return _sweep_minute(model, handler, bucket)
    return 0, True
