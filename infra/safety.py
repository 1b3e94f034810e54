"""What must be true of every template that goes to AWS, said as rules; `package` refuses one that breaks any.

A rule reads the packaged template and yields a sentence for each thing that is wrong.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from chalicelib.core.table import CONNECT_SECONDS, READ_SECONDS, RETRIES
from infra import mailbox, policies
from infra.alarms import OWN_METRICS
from infra.stages import functions, logical_id

Template = Mapping[str, Any]
Rule = Callable[[Template], Iterator[str]]

#: Seconds after which API Gateway stops waiting.
GATEWAY: Final = 29
#: What API Gateway waits for.
ANSWERING: Final = ("APIHandler",)
#: Of each event source: what production needs and Chalice cannot say (defaults would block a stream).
READING: Final[Mapping[str, Any]] = {
    "StartingPosition": "TRIM_HORIZON",
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 10,
    "MaximumRecordAgeInSeconds": 21_600,
    "MaximumBatchingWindowInSeconds": 1,
    "BatchSize": 100,
}
FOURTEEN_DAYS: Final = 14 * 24 * 3600
FOLDERS: Final = tuple(f"/{folder}/*" for folders in policies.FILERS.values() for folder in folders)
#: What a resource may end in, by the actions on it, where AWS has no name to give yet; it has no other ``*``.
ENDLESS: Final[Mapping[str, tuple[str, ...]]] = {
    # The log is named; Lambda names its streams as they come.
    "logs:CreateLogStream": (":log-stream:*",),
    "logs:PutLogEvents": (":log-stream:*",),
    # The table is named; a listing is of streams that are still to be told of.
    "dynamodb:ListStreams": ("Table.Arn}/stream/*",),
    # Bucket and folder are named; files get their names as they are written.
    "s3:GetObject": (*FOLDERS, f"/{mailbox.FOLDER}*"),
    "s3:PutObject": FOLDERS,
    # X-Ray has no resource to name.
    "xray:PutTelemetryRecords": ("*",),
    "xray:PutTraceSegments": ("*",),
}
#: The alarms that are not of one function.
SOUNDING: Final = (
    "ChangesLateAlarm",
    "ChangesStuckAlarm",
    "ChangesFailedAlarm",
    "RunsFailedAlarm",
    "MailsFailedAlarm",
    *(f"{metric}Alarm" for metric in OWN_METRICS),
)


def broken(template: Template) -> list[str]:
    """Return everything that is wrong with a template, by rule."""
    return [f"{rule.__name__}: {wrong}" for rule in RULES for wrong in rule(template)]


def tables_are_hard_to_lose(template: Template) -> Iterator[str]:
    """On demand, encrypted, recoverable to any second, protected, and kept when the stack goes."""
    wanted = {
        "BillingMode": "PAY_PER_REQUEST",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
        "DeletionProtectionEnabled": True,
    }
    for name, table in _of(template, "AWS::DynamoDB::Table"):
        for setting, value in wanted.items():
            if table["Properties"].get(setting) != value:
                yield f"{name} has {setting} {table['Properties'].get(setting)!r}"
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"):
        for name, kept in _of(template, kind):
            if (kept.get("DeletionPolicy"), kept.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
                yield f"{name} goes with the stack"


def files_are_private(template: Template) -> Iterator[str]:
    """Buckets are closed to the public and to other accounts, and encrypted."""
    for name, bucket in _of(template, "AWS::S3::Bucket"):
        closed = bucket["Properties"].get("PublicAccessBlockConfiguration", {})
        if sorted(closed.values()) != [True] * 4:
            yield f"{name} is open"
        if "BucketEncryption" not in bucket["Properties"]:
            yield f"{name} is not encrypted"
    for name, policy in _of(template, "AWS::S3::BucketPolicy"):
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            asked = statement.get("Condition", {}).get("StringEquals", {})
            if statement["Effect"] == "Allow" and "aws:SourceAccount" not in asked:
                yield f"{name} lets other accounts in"


def every_stream_is_read_once(template: Template) -> Iterator[str]:
    """Each streamed table has one event source, with all that keeps a bad record from blocking it."""
    all_tables = _of(template, "AWS::DynamoDB::Table")
    streamed = [name for name, table in all_tables if "StreamSpecification" in table["Properties"]]
    read = []
    for function, each in _of(template, "AWS::Serverless::Function"):
        for name, event in each["Properties"].get("Events", {}).items():
            if event["Type"] != "DynamoDB":
                continue
            properties = event["Properties"]
            read.append(properties["Stream"]["Fn::GetAtt"][0])
            for setting, value in READING.items():
                if properties.get(setting) != value:
                    yield f"{function}.{name} has {setting} {properties.get(setting)!r}"
            yield from _leads_to_a_queue(template, f"{function}.{name}", properties.get("DestinationConfig"))
    if sorted(read) != sorted(streamed):
        yield f"streams {sorted(streamed)} are read by event sources of {sorted(read)}"


def what_runs_by_itself_fails_loudly(template: Template) -> Iterator[str]:
    """A run by the clock or by a mail that fails, or that could not even be started, ends in a queue."""
    for function, each in _of(template, "AWS::Serverless::Function"):
        scheduled = [e for e in each["Properties"].get("Events", {}).values() if e["Type"] == "Schedule"]
        if not scheduled and function != logical_id(mailbox.READER):
            continue
        invoked = each["Properties"].get("EventInvokeConfig", {})
        yield from _leads_to_a_queue(template, function, invoked.get("DestinationConfig"))
        if "MaximumRetryAttempts" not in invoked or "MaximumEventAgeInSeconds" not in invoked:
            yield f"{function} is tried again without an end"
        for event in scheduled:
            target = event["Properties"].get("DeadLetterConfig", {}).get("Arn", {}).get("Fn::GetAtt", [""])
            if target[0] not in dict(_of(template, "AWS::SQS::Queue")):
                yield f"the schedule of {function} has no queue for what it could not start"


def queues_wait_for_somebody(template: Template) -> Iterator[str]:
    """What failed is kept encrypted, as long as SQS can."""
    for name, queue in _of(template, "AWS::SQS::Queue"):
        if queue["Properties"].get("MessageRetentionPeriod") != FOURTEEN_DAYS:
            yield f"{name} forgets before fourteen days"
        if queue["Properties"].get("SqsManagedSseEnabled") is not True:
            yield f"{name} is not encrypted"


def functions_have_limits_in_order(template: Template) -> Iterator[str]:
    """All tries of the SDK end before the function does, and that before the gateway; arm64; a log each."""
    kept = {
        group["Properties"]["LogGroupName"]: group["Properties"].get("RetentionInDays")
        for _, group in _of(template, "AWS::Logs::LogGroup")
    }
    slowest = (CONNECT_SECONDS + READ_SECONDS) * (1 + RETRIES)
    for name, each in _of(template, "AWS::Serverless::Function"):
        properties = each["Properties"]
        if not slowest < properties["Timeout"]:
            yield f"{name} ends after {properties['Timeout']} s, the SDK's tries after {slowest} s"
        if name in ANSWERING and not properties["Timeout"] < GATEWAY:
            yield f"{name} ends after {properties['Timeout']} s, the gateway after {GATEWAY} s"
        if properties.get("Architectures") != ["arm64"]:
            yield f"{name} runs on {properties.get('Architectures')}"
        if not kept.get(f"/aws/lambda/{properties['FunctionName']}"):
            yield f"the log of {name} has no retention"


def background_work_keeps_its_share(template: Template) -> Iterator[str]:
    """A flood of requests cannot take all of the account's concurrency: the rest has its own."""
    for name, each in _of(template, "AWS::Serverless::Function"):
        if (
            each["Properties"].get("Events")
            and each["Properties"].get("ReservedConcurrentExecutions") is None
        ):
            yield f"{name} has no concurrency of its own"


