"""Inbound mail: SES puts what comes for the stage's addresses into a bucket, and that wakes a function.

Nothing but the function and its failure queue where no address is set. Names are written out where a
reference would make a ring: bucket → function → role → bucket.
"""

from typing import Any, Final

from infra.files import CLOSED, ENCRYPTED
from infra.stages import Stage, logical_id

#: The function that takes mails in.
READER: Final = "inbound_mail"
#: Where in the bucket mails lie, and for how many days: so long a failed one can be taken in again.
FOLDER: Final = "mails/"
KEPT_DAYS: Final = 30
#: How often a mail that failed is tried again, and for how many seconds.
AGAIN: Final = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 6 * 3600}
QUEUE: Final = "FailedMails"


def resources(for_stage: Stage) -> dict[str, Any]:
    """Return the bucket with what may write and read it, and the rule; nothing without an address."""
    if not for_stage.mailbox:
        return {}
    own_set = {"MailRuleSet": _rule_set(for_stage)} if for_stage.mail_rule_set is None else {}
    return {
        "Mails": _bucket(for_stage),
        "MailsBySes": _written_by_ses(for_stage),
        "MailsWakeReader": _may_wake(for_stage),
        **own_set,
        "MailRule": _rule(for_stage),
    }


def outputs(for_stage: Stage) -> dict[str, Any]:
    """Return the rule set, which an operator makes the active one."""
    if not for_stage.mailbox:
        return {}
    return {"MailRuleSet": {"Description": "Make it active in SES", "Value": _rule_set_name(for_stage)}}


def of_reader() -> dict[str, Any]:
    """Return what the function gets: an end to its tries, and a queue for what failed."""
    failed = {"Type": "SQS", "Destination": {"Fn::GetAtt": [QUEUE, "Arn"]}}
    return {"EventInvokeConfig": {**AGAIN, "DestinationConfig": {"OnFailure": failed}}}


def objects(for_stage: Stage) -> dict[str, str]:
    """Return the ARN of the mails in the bucket."""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{_name(for_stage)}/{FOLDER}*"}


def _name(for_stage: Stage) -> str:
    return f"{for_stage.stack}-mails-${{AWS::AccountId}}"


def _bucket(for_stage: Stage) -> dict[str, Any]:
    kept = "Delete" if for_stage.local else "Retain"
    expiry = {"Id": "mails", "Status": "Enabled", "Prefix": FOLDER, "ExpirationInDays": KEPT_DAYS}
    woken = {
        "Event": "s3:ObjectCreated:*",
        "Function": {"Fn::GetAtt": [logical_id(READER), "Arn"]},
        "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": FOLDER}]}},
    }
    return {
        "Type": "AWS::S3::Bucket",
        "DependsOn": "MailsWakeReader",
        "DeletionPolicy": kept,
        "UpdateReplacePolicy": kept,
        "Properties": {
            "BucketName": {"Fn::Sub": _name(for_stage)},
            "BucketEncryption": ENCRYPTED,
            "PublicAccessBlockConfiguration": CLOSED,
            "LifecycleConfiguration": {"Rules": [expiry]},
            "NotificationConfiguration": {"LambdaConfigurations": [woken]},
        },
    }


def _written_by_ses(for_stage: Stage) -> dict[str, Any]:
    rule = f"receipt-rule-set/{_rule_set_name(for_stage)}:receipt-rule/{_rule_name(for_stage)}"
    here = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
    written = {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": objects(for_stage),
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": {"Ref": "AWS::AccountId"},
                "aws:SourceArn": {"Fn::Sub": f"{here}:{rule}"},
            }
        },
    }
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Mails"},
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [written]},
        },
    }


def _may_wake(for_stage: Stage) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": logical_id(READER)},
            "Principal": "s3.amazonaws.com",
            "SourceAccount": {"Ref": "AWS::AccountId"},
            "SourceArn": {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::{_name(for_stage)}"},
        },
    }


def _rule_set(for_stage: Stage) -> dict[str, Any]:
    return {
        "Type": "AWS::SES::ReceiptRuleSet",
        "Properties": {"RuleSetName": _rule_set_name(for_stage)},
    }


def _rule_set_name(for_stage: Stage) -> str:
    return for_stage.mail_rule_set or f"{for_stage.stack}-mails"


def _rule_name(for_stage: Stage) -> str:
    return f"{for_stage.stack}-leads"


def _rule(for_stage: Stage) -> dict[str, Any]:
    put = {"S3Action": {"BucketName": {"Ref": "Mails"}, "ObjectKeyPrefix": FOLDER}}
    awaited = [] if for_stage.mail_rule_set else ["MailRuleSet"]
    return {
        "Type": "AWS::SES::ReceiptRule",
        # SES tries the bucket when the rule is made.
        "DependsOn": ["MailsBySes", *awaited],
        "Properties": {
            "RuleSetName": _rule_set_name(for_stage),
            "Rule": {
                "Name": _rule_name(for_stage),
                "Enabled": True,
                "Recipients": for_stage.mailbox,
                "ScanEnabled": True,
                "TlsPolicy": "Optional",  # a mail that came unencrypted is a lead too
                "Actions": [put],
            },
        },
    }
