"""The stack inside MiniStack: secret, package, CloudFormation."""

from dataclasses import dataclass
from typing import Final

from botocore.exceptions import ClientError

from infra import secret, stack
from infra.package import package
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
    with progress.step("packaging the app"):
        found = package(local)
    with progress.step("deploying it through CloudFormation"):
        changed = stack.deploy(cloud, found, BUCKET, {"Endpoint": endpoint}, progress.say)
        outputs = stack.outputs(cloud, local.stack)
        if changed:
            gateway.complete(cloud, outputs["RestAPIId"], found)
    return Installation(cloud, outputs)


def _ensure_bucket(cloud: stack.Cloud) -> None:
    try:
        cloud.client("s3").head_bucket(Bucket=BUCKET)
    except ClientError:
        cloud.client("s3").create_bucket(Bucket=BUCKET)
