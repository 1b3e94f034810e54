"""Alarms: what somebody must be told of, all on one topic."""

from typing import Any, Final

from infra.policies import LISTENER
from infra.stages import Stage, functions, logical_id

#: The metrics of `chalicelib.core.observe` that are to stay at zero, and what each means.
OWN_METRICS: Final = {
    "Quarantined": "A change or a reaction can never succeed; it waits in quarantine with its body.",
    "AggregateDrift": "Aggregates still differed from the records after the nightly repair.",
    "SnapshotDrift": "The change log does not give the open deals of a day as they were.",
    "ReportsFailed": "A scheduled report ran and failed; its run in the ledger says why.",
    "ReportsMissed": "A scheduled report did not run in its time.",
    "DueGivenUp": "Due work that kept failing is no longer tried.",
    "DueFailed": "Something due (a reminder, an escalation, an expiry) failed and will be tried again.",
    "UnexpectedErrors": "A request failed for a reason that the code does not know.",
}
#: Seconds that a change may wait in a stream.
OLDEST_CHANGE: Final = 60

_MINUTE: Final = 60


def resources(stage: Stage) -> dict[str, Any]:
    """Return the topic, the address that hears of it (when given), and the alarms."""
    found: dict[str, Any] = {
        "Alarms": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": f"{stage.stack}-alarms", "KmsMasterKeyId": "alias/aws/sns"},
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
        "ChangesLateAlarm": _alarm(
            "Changes wait too long in a table's stream.",
            "AWS/Lambda",
            "IteratorAge",
            {"FunctionName": {"Ref": logical_id(LISTENER)}},
            statistic="Maximum",
            above=OLDEST_CHANGE * 1000,  # IteratorAge counts in milliseconds
            periods=5,
        ),
        "ChangesFailedAlarm": _alarm(
            "Changes were given up on: docs/operator.md tells how to feed them again.",
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": {"Fn::GetAtt": ["FailedChanges", "QueueName"]}},
            statistic="Maximum",
        ),
    }
    for name in functions():
        found[f"{logical_id(name)}ErrorsAlarm"] = _alarm(
            f"{name} failed.", "AWS/Lambda", "Errors", {"FunctionName": {"Ref": logical_id(name)}}
        )
    for metric, meaning in OWN_METRICS.items():
        found[f"{metric}Alarm"] = _alarm(meaning, "Salestream", metric, {"service": stage.stack})
    return found


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
