"""What Chalice cannot say, merged into its template: tables, streams, alarms, users, limits.

`python -m infra.template --stage prod --project build/prod/project --merge build/prod/merge.json`
runs in a process of its own, because the models' table names carry the stage.
"""

import argparse
import json
import os
from pathlib import Path
from typing import Any, Final

from infra import alarms, failures, files, gateway, mailbox, policies, users
from infra.stages import LOCAL, Stage, config, functions, logical_id, stage
from infra.tables import EXPIRING, logical_table_id, table_properties

#: How each stream is read. What fails is tried again, cut in half, and given up after this.
READING: Final[dict[str, Any]] = {
    "StartingPosition": "TRIM_HORIZON",  # LATEST would lose what is written during a deployment
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": 1,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 10,
    "MaximumRecordAgeInSeconds": 21_600,
}
#: Concurrent runs kept for what must go on while requests flood in. Streams are read one batch at a
#: time each; a night or a minute that lasts may meet the next one.
RESERVED: Final = {"table_changes": 20, "every_minute": 3, "nightly": 1, mailbox.READER: 2}


def merge(for_stage: Stage, tables: policies.Tables) -> dict[str, Any]:
    """Return the template that `chalice package --merge-template` takes."""
    own = users.resources(for_stage) if for_stage.own_users else {}
    return {
        "Parameters": _parameters(for_stage),
        "Conditions": {
            "HasAlarmEmail": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]},
            "ReservesConcurrency": {"Fn::Equals": [{"Ref": "ReserveConcurrency"}, "yes"]},
        },
        "Resources": {
            **{logical_table_id(name): _table(name, each, for_stage) for name, each in tables.items()},
            **own,
            **alarms.resources(for_stage),
            **policies.shared(tables),
            **_roles(tables),
            **failures.resources(for_stage),
            "Files": files.resource(for_stage),
            **mailbox.resources(for_stage),
            "Dependencies": _layer(for_stage),
            "RestAPI": {"Properties": gateway.api_properties(local=for_stage.local)},
            **{logical_id(name): {"Properties": _function(name, for_stage, tables)} for name in functions()},
            **{
                _prefix(name) + "LogGroup": {"Properties": _log_group(name, for_stage)}
                for name in functions()
            },
        },
        "Outputs": {
            **(users.outputs() if for_stage.own_users else {}),
            "AlarmTopic": {"Description": "Who is told of alarms", "Value": {"Ref": "Alarms"}},
            "FailedChangesUrl": {"Description": "Changes given up on", "Value": {"Ref": "FailedChanges"}},
            **mailbox.outputs(for_stage),
            "FailedMailsUrl": {"Description": "Mails given up on", "Value": {"Ref": mailbox.QUEUE}},
            "FailedRunsUrl": {"Description": "Scheduled runs given up on", "Value": {"Ref": "FailedRuns"}},
        },
    }


def _parameters(for_stage: Stage) -> dict[str, Any]:
    text = {"Type": "String", "Default": ""}
    found: dict[str, Any] = {
        "AlarmEmail": {**text, "Description": "Who gets the alarms by mail (nobody when empty)"},
        "ReserveConcurrency": {
            "Type": "String",
            "Default": "no",
            "AllowedValues": ["yes", "no"],
            "Description": "Keep a share of the account's concurrency for what works in the background",
        },
    }
    if for_stage.local:
        found["Endpoint"] = {**text, "Description": "Where MiniStack listens, http://127.0.0.1:4566"}
        found["ApiId"] = {**text, "Description": "What the API is called in its address"}
    return found


def _table(name: str, properties: Any, for_stage: Stage) -> dict[str, Any]:
    kept = "Delete" if for_stage.local else "Retain"
    safety: dict[str, Any] = {
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
        "DeletionProtectionEnabled": not for_stage.local,
    }
    if attribute := EXPIRING.get(name):
        safety["TimeToLiveSpecification"] = {"AttributeName": attribute, "Enabled": True}
    return {
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": kept,
        "UpdateReplacePolicy": kept,
        "Properties": {**properties, **safety},
    }


def _layer(for_stage: Stage) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "LayerName": f"{for_stage.stack}-dependencies",
        "Description": "What requirements.txt pins",
        "ContentUri": "./dependencies.zip",
        "RetentionPolicy": "Delete",
    }
    return {"Type": "AWS::Serverless::LayerVersion", "Properties": properties}


