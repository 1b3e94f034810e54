"""The template that goes to AWS, read as it is packaged."""

import ast
import json
from typing import Any

import pytest

from chalicelib import house
from infra import dependencies, gateway
from infra.package import BadPackage, check, lint, package
from infra.stages import ROOT, UnknownStage, config, functions, logical_id, stage
from infra.tables import table_properties
from tests.stack.reading import of_type, tables

STREAM_SETTINGS = {
    "StartingPosition": "TRIM_HORIZON",
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": 1,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 10,
    "MaximumRecordAgeInSeconds": 21_600,
}


def test_every_table_of_the_house_is_there_under_its_stage(template: dict[str, Any]) -> None:
    wanted = {name.replace("salestream-test-", "salestream-prod-") for name in table_properties()}

    assert set(tables(template)) == wanted


def test_tables_are_on_demand_encrypted_and_hard_to_lose(template: dict[str, Any]) -> None:
    for name, table in tables(template).items():
        properties = table["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST", name
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert properties["SSESpecification"] == {"SSEEnabled": True}, name
        assert properties["DeletionProtectionEnabled"] is True, name
        assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain", name


def test_a_sandbox_can_be_thrown_away(local_template: dict[str, Any]) -> None:
    for table in tables(local_template).values():
        assert table["Properties"]["DeletionProtectionEnabled"] is False
        assert table["DeletionPolicy"] == "Delete"


def test_domain_tables_tell_old_and_new_images_and_nothing_feeds_itself(template: dict[str, Any]) -> None:
    domains = {name.rsplit("-", 1)[1] for name in house.tables()}
    for name, table in tables(template).items():
        told = table["Properties"].get("StreamSpecification")
        expected = {"StreamViewType": "NEW_AND_OLD_IMAGES"} if name.split("-", 2)[2] in domains else None
        assert told == expected, name


def test_guards_go_by_themselves(template: dict[str, Any]) -> None:
    expiring = {
        name: table["Properties"]["TimeToLiveSpecification"]
        for name, table in tables(template).items()
        if "TimeToLiveSpecification" in table["Properties"]
    }

    assert expiring == {"salestream-prod-guards": {"AttributeName": "expires", "Enabled": True}}


def test_each_stream_is_read_once_with_every_safety(template: dict[str, Any]) -> None:
    events = template["Resources"]["TableChanges"]["Properties"]["Events"].values()
    streams = [event["Properties"]["Stream"]["Fn::GetAtt"] for event in events]
    streamed = [
        [name, "StreamArn"]
        for name, table in of_type(template, "AWS::DynamoDB::Table").items()
        if "StreamSpecification" in table["Properties"]
    ]

    assert sorted(streams) == sorted(streamed)
    for event in events:
        properties = event["Properties"]
        assert event["Type"] == "DynamoDB"
        assert {name: properties[name] for name in STREAM_SETTINGS} == STREAM_SETTINGS
        failed = properties["DestinationConfig"]["OnFailure"]
        assert failed == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["FailedChanges", "Arn"]}}


def test_failed_changes_are_kept_for_fourteen_days(template: dict[str, Any]) -> None:
    queue = template["Resources"]["FailedChanges"]["Properties"]

    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True


def test_functions_are_small_bounded_and_named(template: dict[str, Any]) -> None:
    found = of_type(template, "AWS::Serverless::Function")

    assert set(found) == {logical_id(name) for name in functions()}
    for name in functions():
        properties = found[logical_id(name)]["Properties"]
        assert properties["FunctionName"] == f"salestream-prod-{name}"
        assert 512 <= properties["MemorySize"] <= 1024
        assert properties["Architectures"] == ["arm64"]
        assert properties["Runtime"] == dependencies.runtime()
        assert properties["Layers"] == [{"Ref": "Dependencies"}]


def test_a_request_gives_up_before_the_gateway_does(template: dict[str, Any]) -> None:
    assert template["Resources"]["APIHandler"]["Properties"]["Timeout"] < 29


def test_every_function_keeps_its_log_for_a_time(template: dict[str, Any]) -> None:
    groups = {
        each["Properties"]["LogGroupName"]: each["Properties"]["RetentionInDays"]
        for each in of_type(template, "AWS::Logs::LogGroup").values()
    }

    assert set(groups) == {f"/aws/lambda/salestream-prod-{name}" for name in functions()}
    assert all(days >= 7 for days in groups.values())


