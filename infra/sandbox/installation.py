"""The stack inside MiniStack: secret, package, CloudFormation."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from infra import secret, stack
from infra.package import Package, package
from infra.sandbox import gateway
from infra.sandbox.emulator import REGION
from infra.sandbox.progress import Progress
from infra.stages import LOCAL, stage

BUCKET: Final = "salestream-artifacts"


@dataclass(frozen=True, slots=True)
class Installation:
    """A deployed stack and where it answers."""

    cloud: stack.Cloud
    outputs: dict[str, str]

    @property
    def api(self) -> str:
        """The API's base address."""
        return f"{self.cloud.endpoint}/_aws/execute-api/{self.outputs['RestAPIId']}/v1"

    @property
    def outbox(self) -> str:
        """Where the mails can be read that SES would have sent."""
        return f"{self.cloud.endpoint}/_ministack/ses/messages"


def install(endpoint: str, progress: Progress) -> Installation:
    """Package the app and bring the stack in a MiniStack to it."""
    cloud, local = stack.Cloud(endpoint, REGION), stage(LOCAL)
    secret.ensure(cloud, local)
    _ensure_bucket(cloud)
    _ensure_sender(cloud, local.sender)
    with progress.step("packaging the app"):
        found = package(local)
    with progress.step("deploying it through CloudFormation"):
        parameters = {"Endpoint": endpoint, "ApiId": _api_id(found)}
        changed = stack.deploy(cloud, found, BUCKET, parameters, progress.say)
        outputs = stack.outputs(cloud, local.stack)
        if changed:
            gateway.complete(cloud, outputs["RestAPIId"], found)
    return Installation(cloud, outputs)


def _api_id(found: Package) -> str:
    # MiniStack replaces an API whose routes have changed, and the two need different ids.
    routes = found.template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return "salestream" + hashlib.sha256(json.dumps(routes).encode()).hexdigest()[:8]


def _ensure_bucket(cloud: stack.Cloud) -> None:
    try:
        cloud.client("s3").head_bucket(Bucket=BUCKET)
    except ClientError:
        cloud.client("s3").create_bucket(Bucket=BUCKET)


def _ensure_sender(cloud: stack.Cloud, sender: str) -> None:
    """Let SES send in the installation's name: it takes no mail of a sender that is not verified."""
    try:
        cloud.client("sesv2").create_email_identity(EmailIdentity=sender)
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "AlreadyExistsException":
            raise
