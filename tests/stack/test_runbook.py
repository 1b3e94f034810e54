"""Every step of docs/runbook.md, tried on the deployed stack."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import ids
from infra import secret
from infra.stages import ROOT, stage
from tests.stack.operator import Done, Operator, eventually
from tests.stack.sandbox import Sandbox

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def operator(stack: Sandbox) -> Operator:
    """Somebody who keeps the sandbox running."""
    return Operator(stack)


@pytest.fixture
def product(stack: Sandbox) -> dict[str, Any]:
    """A product that was just added."""
    return add_product(stack)


def add_product(stack: Sandbox) -> dict[str, Any]:
    given = {
        "name": "Gauge",
        "code": uuid.uuid4().hex[:12],
        "list_price": {"amount": "12.00", "currency": "CNY"},
    }
    reply = stack.call("POST", "/products", given, login="admin")
    assert reply.status == 201, reply.text
    added: dict[str, Any] = reply.json
    return added


def test_what_customers_owe_is_counted_anew(operator: Operator) -> None:
    account_id = f"account_{uuid.uuid4().hex[:26].upper()}"
    names = ("created_at", "updated_at", "updated_by", "grade", "earned")
    spoilt: dict[str, Any] = {
        **{name: {"S": "2026-11-22T00:00:00.000Z" if name.endswith("_at") else "B"} for name in names},
        "id": {"S": ids.derived("credit_profile", account_id)},
        "account_id": {"S": account_id},
        "version": {"N": "1"},
        "exposure": {"M": {"CNY": {"N": "100"}}},
        "limits": {"M": {}},
    }
    table = operator.table("credit")
    operator.dynamodb.put_item(TableName=table, Item=spoilt)

    assert operator.run("recount", "--look").status == 1
    operator.run("recount")

    kept = operator.dynamodb.get_item(TableName=table, Key={"id": spoilt["id"]}, ConsistentRead=True)["Item"]
    assert kept["exposure"] == {"M": {}}
    operator.dynamodb.delete_item(TableName=table, Key={"id": spoilt["id"]})


def test_a_poison_record_is_seen_and_let_go(operator: Operator) -> None:
    bad = f"product_{uuid.uuid4().hex[:26].upper()}"
    operator.dynamodb.put_item(TableName=operator.table("catalog"), Item={"id": {"S": bad}})

    def parked() -> Any:
        lines = operator.run("quarantine").said.splitlines()
        return next((line.split()[0] for line in lines if "decode" in line), None)

    key = eventually(parked)
    assert operator.run("quarantine", "--replay", key).status == 1
    operator.dynamodb.delete_item(TableName=operator.table("catalog"), Key={"id": {"S": bad}})
    assert operator.run("quarantine", "--drop", key).said.split() == [key, "DROPPED"]
    assert key not in operator.run("quarantine").said


def a_parked_change(operator: Operator, product: dict[str, Any]) -> str:
    """Have the log lose a product's first line, and the change parked instead; return its key."""
    line = eventually(lambda: operator.logged(product["id"]))
    operator.dynamodb.delete_item(
        TableName=operator.table("changes"), Key={"id": line["id"], "version": line["version"]}
    )
    image = {"id": product["id"], "version": 1, "name": "Gauge"}
    change = {"kind": "product", "id": product["id"], "version": 1, "before": None, "after": image,
              "at": line["at"]["S"]}  # fmt: skip
    key = uuid.uuid4().hex
    parked = {"id": key, "state": "PARKED", "parked_at": line["at"]["S"], "stage": "log", "reason": "a fault",
              "body": json.dumps(change)}  # fmt: skip
    operator.dynamodb.put_item(
        TableName=operator.table("quarantine"), Item={name: {"S": text} for name, text in parked.items()}
    )
    return key


def test_what_was_parked_is_applied_once_its_cause_is_mended(
    operator: Operator, product: dict[str, Any]
) -> None:
    key = a_parked_change(operator, product)

    assert operator.run("quarantine", "--replay", key).said.split() == [key, "REPLAYED"]
    assert operator.logged(product["id"])
    assert key not in operator.run("quarantine").said


def test_all_that_was_parked_is_applied_at_once(stack: Sandbox, operator: Operator) -> None:
    products = [add_product(stack) for _ in range(2)]
    keys = {a_parked_change(operator, each) for each in products}

    done = operator.run("quarantine", "--replay", "all")

    # The removal of the poison record told of it once more, and is as unreadable as it was.
    assert {line for line in done.said.splitlines() if "UNREADABLE" not in line} == {
        f"{key}  REPLAYED" for key in keys
    }
    assert all(operator.logged(each["id"]) for each in products)
    assert keys.isdisjoint(operator.run("quarantine").said.split())


