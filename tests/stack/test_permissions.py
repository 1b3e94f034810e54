"""Every call that a function makes is in its policy; calls that it has no business with are not."""

import copy
from typing import Any

import pytest

from infra import policies
from infra.stages import functions, stage
from infra.tables import table_properties
from tests import permissions
from tests.client import Client
from tests.permissions import ACCOUNT, STAGE, Call, arn, table_arn
from tests.stack.reading import role, statements
from tests.stack.walk import Walk
from tests.streams import Stream

#: Of each function, how many different calls the walk makes at least.
AT_LEAST = {
    "api_handler": 45,
    "authorizer": 4,
    "table_changes": 15,
    "every_minute": 15,
    "nightly": 12,
    "inbound_mail": 12,
}


def ours(name: str) -> str:
    return table_arn(f"salestream-test-{name}")


#: What nobody may do.
NOBODY: list[Call] = [
    ("dynamodb:DeleteTable", ours("leads")),
    ("dynamodb:DeleteItem", ours("orders")),
    ("dynamodb:DeleteItem", ours("changes")),
    ("dynamodb:UpdateItem", ours("changes")),
    ("dynamodb:UpdateTable", ours("opportunities")),
    ("dynamodb:UpdateContinuousBackups", ours("opportunities")),
    ("dynamodb:GetItem", table_arn("salestream-prod-leads")),
    ("dynamodb:DeleteItem", ours("aggregates")),
    ("ssm:PutParameter", arn("ssm", "parameter/salestream/test/secret")),
    ("ssm:GetParameter", arn("ssm", "parameter/salestream/prod/secret")),
    ("s3:GetObject", f"arn:aws:s3:::salestream-test-files-{ACCOUNT}/elsewhere/file.csv"),
    ("s3:DeleteObject", f"arn:aws:s3:::salestream-test-files-{ACCOUNT}/imports/1/file.csv"),
    ("s3:ListBucket", f"arn:aws:s3:::salestream-test-files-{ACCOUNT}"),
    ("ses:SendEmail", arn("ses", "identity/somebody@elsewhere.example")),
    ("sqs:ReceiveMessage", arn("sqs", "salestream-test-FailedChanges")),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    ("logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/another:log-stream:1")),
]
#: What only others may do.
NOT_THIS_ONE: dict[str, list[Call]] = {
    "api_handler": [
        ("dynamodb:Scan", ours("leads")),
        ("dynamodb:UpdateItem", ours("aggregates")),
        ("dynamodb:PutItem", ours("ledger")),
        ("dynamodb:BatchWriteItem", ours("changes")),
        ("dynamodb:GetRecords", ours("leads") + "/stream/now"),
    ],
    "authorizer": [
        ("dynamodb:UpdateItem", ours("people")),
        ("dynamodb:GetItem", ours("leads")),
        ("dynamodb:DeleteItem", ours("guards")),
        ("ses:SendEmail", arn("ses", "identity/sales@example.com")),
        ("s3:GetObject", f"arn:aws:s3:::salestream-test-files-{ACCOUNT}/imports/1/file.csv"),
    ],
    "table_changes": [
        ("dynamodb:Scan", ours("leads")),
        ("dynamodb:Scan", ours("ledger")),
        ("dynamodb:GetItem", ours("quarantine")),
    ],
    "every_minute": [
        ("dynamodb:Scan", ours("leads")),
        ("dynamodb:UpdateItem", ours("aggregates")),
        ("dynamodb:PutItem", ours("ledger")),
        ("s3:GetObject", f"arn:aws:s3:::salestream-test-files-{ACCOUNT}/contracts/1/file.pdf"),
    ],
    "inbound_mail": [
        ("dynamodb:PutItem", ours("accounts")),
        ("dynamodb:GetItem", ours("orders")),
        ("dynamodb:Scan", ours("leads")),
        ("s3:GetObject", f"arn:aws:s3:::salestream-test-files-{ACCOUNT}/imports/1/file.csv"),
        ("s3:PutObject", f"arn:aws:s3:::salestream-test-mails-{ACCOUNT}/mails/1"),
        ("ses:SendEmail", arn("ses", "identity/sales@example.com")),
    ],
    "nightly": [
        ("dynamodb:BatchWriteItem", ours("changes")),
        ("dynamodb:Scan", ours("guards")),
        ("dynamodb:GetRecords", ours("leads") + "/stream/now"),
    ],
}
#: What Lambda itself does in the name of each function, which no botocore of ours sees.
BY_LAMBDA: list[Call] = [
    ("dynamodb:DescribeStream", ours("leads") + "/stream/now"),
    ("dynamodb:GetRecords", ours("leads") + "/stream/now"),
    ("dynamodb:GetShardIterator", ours("leads") + "/stream/now"),
    ("dynamodb:ListStreams", ours("leads") + "/stream/now"),
    ("sqs:SendMessage", arn("sqs", "salestream-test-FailedChanges")),
]


def test_a_lead_becomes_cash_with_no_call_beyond_its_functions_policy(
    client: Client, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    permissions.seen.clear()

    Walk(client, stream).whole(monkeypatch)

    made = {name: len(calls) for name, calls in permissions.seen.items()}
    assert permissions.denied == []
    assert all(made[name] >= least for name, least in AT_LEAST.items()), made
    assert [each for each in AT_LEAST if not refused_when_missing(each)] == []


def refused_when_missing(function: str) -> bool:
    """Whether each call of a function is allowed, and would be refused if its policy lacked the action."""
    whole = permissions.documents(function)
    for call in permissions.seen[function]:
        without = [_without(document, call[0]) for document in whole]
        if not permissions.decide(whole, call) or permissions.decide(without, call):
            return False
    return True


def _without(document: dict[str, Any], action: str) -> dict[str, Any]:
    made = copy.deepcopy(document)
    for statement in made["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if each != action] or ["none:Nothing"]
    return made


@pytest.mark.parametrize("function", functions())
def test_a_function_may_do_nothing_that_it_has_no_business_with(function: str) -> None:
    asked = NOBODY + NOT_THIS_ONE[function]

    assert len(asked) >= 10
    assert [call for call in asked if permissions.allowed(function, call)] == []


def test_lambda_may_read_the_streams_and_report_failures_for_the_listener_alone() -> None:
    logs = [
        ("logs:PutLogEvents", arn("logs", f"log-group:/aws/lambda/{STAGE.stack}-{name}:log-stream:1"))
        for name in functions()
    ]

    assert [call for call in BY_LAMBDA if not permissions.allowed(policies.LISTENER, call)] == []
    for name, own in zip(functions(), logs, strict=True):
        assert [call for call in logs if permissions.allowed(name, call)] == [own]
        if name != policies.LISTENER:
            assert [call for call in BY_LAMBDA if permissions.allowed(name, call)] == []
        told = ("sqs:SendMessage", arn("sqs", "salestream-test-FailedRuns"))
        assert permissions.allowed(name, told) is (name in policies.SCHEDULED)
        told = ("sqs:SendMessage", arn("sqs", "salestream-test-FailedMails"))
        assert permissions.allowed(name, told) is (name == "inbound_mail")


@pytest.mark.parametrize("function", functions())
def test_what_is_packaged_is_what_is_evaluated_here(template: dict[str, Any], function: str) -> None:
    tables = table_properties()
    shared = policies.shared(tables).values() if policies.is_of_the_business(function) else ()
    written = [policies.policy(function, stage("prod"), tables)]
    written += [each["Properties"]["PolicyDocument"] for each in shared]

    assert statements(template, role(function)) == [
        statement for document in written for statement in document["Statement"]
    ]
