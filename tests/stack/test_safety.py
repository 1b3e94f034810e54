"""The rules of a safe template: what goes to AWS keeps them, what breaks one is refused."""

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest

from infra import mailbox, safety
from infra.deploy import ENOUGH_CONCURRENCY, has_concurrency_to_reserve
from infra.stages import Stage
from tests.stack.reading import of_type

Change = Callable[[dict[str, Any]], None]
LEADS, EVENT = "LeadsTable", "TableChangesDynamodbEventSource"


def properties(template: dict[str, Any], name: str) -> Any:
    return template["Resources"][name]["Properties"]


def put(name: str, setting: str, value: Any) -> Change:
    return lambda template: properties(template, name).update({setting: value})


def drop(name: str, setting: str) -> Change:
    def without(template: dict[str, Any]) -> None:
        del properties(template, name)[setting]

    return without


def gone(name: str) -> Change:
    def without(template: dict[str, Any]) -> None:
        del template["Resources"][name]

    return without


def event(setting: str, value: Any) -> Change:
    return lambda t: properties(t, "TableChanges")["Events"][EVENT]["Properties"].update({setting: value})


def schedule_without_queue(template: dict[str, Any]) -> None:
    del properties(template, "Nightly")["Events"]["NightlyEvent"]["Properties"]["DeadLetterConfig"]


def stream_nobody_reads(template: dict[str, Any]) -> None:
    del properties(template, "TableChanges")["Events"][EVENT]


def statement(**parts: Any) -> Change:
    def widened(template: dict[str, Any]) -> None:
        document = properties(template, "ApiHandlerRole")["Policies"][0]["PolicyDocument"]
        document["Statement"][-1].update(parts)

    return widened


def with_files(verb: str, place: str) -> Change:
    where = {"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::salestream-prod-files-{place}"}
    return statement(Action=[f"s3:{verb}Object"], Resource=where)


def one_role_for_two(template: dict[str, Any]) -> None:
    properties(template, "Authorizer")["Role"] = properties(template, "APIHandler")["Role"]


def anybodys_mails(template: dict[str, Any]) -> None:
    template["Resources"] |= mailbox.resources(Stage("prod", {"SALESTREAM_MAIL_IN": "leads@example.com"}))
    del properties(template, "MailsBySes")["PolicyDocument"]["Statement"][0]["Condition"]


def kept_no_more(name: str) -> Change:
    return lambda template: template["Resources"][name].update({"DeletionPolicy": "Delete"})


def alarm_of_nobody(template: dict[str, Any]) -> None:
    properties(template, "AggregateDriftAlarm")["AlarmActions"] = []


