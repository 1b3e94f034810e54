"""Each function's policy in a test: whatever its entry point asks of AWS must be allowed.

A botocore hook notes every call that is made while a function's entry point runs, and holds it
against the statements of `infra.policies` as IAM would. A call without a permission fails the
test that made it, whatever the product does about the error.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

from botocore import handlers
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from infra import policies
from infra.stages import Stage
from infra.tables import logical_table_id, table_properties

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
STAGE: Final = Stage("test", {})

#: An action of IAM and the ARN it is about.
Call = tuple[str, str]

#: Every call that each function has made so far in this process.
seen: defaultdict[str, set[Call]] = defaultdict(set)
#: Calls that their function's policy does not allow, of tests and of what they stand on.
denied: list[tuple[str, Call]] = []

_acting: ContextVar[str | None] = ContextVar("function", default=None)
#: A transaction needs the permission of each of its parts.
_PARTS: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """Hold every call made inside against the policy of a function."""
    token = _acting.set(function)
    try:
        yield
    finally:
        _acting.reset(token)


def install() -> None:
    """Have every botocore client made from now on tell its calls."""
    handlers.BUILTIN_HANDLERS.append(("provide-client-params", _note))


def denials() -> list[tuple[str, Call]]:
    """Return what was denied since this was asked last."""
    found = [*denied]
    denied.clear()
    return found


def _note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
    function = _acting.get()
    if function is None:
        return
    for call in calls(model.service_model.service_name, model.name, params):
        if call not in seen[function]:
            seen[function].add(call)
            if not allowed(function, call):
                denied.append((function, call))


def calls(service: str, operation: str, params: Mapping[str, Any]) -> list[Call]:
    """Return what a request asks of IAM. KeyError for a service or operation that is not known here."""
    return {"dynamodb": _of_tables, "s3": _of_files, "ssm": _of_parameters, "sesv2": _of_mail}[service](
        operation, params
    )


def _of_tables(operation: str, params: Mapping[str, Any]) -> list[Call]:
    if "TransactItems" in params:
        parts = [part for each in params["TransactItems"] for part in each.items()]
        return [(f"dynamodb:{_PARTS[kind]}", table_arn(part["TableName"])) for kind, part in parts]
    if "RequestItems" in params:
        return [(f"dynamodb:{operation}", table_arn(name)) for name in params["RequestItems"]]
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    return [(f"dynamodb:{operation}", table_arn(params["TableName"]) + index)]


def _of_files(operation: str, params: Mapping[str, Any]) -> list[Call]:
    action = {"GetObject": "GetObject", "HeadObject": "GetObject", "PutObject": "PutObject"}[operation]
    return [(f"s3:{action}", f"arn:aws:s3:::{params['Bucket']}/{params['Key']}")]


def _of_parameters(operation: str, params: Mapping[str, Any]) -> list[Call]:
    return [(f"ssm:{operation}", arn("ssm", "parameter" + params["Name"]))]


def _of_mail(operation: str, params: Mapping[str, Any]) -> list[Call]:
    sender = arn("ses", f"identity/{params['FromEmailAddress']}")
    raw = "SendRawEmail" if "Raw" in params["Content"] else operation
    return [(f"ses:{each}", sender) for each in sorted({operation, raw})]


def arn(service: str, resource: str) -> str:
    """Return the ARN of something in the account and region of the tests."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def table_arn(name: str) -> str:
    """Return the ARN of a table."""
    return arn("dynamodb", f"table/{name}")


def allowed(function: str, call: Call) -> bool:
    """Whether the policies that a function is packaged with allow a call."""
    return decide(documents(function), call)


def decide(documents: list[dict[str, Any]], call: Call) -> bool:
    """Whether policies allow a call, as IAM evaluates them."""
    action, resource = call
    asked = EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/test/test",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=REGION,
        source_ip="127.0.0.1",
        secure_transport=True,
    )
    parsed = [parse_policy_document(document) for document in documents]
    return bool(evaluate(asked, parsed).decision == "Allow")


@cache
def documents(function: str) -> list[dict[str, Any]]:
    """Return the policies of a function, resolved."""
    tables = table_properties()
    own = policies.policy(function, STAGE, tables)
    shared = policies.shared(tables).values() if policies.is_of_the_business(function) else ()
    written = [own, *(each["Properties"]["PolicyDocument"] for each in shared)]
    return [resolved(document) for document in written]


def resolved(document: Any) -> Any:
    """Return a policy as CloudFormation makes it: every reference an ARN of the tests' account."""
    if isinstance(document, list):
        return [resolved(each) for each in document]
    if not isinstance(document, dict):
        return document
    if "Fn::GetAtt" in document:
        return _attribute(*document["Fn::GetAtt"])
    if "Fn::Sub" in document:
        return _substituted(document["Fn::Sub"])
    return {name: resolved(value) for name, value in document.items()}


def _attribute(resource: str, name: str) -> str:
    if resource in _tables():
        return table_arn(_tables()[resource]) + ("/stream/now" if name == "StreamArn" else "")
    return arn("sqs", f"{STAGE.stack}-{resource}")


def _substituted(text: str) -> str:
    known = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
    known |= {f"{resource}.Arn": table_arn(name) for resource, name in _tables().items()}
    for name, value in known.items():
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text, text
    return text


@cache
def _tables() -> dict[str, str]:
    return {logical_table_id(name): name for name in table_properties()}
