"""The customer's link: signed, of one version of one quote, taken back at will, over after a time."""

import hmac
import secrets
from datetime import timedelta
from typing import Final

from chalicelib.core import clock, errors
from chalicelib.core.settings import settings
from chalicelib.core.signing import sign, verified
from chalicelib.sales.quotes.models import QuoteVersion

#: For so long after its last day a quote can be looked at, no longer accepted.
LOOKED_AT: Final = timedelta(days=60)
_PURPOSE: Final = "quote-link"


def fresh() -> str:
    """Return what a new link is signed for; the links before it hold no more."""
    return secrets.token_urlsafe(32)


def token(version: QuoteVersion) -> str:
    """Return the token of a version's link. Conflict when there is none."""
    if not version.link:
        raise errors.Conflict("no_link")
    return sign(_PURPOSE, f"{version.id}|{version.link}")


def address(version: QuoteVersion) -> str:
    """Return where the customer finds a version: below the installation's site, if that is set."""
    return f"{settings().site}/q/{token(version)}"


def opened(text: str) -> QuoteVersion:
    """Return the version of a token. NotFound unless the link holds: told like one that never was."""
    version_id, _, nonce = (verified(_PURPOSE, text) or "").partition("|")
    found = QuoteVersion.find(version_id)
    if found is None or not found.link or not hmac.compare_digest(found.link, nonce):
        raise errors.NotFound
    if clock.today() > found.valid_until + LOOKED_AT:
        raise errors.NotFound
    return found
