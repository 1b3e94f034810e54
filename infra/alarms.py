"""Alarms: what somebody must be told of, all on one topic."""

from typing import Any, Final

from infra import mailbox
from infra.policies import LISTENER, SCHEDULED
from infra.stages import Stage, functions, logical_id

#: The metrics of `chalicelib.core.observe` that are to stay at zero, and what each means.
OWN_METRICS: Final = {
    "Quarantined": "A change, a reaction or a post can never succeed; it waits in quarantine with its body.",
    "AggregateDrift": "Aggregates still differed from the records after the nightly repair.",
    "ExposureDrift": "What customers owe still differed from orders and contracts after the nightly repair.",
    "SnapshotDrift": "The change log does not give the open deals of a day as they were.",
    "LeadAdsUnread": "A lead ad could not be read at Meta, which sends its post again for some hours.",
    "ImportsStopped": "An import stopped at a row, or stood still; it goes on once it is resumed.",
    "HandoversStopped": "A handover stopped at a record, or has nobody to go to; it waits to be resumed.",
    "ReportsFailed": "A scheduled report ran and failed; its run in the ledger says why.",
    "ReportsMissed": "A scheduled report did not run in its time.",
    "DueGivenUp": "Due work that kept failing is no longer tried.",
    "DueFailed": "Something due (a reminder, an escalation, an expiry) failed and will be tried again.",
    "UnexpectedErrors": "A request failed for a reason that the code does not know.",
}
#: Seconds that a change may wait in a stream before somebody looks, and before somebody is called:
#: what waits for six hours is given up.
OLDEST_CHANGE, STUCK_CHANGE = 60, 3600

_MINUTE: Final = 60
#: Seconds in which a scheduled function has run at least once.
_ONCE_IN: Final = {"every_minute": 5 * _MINUTE, "nightly": 24 * 3600}


def resources(stage: Stage) -> dict[str, Any]:
    """Return the topic, the address that hears of it (when given), and the alarms."""
    found: dict[str, Any] = {
        "Alarms": {
            "Type": "AWS::SNS::Topic",
            # No key: CloudWatch may not use AWS's own one for SNS, and an alarm names no person.
            "Properties": {"TopicName": f"{stage.stack}-alarms"},
        },
        "AlarmsByMail": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "HasAlarmEmail",
            "Properties": {
                "TopicArn": {"Ref": "Alarms"},
                "Protocol": "email",
                "Endpoint": {"Ref": "AlarmEmail"},
            },
        },
        "ChangesLateAlarm": _waiting("Look: changes wait too long in a table's stream.", OLDEST_CHANGE),
        "ChangesStuckAlarm": _waiting("Act now: changes have stood still for an hour.", STUCK_CHANGE),
        "ChangesFailedAlarm": _lying("Changes were given up on: docs/runbook.md.", "FailedChanges"),
        "MailsFailedAlarm": _lying("A mail to the company was given up on: docs/operator.md.", mailbox.QUEUE),
        "RunsFailedAlarm": _lying("A scheduled run was given up on: docs/runbook.md.", "FailedRuns"),
    }
    for name in functions():
        here = {"FunctionName": {"Ref": logical_id(name)}}
        found[f"{logical_id(name)}ErrorsAlarm"] = _alarm(f"{name} failed.", "AWS/Lambda", "Errors", here)
        found[f"{logical_id(name)}ThrottlesAlarm"] = _alarm(
            f"{name} was not let run: concurrency is used up.", "AWS/Lambda", "Throttles", here
        )
    for name in SCHEDULED:
        found[f"{logical_id(name)}MissedAlarm"] = _missed(name)
    for metric, meaning in OWN_METRICS.items():
        found[f"{metric}Alarm"] = _alarm(meaning, "Salestream", metric, {"service": stage.stack})
    return found


def _waiting(meaning: str, seconds: int) -> dict[str, Any]:
    return _alarm(
        meaning,
        "AWS/Lambda",
        "IteratorAge",
        {"FunctionName": {"Ref": logical_id(LISTENER)}},
        statistic="Maximum",
        above=seconds * 1000,  # IteratorAge counts in milliseconds
        periods=5,
    )


def _lying(meaning: str, queue: str) -> dict[str, Any]:
    return _alarm(
        meaning,
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": {"Fn::GetAtt": [queue, "QueueName"]}},
        statistic="Maximum",
    )


def _missed(function: str) -> dict[str, Any]:
    alarm = _alarm(
        f"{function} did not run in its time.",
        "AWS/Lambda",
        "Invocations",
        {"FunctionName": {"Ref": logical_id(function)}},
    )
    # A function that does not run sends nothing at all: silence is the alarm.
    alarm["Properties"] |= {
        "Period": _ONCE_IN[function],
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
    }
    return alarm


def _alarm(
    meaning: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, Any],
    *,
    statistic: str = "Sum",
    above: float = 0,
    periods: int = 1,
) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": meaning,
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": statistic,
            "Period": _MINUTE,
            "EvaluationPeriods": periods,
            "Threshold": above,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Alarms"}],
        },
    }
