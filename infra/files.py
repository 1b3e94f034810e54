"""The installation's private bucket: files on their way in, their reports, texts of contracts, quotes."""

from typing import Any, Final

from infra.stages import Stage

#: Days after which what was brought in is removed; the records it became stay.
KEPT_DAYS: Final = 30


def bucket_name(for_stage: Stage) -> dict[str, str]:
    """Return the bucket's name: unique in AWS by the account in it."""
    return {"Fn::Sub": f"{for_stage.stack}-files-${{AWS::AccountId}}"}


def objects(for_stage: Stage, *folders: str) -> list[dict[str, str]]:
    """Return the ARNs of what is in folders of the bucket."""
    bucket = f"arn:${{AWS::Partition}}:s3:::{for_stage.stack}-files-${{AWS::AccountId}}"
    return [{"Fn::Sub": f"{bucket}/{folder}/*"} for folder in folders]


def resource(for_stage: Stage) -> dict[str, Any]:
    """Return the bucket: private, encrypted; what was imported goes after thirty days."""
    kept = "Delete" if for_stage.local else "Retain"
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    by_s3 = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    expiry = {"Id": "imports", "Status": "Enabled", "Prefix": "imports/", "ExpirationInDays": KEPT_DAYS}
    return {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": kept,
        "UpdateReplacePolicy": kept,
        "Properties": {
            "BucketName": bucket_name(for_stage),
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [by_s3]},
            "PublicAccessBlockConfiguration": dict.fromkeys(closed, True),
            "LifecycleConfiguration": {"Rules": [expiry]},
        },
    }