def test_changes_given_up_on_are_applied_from_the_stream(stack: Sandbox, operator: Operator) -> None:
    with operator.streams_stopped():
        added = add_product(stack)
        told = a_failure(operator, *operator.last_records("catalog", 1))

        assert operator.run("failed_changes", "--look").status == 1
        assert not operator.logged(added["id"])
        applied = operator.run("failed_changes")

        assert (applied.status, applied.said.partition(":")[0]) == (0, "applied"), (applied, told)
        assert operator.logged(added["id"])
        assert operator.run("failed_changes").said == ""


def test_changes_that_the_stream_has_forgotten_are_named_and_let_go(operator: Operator) -> None:
    arn, _, records = operator.last_records("catalog", 1)
    a_failure(operator, arn, "shardId-00000000000000000000-gone", records)

    for _ in range(2):  # it is there for as long as nobody lets it go
        lost = operator.run("failed_changes")
        assert (lost.status, lost.said.partition(":")[0]) == (1, "lost")
    dropped = operator.run("failed_changes", "--drop-lost")
    assert (dropped.status, dropped.said.partition(":")[0]) == (0, "dropped")
    assert operator.run("failed_changes") == Done(0, "")


def a_failure(operator: Operator, arn: str, shard: str, records: list[Any]) -> Any:
    """Put a message into the failure queue, as Lambda writes it when it gives up."""
    batch = {
        "shardId": shard,
        "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
        "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
        "approximateArrivalOfFirstRecord": "2026-11-22T08:00:00Z",
        "approximateArrivalOfLastRecord": "2026-11-22T08:00:00Z",
        "batchSize": len(records),
        "streamArn": arn,
    }
    sqs = operator.cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="salestream-local-failed-changes")["QueueUrl"]
    return sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"DDBStreamBatchInfo": batch}))


def test_drift_is_told_and_repaired(operator: Operator) -> None:
    key = {"board": {"S": "leads_open|team"}, "row": {"S": "nobody"}}
    operator.dynamodb.put_item(
        TableName=operator.table("aggregates"), Item=key | {"NEW.count": {"N": "7"}, "steps": {"N": "1"}}
    )

    looked = operator.run("reconcile", "--look")
    assert (looked.status, looked.json["wrong_rows"]) == (1, 1)
    repaired = operator.run("reconcile")
    assert (repaired.status, repaired.json["repaired"], repaired.json["drift"]) == (0, 1, 0)
    assert operator.run("reconcile", "--look").status == 0


def test_the_night_is_made_up_for_by_day(operator: Operator) -> None:
    key = {"board": "leads_open|team", "row": "somebody"}
    wire = {name: {"S": text} for name, text in key.items()}
    wrong = wire | {"NEW.count": {"N": "7"}, "steps": {"N": "1"}}
    operator.dynamodb.put_item(TableName=operator.table("aggregates"), Item=wrong)

    asked = operator.cloud.client("lambda").invoke(
        FunctionName="salestream-local-nightly",
        InvocationType="Event",
        Payload=(ROOT / "infra" / "by_hand.json").read_bytes(),
    )

    assert asked["StatusCode"] == 202
    eventually(lambda: operator.row("aggregates", **key).get("NEW.count", {"N": "0"}) == {"N": "0"})


def test_what_told_of_a_failed_run_is_removed(stack: Sandbox, operator: Operator) -> None:
    sqs = operator.cloud.client("sqs")
    url = operator.output("FailedRunsUrl")
    sqs.send_message(QueueUrl=url, MessageBody="{}")

    sqs.purge_queue(QueueUrl=url)

    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_lost_day_is_fed_from_the_tables(stack: Sandbox, operator: Operator) -> None:
    eventually(lambda: operator.run("refeed", "--look").status == 0)
    with operator.streams_stopped():
        added = [add_product(stack) for _ in range(3)]
        path = f"/products/{added[0]['id']}"
        for version in (1, 2):
            told = {"name": f"Gauge {version}"}
            changed = stack.call("PATCH", path, told, login="admin", If_Match=f'"{version}"')
            assert changed.status == 200
        assert operator.run("refeed", "--since", "2026-01-01", "--look").json["unknown"] == 3

        fed = operator.run("refeed", "--since", "2026-01-01")

        assert (fed.status, fed.json["unknown"], fed.json["busy"]) == (0, 3, 0)
        # Of what changed more than once there is one line: the last.
        assert [bool(operator.logged(added[0]["id"], version)) for version in (1, 2, 3)] == [0, 0, 1]
        assert all(operator.logged(each["id"]) for each in added[1:])
        assert operator.run("refeed", "--since", "2026-01-01", "--look").status == 0
    assert operator.run("reconcile", "--look").status == 0


