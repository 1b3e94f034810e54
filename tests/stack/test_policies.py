"""What each function may do, as it is packaged."""

import json
from typing import Any

from tests.stack.reading import every_statement, of_type, statements


def test_each_function_has_a_role_of_its_own(template: dict[str, Any]) -> None:
    roles = [
        json.dumps(each["Properties"]["Role"])
        for each in of_type(template, "AWS::Serverless::Function").values()
    ]

    assert len(set(roles)) == len(roles)


def test_a_policy_has_a_wildcard_only_where_aws_has_no_name_to_give(template: dict[str, Any]) -> None:
    wide = {
        (action, text.rpartition("}/")[2] if "/" in text else text)
        for _, statement in every_statement(template)
        for action in statement["Action"]
        for text in json.dumps(statement["Resource"]).split('"')
        if "*" in action + text
    }

    folders = {"contracts/*", "imports/*", "quotes/*", "revenue/*"}
    assert {(action, end) for action, end in wide if not action.startswith("logs:")} == {
        ("dynamodb:ListStreams", "stream/*"),
        ("s3:GetObject", "mails/*"),
        *((f"s3:{verb}Object", folder) for folder in folders for verb in ("Get", "Put")),
    }
    streams = {end for action, end in wide if action.startswith("logs:")}
    assert all(end.endswith(":log-stream:*") and end.count("*") == 1 for end in streams)


def test_only_the_nightly_job_reads_whole_tables(template: dict[str, Any]) -> None:
    scanning = {role for role, each in every_statement(template) if "dynamodb:Scan" in each["Action"]}

    assert scanning == {"NightlyRole"}


def test_the_authorizer_writes_only_the_guard_that_binds_a_first_login(template: dict[str, Any]) -> None:
    found = statements(template, "AuthorizerRole")

    assert {action for each in found for action in each["Action"]} == {
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "ssm:GetParameter",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    [writing] = [each for each in found if "dynamodb:PutItem" in each["Action"]]
    assert writing["Resource"] == [{"Fn::GetAtt": ["GuardsTable", "Arn"]}]


def test_only_the_change_handler_writes_aggregates_and_ledger_by_day(template: dict[str, Any]) -> None:
    for role in ("ApiHandlerRole", "EveryMinuteRole"):
        for statement in statements(template, role):
            if any(action in statement["Action"] for action in ("dynamodb:UpdateItem", "dynamodb:PutItem")):
                named = json.dumps(statement["Resource"])
                assert "AggregatesTable" not in named
                assert "LedgerTable" not in named


def test_every_index_of_the_domains_is_named_for_those_who_query_it(template: dict[str, Any]) -> None:
    wanted = {
        f"${{{name}.Arn}}/index/{index['IndexName']}"
        for name, table in of_type(template, "AWS::DynamoDB::Table").items()
        if "StreamSpecification" in table["Properties"]
        for index in table["Properties"]["GlobalSecondaryIndexes"]
    }

    for role in ("ApiHandlerRole", "TableChangesRole", "EveryMinuteRole", "NightlyRole"):
        named = json.dumps([each["Resource"] for each in statements(template, role)])
        assert [index for index in wanted if index not in named] == [], role
