"""Deploying to AWS, against an AWS of the test's own."""

import json
import subprocess
import sys

import pytest
from moto import mock_aws

from infra import deploy, secret
from infra.stack import Cloud
from infra.stages import ROOT, stage


def test_the_artifact_bucket_is_private_and_encrypted() -> None:
    with mock_aws():
        cloud = Cloud(region="eu-central-1")
        for _ in range(2):
            deploy.ensure_bucket(cloud, "salestream-artifacts-test")

        s3 = cloud.client("s3")
        access = s3.get_public_access_block(Bucket="salestream-artifacts-test")
        encryption = s3.get_bucket_encryption(Bucket="salestream-artifacts-test")

    assert all(access["PublicAccessBlockConfiguration"].values())
    [rule] = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_the_secret_is_made_once_and_never_again() -> None:
    with mock_aws():
        cloud = Cloud(region="eu-central-1")
        made = [secret.ensure(cloud, stage("prod")) for _ in range(2)]

        kept = cloud.client("ssm").get_parameter(Name="/salestream/prod/secret", WithDecryption=True)

    assert made == [True, False]
    assert kept["Parameter"]["Type"] == "SecureString"
    assert len(kept["Parameter"]["Value"]) >= 64


@pytest.mark.parametrize(("name", "said"), [("produciton", "no stage"), ("local", "make run")])
def test_a_stage_that_is_none_of_aws_is_refused(name: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.deploy", "--stage", name],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode != 0
    assert said in done.stderr


def test_a_secret_is_rotated_with_an_overlap_of_a_day() -> None:
    with mock_aws():
        cloud, prod = Cloud(region="eu-central-1"), stage("prod")
        secret.ensure(cloud, prod)
        first = value(cloud)
        assert secret.rotate(cloud, prod) == 2

        with pytest.raises(secret.TooEarly):
            secret.retire(cloud, prod)
        assert secret.retire(cloud, prod, now=True) == 1

        kept = json.loads(value(cloud))
    assert kept["look_up"] == first
    assert first not in kept["sign"]


def value(cloud: Cloud) -> str:
    found = cloud.client("ssm").get_parameter(Name="/salestream/prod/secret", WithDecryption=True)
    return str(found["Parameter"]["Value"])