def roles_are_apart_and_narrow(template: Template) -> Iterator[str]:
    """Each function has a role of its own, and no statement has a ``*`` where AWS knows a name."""
    roles = [json.dumps(each["Properties"]["Role"]) for _, each in _of(template, "AWS::Serverless::Function")]
    if len(set(roles)) != len(roles):
        yield "functions share a role"
    for name, document in _documents(template):
        for statement in document["Statement"]:
            yield from (f"{name} allows {wide}" for wide in _wide(statement))


def _wide(statement: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a statement says with a ``*``, or by what it leaves out, and need not."""
    if inverted := [name for name in statement if name.startswith("Not")]:
        yield f"all but what {inverted} says"
    for action in _listed(statement.get("Action", [])):
        if "*" in action:
            yield action
        for resource in _listed(statement.get("Resource", [])):
            text = resource if isinstance(resource, str) else resource.get("Fn::Sub") or json.dumps(resource)
            is_endless = text.count("*") == 1 and text.endswith(ENDLESS.get(action, ()))
            if "*" in text and not is_endless:
                yield f"{action} on {text}"


def the_api_is_regional_and_throttled(template: Template) -> Iterator[str]:
    """The endpoint is Regional, and every method has a limit."""
    for name, api in _of(template, "AWS::Serverless::Api"):
        if api["Properties"].get("EndpointConfiguration") not in ("REGIONAL", {"Type": "REGIONAL"}):
            yield f"{name} is {api['Properties'].get('EndpointConfiguration')}"
        settings = api["Properties"].get("MethodSettings", [])
        limits = [each for each in settings if (each["ResourcePath"], each["HttpMethod"]) == ("/*", "*")]
        if not any("ThrottlingRateLimit" in each and "ThrottlingBurstLimit" in each for each in limits):
            yield f"{name} takes any number of requests"


def somebody_is_told(template: Template) -> Iterator[str]:
    """Every alarm there is to be is there, sounds the topic, and CloudWatch can publish on that."""
    found = dict(_of(template, "AWS::CloudWatch::Alarm"))
    if missing := sorted(set(SOUNDING) - set(found)):
        yield f"no alarm {missing}"
    for name, alarm in found.items():
        if alarm["Properties"].get("AlarmActions") != [{"Ref": "Alarms"}]:
            yield f"{name} tells nobody"
    for name, topic in _of(template, "AWS::SNS::Topic"):
        if topic["Properties"].get("KmsMasterKeyId") == "alias/aws/sns":
            yield f"{name} has a key that CloudWatch may not use: its alarms would never arrive"


def every_function_is_watched(template: Template) -> Iterator[str]:
    """Errors and throttles of each function sound; so do the schedules that do not run."""
    watched = {
        (each["Properties"]["MetricName"], json.dumps(each["Properties"]["Dimensions"]))
        for _, each in _of(template, "AWS::CloudWatch::Alarm")
    }
    for name in map(logical_id, functions()):
        here = json.dumps([{"Name": "FunctionName", "Value": {"Ref": name}}])
        events = template["Resources"][name]["Properties"].get("Events", {}).values()
        metrics = ["Errors", "Throttles"]
        if any(event["Type"] == "Schedule" for event in events):
            metrics.append("Invocations")
        for metric in metrics:
            if (metric, here) not in watched:
                yield f"nobody watches {metric} of {name}"


RULES: Final[tuple[Rule, ...]] = (
    tables_are_hard_to_lose,
    files_are_private,
    every_stream_is_read_once,
    what_runs_by_itself_fails_loudly,
    queues_wait_for_somebody,
    functions_have_limits_in_order,
    background_work_keeps_its_share,
    roles_are_apart_and_narrow,
    the_api_is_regional_and_throttled,
    somebody_is_told,
    every_function_is_watched,
)


def _of(template: Template, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, each) for name, each in template["Resources"].items() if each["Type"] == kind)


def _documents(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, role in _of(template, "AWS::IAM::Role"):
        for policy in role["Properties"].get("Policies", []):
            yield name, policy["PolicyDocument"]
    for name, policy in _of(template, "AWS::IAM::ManagedPolicy"):
        yield name, policy["Properties"]["PolicyDocument"]


def _leads_to_a_queue(template: Template, name: str, destinations: Any) -> Iterator[str]:
    failed = (destinations or {}).get("OnFailure", {})
    queue = failed.get("Destination", {}).get("Fn::GetAtt", [""])[0]
    if failed.get("Type") != "SQS" or queue not in dict(_of(template, "AWS::SQS::Queue")):
        yield f"{name} has no queue for what fails"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
