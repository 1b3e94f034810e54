"""Mails for tests: as they travel, and as they lie in the bucket that SES puts them into."""

from email.message import EmailMessage
from typing import Any, Final
from urllib.parse import quote_plus

import boto3

from tests.permissions import ACCOUNT

BUCKET: Final = f"salestream-test-mails-{ACCOUNT}"


def mail(text: str = "Please send an offer.", **headers: str) -> bytes:
    """A mail as it travels."""
    made = EmailMessage()
    told = {"From": "Li Lei <li@example.cn>", "Subject": "Offer", "Message-ID": "<1@example.cn>"}
    for name, value in (told | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    return made.as_bytes()


def arrived(key: str, raw: bytes | None) -> dict[str, Any]:
    """Put a mail into the bucket (or not) as SES does; return what S3 tells the function then."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    if raw is not None:
        s3.put_object(Bucket=BUCKET, Key=key, Body=raw)
    told = {"bucket": {"name": BUCKET}, "object": {"key": quote_plus(key)}}
    return {"Records": [{"eventName": "ObjectCreated:Put", "s3": told}]}