def test_functions_know_their_stage_their_secret_and_their_issuer(template: dict[str, Any]) -> None:
    for each in of_type(template, "AWS::Serverless::Function").values():
        known = each["Properties"]["Environment"]["Variables"]
        assert known["SALESTREAM_STAGE"] == "prod"
        assert known["SALESTREAM_SECRET_PARAMETER"] == "/salestream/prod/secret"
        assert known["SALESTREAM_OIDC_AUDIENCE"] == {"Ref": "UsersClient"}
        assert known["POWERTOOLS_SERVICE_NAME"] == "salestream-prod"
        assert "SALESTREAM_SECRET" not in known


def test_the_api_is_regional_and_limited(template: dict[str, Any]) -> None:
    api = template["Resources"]["RestAPI"]["Properties"]

    assert api["EndpointConfiguration"] in ("REGIONAL", {"Type": "REGIONAL"})
    [limits] = api["MethodSettings"]
    assert limits["ThrottlingRateLimit"] == gateway.RATE


def test_the_gateway_refuses_as_we_do(template: dict[str, Any]) -> None:
    refusals = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]

    assert {"DEFAULT_4XX", "DEFAULT_5XX", "UNAUTHORIZED", "ACCESS_DENIED", "REQUEST_TOO_LARGE"} <= set(
        refusals
    )
    assert refusals["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"
    for name, refusal in refusals.items():
        headers = refusal["ResponseParameters"]["Headers"]
        document = json.loads(refusal["ResponseTemplates"]["application/json"])
        assert headers["Access-Control-Allow-Origin"] == "'*'", name
        assert headers["Content-Type"] == "'application/problem+json'", name
        assert document["type"] == f"/problems/{document['code']}", name
        assert not document["title"].startswith("problem."), f"{name}: its text is missing"


def test_api_gateway_has_room_for_its_resources(template: dict[str, Any]) -> None:
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    nodes = {
        "/".join(parts[:depth])
        for parts in (path.split("/") for path in paths)
        for depth in range(1, len(parts) + 1)
    }

    assert len(nodes) < 300


def test_the_template_has_room(template: dict[str, Any]) -> None:
    assert len(template["Resources"]) < 400
    assert len(json.dumps(template)) < 900_000


def test_whatever_must_be_known_sounds_the_one_alarm_topic(template: dict[str, Any]) -> None:
    alarms = [each["Properties"] for each in of_type(template, "AWS::CloudWatch::Alarm").values()]
    watched = {each["MetricName"] for each in alarms}

    assert watched == {
        "IteratorAge", "ApproximateNumberOfMessagesVisible", "Errors", "Throttles", "Invocations",
        "Quarantined", "AggregateDrift", "ExposureDrift", "SnapshotDrift", "LeadAdsUnread",
        "ImportsStopped", "HandoversStopped", "ReportsFailed", "ReportsMissed", "DueFailed", "DueGivenUp",
        "UnexpectedErrors",
    }  # fmt: skip
    assert sum(each["MetricName"] == "Errors" for each in alarms) == len(functions())
    assert all(each["AlarmActions"] == [{"Ref": "Alarms"}] for each in alarms)
    ages = [each["Threshold"] for each in alarms if each["MetricName"] == "IteratorAge"]
    assert ages == [60_000, 3_600_000]


def test_an_own_metric_that_is_watched_is_also_counted(template: dict[str, Any]) -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py"))
    own = [
        each["Properties"]["MetricName"]
        for each in of_type(template, "AWS::CloudWatch::Alarm").values()
        if each["Properties"]["Namespace"] == "Salestream"
    ]

    assert [metric for metric in own if f'count("{metric}"' not in source] == []


def test_only_an_administrator_makes_accounts(template: dict[str, Any]) -> None:
    pool = template["Resources"]["Users"]

    assert pool["Properties"]["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["Properties"]["DeletionProtection"] == "ACTIVE"
    assert pool["DeletionPolicy"] == "Retain"


def test_botocore_keeps_every_service_that_is_called() -> None:
    called = set()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("create_client"):
                called.add(ast.literal_eval(node.args[0]))

    assert called <= set(dependencies.SERVICES)


def test_the_template_pleases_cfn_lint(template: dict[str, Any]) -> None:
    lint(package(stage("prod")))


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(UnknownStage, match="prod"):
        stage("produciton")


def test_a_function_without_limits_is_refused(template: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(template))
    del broken["Resources"]["Nightly"]

    with pytest.raises(BadPackage, match="Nightly"):
        check(broken)


def test_a_merge_that_misses_its_resource_is_refused(template: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(template))
    broken["Resources"]["TabelChanges"] = {"Properties": {}}

    with pytest.raises(BadPackage, match="TabelChanges"):
        check(broken)


def test_every_stage_packages_for_chalice() -> None:
    assert config()["autogen_policy"] is False
    assert config()["lambda_architecture"] == "arm64"
