"""The installation's private bucket: files on their way in, their reports, texts of contracts, quotes."""

from typing import Any, Final

from infra.stages import Stage

#: Days after which what was brought in is removed; the records it became stay.
KEPT_DAYS: Final = 30
#: How every bucket is: nothing in it is public, and S3 encrypts it.
CLOSED: Final = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)
ENCRYPTED: Final[dict[str, Any]] = {
    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
}


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
    expiry = {"Id": "imports", "Status": "Enabled", "Prefix": "imports/", "ExpirationInDays": KEPT_DAYS}
    return {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": kept,
        "UpdateReplacePolicy": kept,
        "Properties": {
            "BucketName": bucket_name(for_stage),
            "BucketEncryption": ENCRYPTED,
            "PublicAccessBlockConfiguration": CLOSED,
            "LifecycleConfiguration": {"Rules": [expiry]},
        },
    }
