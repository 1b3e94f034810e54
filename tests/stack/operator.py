"""The operator of a test's sandbox: runs the runbook's commands, and makes the faults they are for."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from infra.sandbox.emulator import REGION, outer_environment
from infra.stack import Cloud
from infra.stages import ROOT
from tests.stack.sandbox import Sandbox

STAGE = "local"


@dataclass(frozen=True)
class Done:
    """What a command said, and its exit status."""

    status: int
    said: str

    @property
    def json(self) -> Any:
        """The document it printed."""
        return json.loads(self.said)


class Operator:
    """Somebody with the credentials of a sandbox."""

    def __init__(self, stack: Sandbox) -> None:
        self.cloud = Cloud(stack.addresses["endpoint"], REGION)
        self.dynamodb = self.cloud.client("dynamodb")

    def run(self, command: str, *arguments: str) -> Done:
        """Run ``python -m infra.<command> --stage local …`` as the runbook has it."""
        environment = outer_environment() | {
            "AWS_ENDPOINT_URL": str(self.cloud.endpoint),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        }
        done = subprocess.run(
            [sys.executable, "-m", f"infra.{command}", "--stage", STAGE, *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout)

    def output(self, name: str) -> str:
        """Return an output of the deployed stack."""
        told = self.cloud.client("cloudformation").describe_stacks(StackName=f"salestream-{STAGE}")
        outputs: dict[str, str] = {
            each["OutputKey"]: each["OutputValue"] for each in told["Stacks"][0]["Outputs"]
        }
        return outputs[name]

    def table(self, name: str) -> str:
        """Return what a table of the sandbox is called."""
        return f"salestream-{STAGE}-{name}"

    def row(self, name: str, **key: Any) -> Any:
        """Return a raw row, or None."""
        wire = {k: {"N": str(v)} if isinstance(v, int) else {"S": v} for k, v in key.items()}
        return self.dynamodb.get_item(TableName=self.table(name), Key=wire, ConsistentRead=True).get("Item")

    def logged(self, item_id: str, version: int = 1) -> Any:
        """Return the change log's line of an item's version, or None."""
        return self.row("changes", id=item_id, version=version)

    @contextmanager
    def streams_stopped(self) -> Iterator[None]:
        """Have no change delivered inside; afterwards they come, late."""
        self._deliver(on=False)
        try:
            yield
        finally:
            self._deliver(on=True)

    def _deliver(self, *, on: bool) -> None:
        client = self.cloud.client("lambda")
        for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)
        time.sleep(1)  # a batch may be on its way

    def last_records(self, name: str, count: int) -> tuple[str, str, list[Any]]:
        """Return a table's stream, its shard, and the last records in it."""
        client = self.cloud.client("dynamodbstreams")
        arn = client.list_streams(TableName=self.table(name))["Streams"][0]["StreamArn"]
        shard = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][-1]["ShardId"]
        iterator = client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        records: list[Any] = []
        place = iterator["ShardIterator"]
        while place:
            answer = client.get_records(ShardIterator=place)
            records += answer["Records"]
            place = answer.get("NextShardIterator") if answer["Records"] else None
        return arn, shard, records[-count:]


def eventually(look: Callable[[], Any], *, within: float = 60) -> Any:
    """Return what a look finds as soon as it finds something."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing within {within} s")
