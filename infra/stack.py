"""A CloudFormation stack: uploads a package, creates or updates the stack, waits, tells its outputs.

The same code speaks to AWS and to MiniStack.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError
from botocore.session import get_session

from infra.package import Package

Say = Callable[[str], None]

#: What a stack may do without asking: make roles for its functions, and expand Chalice's SAM.
CAPABILITIES: Final = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_GONE: Final = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")


class DeploymentFailed(Exception):
    """The stack did not reach what was asked for; the message has the reasons."""


@dataclass
class Cloud:
    """Where to deploy: an account's region, or MiniStack at an address."""

    endpoint: str | None = None
    region: str | None = None
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a service's client, made once."""
        if service not in self._clients:
            options: dict[str, Any] = {"region_name": self.region, "endpoint_url": self.endpoint}
            if self.endpoint:
                options |= {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            self._clients[service] = get_session().create_client(service, **options)
        return self._clients[service]

    @property
    def region_name(self) -> str:
        """The region that clients speak to."""
        return str(self.client("cloudformation").meta.region_name)


def deploy(cloud: Cloud, package: Package, bucket: str, parameters: Mapping[str, str], say: Say) -> bool:
    """Bring a stack to what a package says; return whether anything changed.

    A parameter that is not given keeps its value. DeploymentFailed with the reasons.
    """
    name = package.stage.stack
    address = _upload(cloud, package, bucket)
    standing = status(cloud, name)
    if standing in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED"):
        raise DeploymentFailed(f"{name} was never created ({standing}): delete it and deploy again")
    request = {
        "StackName": name,
        "TemplateURL": address,
        "Capabilities": CAPABILITIES,
        "Parameters": _parameters(cloud, package, parameters, exists=standing is not None),
    }
    since = time.time()
    try:
        if standing is None:
            cloud.client("cloudformation").create_stack(**request)
        else:
            cloud.client("cloudformation").update_stack(**request)
    except ClientError as refused:
        if "No updates are to be performed" in str(refused):
            return False
        raise DeploymentFailed(str(refused)) from refused
    _wait(cloud, name, since, say)
    return True


def status(cloud: Cloud, name: str) -> str | None:
    """Return a stack's status, or None when there is no such stack."""
    try:
        [found] = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as refused:
        if "does not exist" in str(refused):
            return None
        raise
    return None if found["StackStatus"] in _GONE else str(found["StackStatus"])


def outputs(cloud: Cloud, name: str) -> dict[str, str]:
    """Return a stack's outputs by name."""
    [found] = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def _upload(cloud: Cloud, package: Package, bucket: str) -> str:
    """Upload what is not there yet, named for its content; return the template's address."""
    template = json.dumps(package.template, ensure_ascii=False)
    for path, artifact in package.artifacts.items():
        key = _put(cloud, bucket, artifact.name, artifact.read_bytes())
        template = template.replace(json.dumps(path), json.dumps(f"s3://{bucket}/{key}"))
    key = _put(cloud, bucket, "template.json", template.encode())
    if cloud.endpoint:
        return f"{cloud.endpoint}/{bucket}/{key}"
    location = cloud.client("s3").meta
    return f"https://{bucket}.s3.{location.region_name}.{_suffix(location.region_name)}/{key}"


def _suffix(region: str) -> str:
    return "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"


def _put(cloud: Cloud, bucket: str, name: str, content: bytes) -> str:
    key = f"{hashlib.sha256(content).hexdigest()[:32]}{Path(name).suffix}"
    try:
        cloud.client("s3").head_object(Bucket=bucket, Key=key)
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in ("404", "NoSuchKey", "NotFound"):
            raise
        cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    return key


def _parameters(
    cloud: Cloud, package: Package, given: Mapping[str, str], *, exists: bool
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"ParameterKey": name, "ParameterValue": value} for name, value in given.items()
    ]
    if exists:
        described = cloud.client("cloudformation").describe_stacks(StackName=package.stage.stack)
        standing = {each["ParameterKey"] for each in described["Stacks"][0].get("Parameters", [])}
        kept = (standing & package.template.get("Parameters", {}).keys()) - given.keys()
        found += [{"ParameterKey": name, "UsePreviousValue": True} for name in sorted(kept)]
    return found


def _wait(cloud: Cloud, name: str, since: float, say: Say) -> None:
    pause = 0.2 if cloud.endpoint else 5
    told: set[str] = set()
    while True:
        time.sleep(pause)
        now = status(cloud, name) or "DELETE_COMPLETE"
        for event in _events(cloud, name, since):
            if event["EventId"] not in told and event["ResourceStatus"].endswith("FAILED"):
                say(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'failed')}")
            told.add(event["EventId"])
        if not now.endswith("_IN_PROGRESS"):
            break
    if now not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        reasons = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in _events(cloud, name, since)
            if event["ResourceStatus"].endswith("FAILED")
        ]
        raise DeploymentFailed("\n".join([f"{name} is {now}", *reasons]))


def _events(cloud: Cloud, name: str, since: float) -> list[dict[str, Any]]:
    found = cloud.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    return [event for event in found if event["Timestamp"].timestamp() >= since - 5]