def test_items_of_one_table_come_back_from_a_copy(stack: Sandbox, operator: Operator) -> None:
    gone, damaged, untouched = (add_product(stack) for _ in range(3))
    catalog, copy = operator.table("catalog"), f"restored-{uuid.uuid4().hex[:8]}"
    backup = operator.dynamodb.create_backup(TableName=catalog, BackupName="before")["BackupDetails"]
    operator.dynamodb.delete_item(TableName=catalog, Key={"id": {"S": gone["id"]}})
    operator.dynamodb.update_item(
        TableName=catalog, Key={"id": {"S": damaged["id"]}}, UpdateExpression="SET #n = :n, version = :v",
        ExpressionAttributeNames={"#n": "name"},
        ExpressionAttributeValues={":n": {"S": "Spoilt"}, ":v": {"N": "2"}},
    )  # fmt: skip
    operator.dynamodb.restore_table_from_backup(TargetTableName=copy, BackupArn=backup["BackupArn"])
    command = ("restore", "--table", "catalog", "--from", copy)

    told = operator.run(*command).said
    assert (f"{gone['id']}  missing" in told, f"{damaged['id']}  differs" in told) == (True, True)
    assert untouched["id"] not in told
    done = operator.run(*command, "--missing", "--item", damaged["id"])

    assert (done.status, done.said.count("put back")) == (0, 2)
    for item in (gone, damaged):
        back = stack.call("GET", f"/products/{item['id']}", login="admin").json
        assert back["name"] == "Gauge"
        assert back["version"] > item["version"]
        assert eventually(lambda: operator.logged(back["id"], back["version"]))  # noqa: B023
    assert operator.run("reconcile").status == 0
    operator.dynamodb.delete_table(TableName=copy)


def test_a_copy_of_a_moment_is_compared_with_its_table(operator: Operator, product: dict[str, Any]) -> None:
    # MiniStack's copy is of the present moment: nothing is missing in the table.
    copy = f"restored-{uuid.uuid4().hex[:8]}"
    operator.dynamodb.restore_table_to_point_in_time(
        SourceTableName=operator.table("catalog"), TargetTableName=copy, UseLatestRestorableTime=True
    )

    told = operator.run("restore", "--table", "catalog", "--from", copy)

    assert (told.status, "missing" in told.said) == (0, False)
    assert operator.dynamodb.describe_table(TableName=copy)["Table"]["ItemCount"] > 0
    operator.dynamodb.delete_table(TableName=copy)


def test_the_secret_is_rotated_and_what_was_signed_goes_on(stack: Sandbox, operator: Operator) -> None:
    add_product(stack), add_product(stack)
    first = stack.call("GET", "/products?limit=1", login="admin").json
    assert first["next"]

    assert "signatures of 2 hold" in operator.run("secret", "--rotate").said
    assert operator.run("secret", "--retire").status == 1
    assert stack.call("GET", f"/products?limit=1&cursor={first['next']}", login="admin").status == 200
    assert "signatures of 1 hold" in operator.run("secret", "--retire", "--now").said


def test_a_day_after_its_rotation_the_old_secret_is_let_go(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert operator.run("secret", "--rotate").status == 0
    monkeypatch.setattr(secret, "OVERLAP", timedelta())  # a day has passed

    assert secret.retire(operator.cloud, stage("local")) == 1


def test_an_api_key_is_replaced_without_a_gap(stack: Sandbox) -> None:
    def issued() -> Any:
        wanted = {"name": "ERP", "scopes": ["products:read"]}
        reply = stack.call("POST", "/api-keys", wanted, login="admin")
        assert reply.status == 201, reply.text
        return reply.json

    old, new = issued(), issued()
    assert stack.call("GET", "/products", token=new["key"]).status == 200
    version = stack.call("GET", f"/api-keys/{old['id']}", login="admin").json["version"]
    ended = stack.call("DELETE", f"/api-keys/{old['id']}", login="admin", If_Match=f'"{version}"')
    assert ended.status < 300
    assert stack.call("GET", "/products", token=old["key"]).status == 401
