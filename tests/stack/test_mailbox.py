"""Inbound mail in the template: nothing without an address; with one a bucket only SES writes to."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra import mailbox, safety
from infra.stages import Stage
from tests.stack.reading import of_type

LISTENING = Stage("prod", {"SALESTREAM_MAIL_IN": "leads@example.com, example.cn"})


@pytest.fixture
def listening(template: dict[str, Any]) -> dict[str, Any]:
    """The packaged template of a stage whose operator has set an address."""
    outputs = template["Outputs"] | mailbox.outputs(LISTENING)
    resources = template["Resources"] | mailbox.resources(LISTENING)
    return {**template, "Resources": resources, "Outputs": outputs}


def test_without_an_address_nothing_listens(template: dict[str, Any]) -> None:
    assert not of_type(template, "AWS::SES::ReceiptRule")
    assert set(of_type(template, "AWS::S3::Bucket")) == {"Files"}


def test_with_an_address_the_template_is_as_safe_and_as_clean(
    listening: dict[str, Any], tmp_path: Path
) -> None:
    written = tmp_path / "sam.json"
    written.write_text(json.dumps(listening), "utf-8")

    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), written], capture_output=True, text=True, check=False
    )

    assert safety.broken(listening) == []
    assert linted.stdout == ""


def test_only_ses_writes_mails_by_this_rule_and_only_they_wake_the_function(
    listening: dict[str, Any],
) -> None:
    resources = listening["Resources"]
    [written] = resources["MailsBySes"]["Properties"]["PolicyDocument"]["Statement"]
    assert (written["Principal"], written["Action"]) == ({"Service": "ses.amazonaws.com"}, "s3:PutObject")
    by = written["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]
    assert by.endswith(":receipt-rule-set/salestream-prod-mails:receipt-rule/salestream-prod-leads")
    rule = resources["MailRule"]["Properties"]["Rule"]
    assert rule["Recipients"] == ["leads@example.com", "example.cn"]
    assert rule["Actions"] == [
        {"S3Action": {"BucketName": {"Ref": "Mails"}, "ObjectKeyPrefix": mailbox.FOLDER}}
    ]
    [woken] = resources["Mails"]["Properties"]["NotificationConfiguration"]["LambdaConfigurations"]
    assert woken["Function"] == {"Fn::GetAtt": ["InboundMail", "Arn"]}
    assert resources["MailsWakeReader"]["Properties"]["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_the_rule_can_stand_in_a_rule_set_that_is_there() -> None:
    found = mailbox.resources(Stage("prod", LISTENING.environment | {"SALESTREAM_MAIL_RULE_SET": "company"}))

    assert "MailRuleSet" not in found
    assert found["MailRule"]["Properties"]["RuleSetName"] == "company"
    assert found["MailRule"]["DependsOn"] == ["MailsBySes"]


def test_a_mail_that_fails_is_tried_again_and_then_told_to_a_queue_with_an_alarm(
    template: dict[str, Any],
) -> None:
    invoked = template["Resources"]["InboundMail"]["Properties"]["EventInvokeConfig"]
    assert invoked["MaximumRetryAttempts"] == 2
    queue = {"Fn::GetAtt": ["FailedMails", "Arn"]}
    assert invoked["DestinationConfig"] == {"OnFailure": {"Type": "SQS", "Destination": queue}}
    [dimension] = template["Resources"]["MailsFailedAlarm"]["Properties"]["Dimensions"]
    assert dimension["Value"] == {"Fn::GetAtt": ["FailedMails", "QueueName"]}
