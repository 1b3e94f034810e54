"""Where failures wait for somebody: changes, scheduled runs and mails that were given up on."""

from typing import Any, Final

from infra import mailbox
from infra.stages import Stage, logical_id

#: Seconds that a failure waits: fourteen days, SQS's longest.
KEPT: Final = 14 * 24 * 3600
#: Of each scheduled function, how often a failed run is tried again and for how many seconds. A
#: minute that failed is made up for by the next one; a night has nobody after it until tomorrow.
AGAIN: Final = {"every_minute": (0, 60), "nightly": (2, 6 * 3600)}


def resources(for_stage: Stage) -> dict[str, Any]:
    """Return the queues, and the right of EventBridge to tell what it could not start."""
    says = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["FailedRuns", "Arn"]},
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }
    return {
        "FailedChanges": _queue(f"{for_stage.stack}-failed-changes"),
        "FailedRuns": _queue(f"{for_stage.stack}-failed-runs"),
        mailbox.QUEUE: _queue(f"{for_stage.stack}-failed-mails"),
        "FailedRunsByEventBridge": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "FailedRuns"}],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [says]},
            },
        },
    }


def of_scheduled(function: str) -> dict[str, Any]:
    """Return what a scheduled function gets: an end to its tries, and a queue for what failed."""
    queue = {"Fn::GetAtt": ["FailedRuns", "Arn"]}
    tries, seconds = AGAIN[function]
    started = {"MaximumRetryAttempts": tries, "MaximumEventAgeInSeconds": seconds}
    return {
        "EventInvokeConfig": {
            **started,
            "DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": queue}},
        },
        "Events": {
            logical_id(function) + "Event": {
                "Properties": {"RetryPolicy": started, "DeadLetterConfig": {"Arn": queue}}
            }
        },
    }


def _queue(name: str) -> dict[str, Any]:
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "QueueName": name,
            "MessageRetentionPeriod": KEPT,
            "SqsManagedSseEnabled": True,
        },
    }
