"""Keyed digests: one secret, one derived key for each purpose, so that no signature serves twice."""

import base64
import hashlib
import hmac
from functools import cache

from chalicelib.core.settings import secret


@cache
def _key(purpose: str) -> bytes:
    return hmac.new(secret(), purpose.encode(), hashlib.sha256).digest()


def digest(purpose: str, text: str) -> str:
    """Return the keyed digest of a text as 43 URL-safe characters."""
    mac = hmac.new(_key(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def sign(purpose: str, text: str) -> str:
    """Return the text with its signature: ``<base64 text>.<digest>``, safe in a URL."""
    body = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    return f"{body}.{digest(purpose, text)}"


def verified(purpose: str, signed: str) -> str | None:
    """Return the signed text, or None when the signature is not ours for this purpose."""
    body, _, signature = signed.partition(".")
    try:
        text = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        return None
    return text if hmac.compare_digest(signature.encode(), digest(purpose, text).encode()) else None
