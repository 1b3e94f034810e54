"""Lead ads of Meta's networks: a post has the number of a lead, and what somebody told is read by it."""

import hashlib
import hmac
import json
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from chalicelib.core import errors
from chalicelib.core.observe import count, log

#: Meta's API.
API: Final = "https://graph.facebook.com/v23.0"
#: How long it may take to answer, and the most bytes of an answer.
SECONDS: Final = 4
MOST: Final = 256 * 1024
#: What it answers when it may answer otherwise later.
_LATER: Final = 500
_TOO_MANY: Final = 429


def told(record: Any, *, token: str, secret: str) -> Any:
    """Return a post's record with what the lead of its number told, unless that stands in it already.

    `token` is the page's, `secret` the app's. Busy when Meta cannot be reached: it sends the post again.
    Invalid when it does not give the lead away.
    """
    number = str(record.get("leadgen_id", "")) if isinstance(record, dict) else ""
    if not number.isdecimal() or "field_data" in record:
        return record
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    asked = urlencode({"access_token": token, "appsecret_proof": proof})
    try:
        with urlopen(f"{API}/{number}?{asked}", timeout=SECONDS) as answer:  # noqa: S310 - one fixed host
            found = json.loads(answer.read(MOST))
    except HTTPError as refused:
        with refused:
            if refused.code < _LATER and refused.code != _TOO_MANY:
                raise errors.Invalid.one("leadgen_id", "network_refused", status=refused.code) from None
        raise _unread(refused.code) from None
    except (OSError, ValueError) as fault:
        raise _unread(type(fault).__name__) from None
    return {**record, **found} if isinstance(found, dict) else record


def _unread(why: Any) -> errors.SalesError:
    # Without the cause, whose text has the address and so the token.
    log.warning("a lead ad could not be read", reason=why)
    count("LeadAdsUnread")
    return errors.Busy()