def _function(name: str, for_stage: Stage, tables: policies.Tables) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "FunctionName": f"{for_stage.stack}-{name}",
        "Layers": [{"Ref": "Dependencies"}],
        "Environment": {"Variables": _environment(for_stage)},
    }
    if name == policies.LISTENER:
        properties["Events"] = _events(tables)
    if name in policies.SCHEDULED:
        properties |= failures.of_scheduled(name)
    if name == mailbox.READER:
        properties |= mailbox.of_reader()
    if share := RESERVED.get(name):
        only_then = ["ReservesConcurrency", share, {"Ref": "AWS::NoValue"}]
        properties["ReservedConcurrentExecutions"] = {"Fn::If": only_then}
    return properties


def _roles(tables: policies.Tables) -> dict[str, Any]:
    arns = [{"Ref": name} for name in policies.shared(tables)]
    return {
        _prefix(name) + "Role": {"Properties": {"ManagedPolicyArns": arns}}
        for name in functions()
        if policies.is_of_the_business(name)
    }


def _prefix(name: str) -> str:
    # Of the API's function Chalice writes the role and the log group in a way of their own.
    return "ApiHandler" if name == "api_handler" else logical_id(name)


def _log_group(name: str, for_stage: Stage) -> dict[str, str]:
    # Chalice names the group by a reference to the function, and misspells that of the API's.
    return {"LogGroupName": f"/aws/lambda/{for_stage.stack}-{name}"}


def _environment(for_stage: Stage) -> dict[str, Any]:
    found: dict[str, Any] = {
        "SALESTREAM_STAGE": for_stage.name,
        "SALESTREAM_SECRET_PARAMETER": for_stage.secret_parameter,
        "SALESTREAM_FILES": files.bucket_name(for_stage),
        # The metrics' dimension: two stages in one account must not sound each other's alarms.
        "POWERTOOLS_SERVICE_NAME": for_stage.stack,
    }
    found["POWERTOOLS_TRACE_DISABLED"] = "0" if config().get("xray") else "1"
    if for_stage.own_users:
        found |= users.environment(for_stage)
    if for_stage.local:
        found["SALESTREAM_SITE"] = {"Fn::Sub": "${Endpoint}/_aws/execute-api/${ApiId}/v1"}
    return found | for_stage.environment


def _events(tables: policies.Tables) -> dict[str, Any]:
    """Return one event source for each stream; the first takes the place of Chalice's own."""
    streamed = [name for name, each in tables.items() if "StreamSpecification" in each]
    names = [
        "TableChangesDynamodbEventSource",
        *(logical_table_id(each) + "Changes" for each in streamed[1:]),
    ]
    return {name: _event(table) for name, table in zip(names, streamed, strict=True)}


def _event(table: str) -> dict[str, Any]:
    failed = {"Type": "SQS", "Destination": {"Fn::GetAtt": ["FailedChanges", "Arn"]}}
    stream = {"Fn::GetAtt": [logical_table_id(table), "StreamArn"]}
    return {
        "Type": "DynamoDB",
        "Properties": {"Stream": stream, **READING, "DestinationConfig": {"OnFailure": failed}},
    }


def main() -> None:
    """Write the merge template, and Chalice's configuration with the policies, for one stage."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stage", default=LOCAL)
    asked.add_argument("--project", type=Path, required=True)
    asked.add_argument("--merge", type=Path, required=True)
    given = asked.parse_args()
    if os.environ.get("SALESTREAM_STAGE", LOCAL) != given.stage:
        raise SystemExit(f"run this with SALESTREAM_STAGE={given.stage}: the tables' names come from it")
    for_stage, tables = stage(given.stage), table_properties()
    given.merge.write_text(json.dumps(merge(for_stage, tables), indent=1), "utf-8")
    written = policies.write(given.project / ".chalice", for_stage, tables)
    settings = config() | {"lambda_functions": _with_policies(written)}
    (given.project / ".chalice" / "config.json").write_text(json.dumps(settings, indent=1), "utf-8")


def _with_policies(files: dict[str, str]) -> dict[str, Any]:
    limits = config()["lambda_functions"]
    return {name: {**limits[name], "iam_policy_file": file} for name, file in files.items()}


if __name__ == "__main__":
    main()
