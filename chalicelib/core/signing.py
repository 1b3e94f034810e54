"""Keyed digests: one derived key for each purpose, so that no signature serves twice.

A `digest` finds again what is kept, and never changes; a signature passes, and its secret can be
replaced while older ones still hold.
"""

import base64
import hashlib
import hmac
from functools import cache
from typing import Any, Final

from chalicelib.core.settings import secrets

#: Seconds between two readings of the secrets because of a signature that is not ours.
SECRETS_REST: Final = 60


@cache
def _key(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def _digest(secret: bytes, purpose: str, text: str) -> str:
    mac = hmac.new(_key(secret, purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(purpose: str, text: str) -> str:
    """Return the keyed digest of a text as 43 URL-safe characters, the same for ever."""
    return _digest(secrets().look_up, purpose, text)


def seal(purpose: str, text: str) -> str:
    """Return a secret of somebody else's, encrypted for a table; `opened` gives it back."""
    sealed: str = _box(purpose).encrypt(text.encode()).decode()
    return sealed


def opened(purpose: str, sealed: str) -> str:
    """Return what was sealed for this purpose."""
    text: str = _box(purpose).decrypt(sealed.encode()).decode()
    return text


def _box(purpose: str) -> Any:
    from cryptography.fernet import Fernet  # heavy: only where another's secret is needed

    # A digest of 32 bytes is a key of Fernet's, but for the padding.
    return Fernet(digest("sealed", purpose) + "=")


def sign(purpose: str, text: str) -> str:
    """Return the text with its signature: ``<base64 text>.<digest>``, safe in a URL."""
    body = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    return f"{body}.{_digest(secrets().sign[0], purpose, text)}"


def verified(purpose: str, signed: str) -> str | None:
    """Return the signed text, or None when the signature is not ours for this purpose."""
    body, _, signature = signed.partition(".")
    try:
        text = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True).decode()
    except ValueError:
        return None
    # Perhaps it was signed with a secret that this process has not read yet.
    if _is_ours(secrets().sign, purpose, text, signature):
        return text
    return text if _is_ours(secrets(at_most=SECRETS_REST).sign, purpose, text, signature) else None


def _is_ours(accepted: tuple[bytes, ...], purpose: str, text: str, signature: str) -> bool:
    given = signature.encode()
    return any(hmac.compare_digest(given, _digest(each, purpose, text).encode()) for each in accepted)
