"""`make deploy STAGE=prod`: package the app, upload it, bring the stage's stack in AWS to it.

Uses the AWS credentials and the region of the environment. Safe to repeat; docs/operator.md says
what it makes, and what to do before and after the first time.
"""

import argparse
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from infra import secret, stack
from infra.package import BadPackage, lint, package
from infra.sandbox.progress import Progress
from infra.stages import LOCAL, Stage, UnknownStage, stage

#: Concurrent runs of an account from which on background work gets a share of its own.
ENOUGH_CONCURRENCY: Final = 500


def main() -> None:
    """Deploy the stage asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--stage", required=True, help="one of .chalice/config.json")
    asked.add_argument("--alarm-email", help="who gets the alarms by mail, from now on")
    given = asked.parse_args()
    try:
        deploy(_of_aws(given.stage), alarm_email=given.alarm_email)
    except (BadPackage, UnknownStage, stack.DeploymentFailed, ClientError, BotoCoreError) as wrong:
        raise SystemExit(f"deploy: {wrong}") from wrong


def _of_aws(name: str) -> Stage:
    if name == LOCAL:
        raise SystemExit("deploy: the stage 'local' is this machine's: make run")
    return stage(name)


def deploy(for_stage: Stage, *, alarm_email: str | None) -> None:
    """Bring a stage's stack in AWS to what the source says. DeploymentFailed with the reasons."""
    progress, cloud = Progress("deploy"), stack.Cloud()
    account = cloud.client("sts").get_caller_identity()["Account"]
    progress.say(f"{for_stage.stack} into account {account}, {cloud.region_name}")
    with progress.step("packaging the app"):
        found = package(for_stage)
    with progress.step("holding the template against cfn-lint"):
        lint(found)
    bucket = f"salestream-artifacts-{account}-{cloud.region_name}"
    with progress.step("making the secret and the artifact bucket, if they are missing"):
        secret.ensure(cloud, for_stage)
        ensure_bucket(cloud, bucket)
    parameters = {"AlarmEmail": alarm_email} if alarm_email else {}
    parameters["ReserveConcurrency"] = "yes" if has_concurrency_to_reserve(cloud) else "no"
    with progress.step("deploying through CloudFormation (a few minutes the first time)"):
        changed = stack.deploy(cloud, found, bucket, parameters, progress.say)
    progress.say("done" if changed else "nothing had changed")
    for name, value in stack.outputs(cloud, for_stage.stack).items():
        print(f"  {name:18} {value}")


def has_concurrency_to_reserve(cloud: stack.Cloud) -> bool:
    """Whether the account's functions may run so often at once that some of it can be kept apart.

    New accounts begin with ten, of which Lambda lets nobody reserve any.
    """
    most = cloud.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    return bool(most >= ENOUGH_CONCURRENCY)


def ensure_bucket(cloud: stack.Cloud, name: str) -> None:
    """Make the bucket for packages unless it is there: private and encrypted."""
    s3 = cloud.client("s3")
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        here = {"LocationConstraint": cloud.region_name}
        outside = {} if cloud.region_name == "us-east-1" else {"CreateBucketConfiguration": here}
        s3.create_bucket(Bucket=name, **outside)
    s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    by_s3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [by_s3]})


if __name__ == "__main__":
    main()