#: What somebody could do to the template, by the rule that refuses it.
BREAKING: Final[list[tuple[str, Change]]] = [
    ("tables_are_hard_to_lose", drop(LEADS, "PointInTimeRecoverySpecification")),
    ("tables_are_hard_to_lose", put(LEADS, "DeletionProtectionEnabled", False)),
    ("tables_are_hard_to_lose", drop("GuardsTable", "SSESpecification")),
    ("tables_are_hard_to_lose", put("LedgerTable", "BillingMode", "PROVISIONED")),
    *(("tables_are_hard_to_lose", kept_no_more(name)) for name in (LEADS, "Files", "Users")),
    ("files_are_private", drop("Files", "PublicAccessBlockConfiguration")),
    ("files_are_private", drop("Files", "BucketEncryption")),
    ("files_are_private", anybodys_mails),
    *(("every_stream_is_read_once", event(setting, None)) for setting in safety.READING),
    ("every_stream_is_read_once", event("StartingPosition", "LATEST")),
    ("every_stream_is_read_once", event("DestinationConfig", {})),
    ("every_stream_is_read_once", stream_nobody_reads),
    ("what_runs_by_itself_fails_loudly", drop("Nightly", "EventInvokeConfig")),
    ("what_runs_by_itself_fails_loudly", put("EveryMinute", "EventInvokeConfig", {})),
    ("what_runs_by_itself_fails_loudly", schedule_without_queue),
    ("what_runs_by_itself_fails_loudly", drop("InboundMail", "EventInvokeConfig")),
    ("queues_wait_for_somebody", put("FailedChanges", "MessageRetentionPeriod", 345_600)),
    ("queues_wait_for_somebody", drop("FailedRuns", "SqsManagedSseEnabled")),
    ("functions_have_limits_in_order", put("APIHandler", "Timeout", 29)),
    ("functions_have_limits_in_order", put("Authorizer", "Timeout", 10)),
    ("functions_have_limits_in_order", put("Nightly", "Architectures", ["x86_64"])),
    ("functions_have_limits_in_order", drop("NightlyLogGroup", "RetentionInDays")),
    ("functions_have_limits_in_order", gone("AuthorizerLogGroup")),
    ("background_work_keeps_its_share", drop("TableChanges", "ReservedConcurrentExecutions")),
    ("roles_are_apart_and_narrow", statement(Resource="*")),
    ("roles_are_apart_and_narrow", statement(Action=["dynamodb:*"])),
    ("roles_are_apart_and_narrow", statement(Resource="arn:aws:dynamodb:*:*:table/*")),
    ("roles_are_apart_and_narrow", statement(Resource=[{"Fn::Sub": "${LeadsTable.Arn}/index/*"}])),
    ("roles_are_apart_and_narrow", statement(Resource={"Fn::Join": ["/", ["arn:aws:s3:::files", "*"]]})),
    ("roles_are_apart_and_narrow", with_files("Put", "${AWS::AccountId}/*")),
    ("roles_are_apart_and_narrow", with_files("Put", "*/imports/*")),
    ("roles_are_apart_and_narrow", with_files("Delete", "${AWS::AccountId}/imports/*")),
    ("roles_are_apart_and_narrow", statement(NotAction=["dynamodb:DeleteTable"])),
    ("roles_are_apart_and_narrow", one_role_for_two),
    ("the_api_is_regional_and_throttled", put("RestAPI", "EndpointConfiguration", {"Type": "EDGE"})),
    ("the_api_is_regional_and_throttled", put("RestAPI", "MethodSettings", [])),
    *(("somebody_is_told", gone(name)) for name in safety.SOUNDING),
    ("somebody_is_told", alarm_of_nobody),
    ("somebody_is_told", put("Alarms", "KmsMasterKeyId", "alias/aws/sns")),
    ("every_function_is_watched", gone("TableChangesErrorsAlarm")),
    ("every_function_is_watched", gone("APIHandlerThrottlesAlarm")),
    ("every_function_is_watched", gone("NightlyMissedAlarm")),
    ("every_function_is_watched", gone("EveryMinuteMissedAlarm")),
]  # fmt: skip


def test_what_goes_to_aws_breaks_no_rule(template: dict[str, Any]) -> None:
    assert safety.broken(template) == []


@pytest.mark.parametrize(("rule", "breaking"), BREAKING)
def test_a_template_that_breaks_a_rule_is_refused(
    template: dict[str, Any], rule: str, breaking: Change
) -> None:
    changed = copy.deepcopy(template)
    breaking(changed)

    assert rule in {each.partition(":")[0] for each in safety.broken(changed)}


def test_every_rule_has_been_seen_to_refuse() -> None:
    assert {rule for rule, _ in BREAKING} == {rule.__name__ for rule in safety.RULES}


def test_a_silent_schedule_is_an_alarm(template: dict[str, Any]) -> None:
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    watched = {name: each["Properties"] for name, each in alarms.items()}
    missed = {name: each for name, each in watched.items() if each["MetricName"] == "Invocations"}

    assert {name: each["Period"] for name, each in missed.items()} == {
        "EveryMinuteMissedAlarm": 300,
        "NightlyMissedAlarm": 86_400,
    }
    for each in missed.values():
        assert (each["ComparisonOperator"], each["Threshold"]) == ("LessThanThreshold", 1)
        assert each["TreatMissingData"] == "breaching"


@pytest.mark.parametrize(("most", "reserves"), [(10, False), (ENOUGH_CONCURRENCY, True)])
def test_a_new_account_has_no_concurrency_to_keep_apart(most: int, reserves: bool) -> None:
    class Account:
        def client(self, service: str) -> Any:
            return self

        def get_account_settings(self) -> dict[str, Any]:
            return {"AccountLimit": {"ConcurrentExecutions": most}}

    account: Any = Account()
    assert has_concurrency_to_reserve(account) is reserves
