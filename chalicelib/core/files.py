"""Files: what is too large for a record, in the installation's private bucket."""

from functools import cache
from typing import IO, Any, Final

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from chalicelib.core.settings import settings

#: How long a link to put or get a file holds, in seconds.
LINK_SECONDS: Final = 900


@cache
def _client() -> Any:
    # Path style: the one form of address that every S3-compatible store understands.
    config = Config(
        signature_version="s3v4", s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=10
    )
    return get_session().create_client("s3", config=config)


def link_to_put(key: str, *, size: int) -> str:
    """Return an address to which exactly `size` bytes can be PUT within 15 minutes."""
    where = {"Bucket": settings().files, "Key": key, "ContentLength": size}
    return str(_client().generate_presigned_url("put_object", Params=where, ExpiresIn=LINK_SECONDS))


def link_to_get(key: str, *, name: str) -> str:
    """Return an address from which a file can be got, under a name, within 15 minutes."""
    saved_as = f'attachment; filename="{name}"'
    where = {"Bucket": settings().files, "Key": key, "ResponseContentDisposition": saved_as}
    return str(_client().generate_presigned_url("get_object", Params=where, ExpiresIn=LINK_SECONDS))


def size(key: str) -> int | None:
    """Return how many bytes a file has, or None when there is none."""
    try:
        return int(_client().head_object(Bucket=settings().files, Key=key)["ContentLength"])
    except ClientError as refused:
        # Without the right to list a bucket, S3 says 403 of a file that is not there.
        if refused.response["Error"]["Code"] in ("403", "404", "NoSuchKey"):
            return None
        raise


def read(key: str, *, start: int = 0, length: int | None = None, bucket: str | None = None) -> bytes:
    """Return a file's bytes, or a range of them; from the installation's bucket unless another is named."""
    where = {"Bucket": bucket or settings().files, "Key": key}
    if length is not None:
        where["Range"] = f"bytes={start}-{start + length - 1}"
    body: bytes = _client().get_object(**where)["Body"].read()
    return body


def write(key: str, content: bytes | IO[bytes], *, media: str) -> None:
    """Write a whole file, from memory or from an open file; writing it again replaces it."""
    _client().put_object(Bucket=settings().files, Key=key, Body=content, ContentType=media)


def forget() -> None:
    """Drop the client, which keeps the address that it was made with (tests)."""
    _client.cache_clear()
