"""The front gate: what API Gateway itself answers, in the shape and with the headers of our own answers."""

import json
from typing import Any, Final

from chalicelib.core import i18n, problem
from chalicelib.core.web import SECURITY_HEADERS

#: Requests a second, and how many at once on top, before the gateway answers 429.
RATE, BURST = 200, 400
#: The bytes that API Gateway takes.
MOST_BYTES = 10 * 1024 * 1024

#: What the gateway refuses: its name for it, our status, our code.
REFUSALS: Final = (
    ("DEFAULT_4XX", None, "refused"),
    ("DEFAULT_5XX", None, "unexpected"),
    ("UNAUTHORIZED", 401, "unauthenticated"),
    ("ACCESS_DENIED", 403, "forbidden"),
    # The gateway's way to say that there is no such path.
    ("MISSING_AUTHENTICATION_TOKEN", 404, "not_found"),
    ("REQUEST_TOO_LARGE", 413, "too_large"),
    ("THROTTLED", 429, "too_many"),
)


def api_properties(*, local: bool) -> dict[str, Any]:
    """Return what the REST API gets beside Chalice's routes."""
    properties: dict[str, Any] = {
        "GatewayResponses": {name: _refusal(status, code) for name, status, code in REFUSALS},
        "MethodSettings": [
            {
                "ResourcePath": "/*",
                "HttpMethod": "*",
                "MetricsEnabled": True,
                "ThrottlingRateLimit": RATE,
                "ThrottlingBurstLimit": BURST,
            }
        ],
    }
    if local:
        # MiniStack gives an API the id of this tag, so that its address is known beforehand.
        properties |= {"Tags": {"ms-custom-id": {"Ref": "ApiId"}}, "PropagateTags": True}
    return properties


def _refusal(status: int | None, code: str) -> dict[str, Any]:
    headers = {
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Expose-Headers": "'X-Request-Id,Retry-After'",
        "Content-Type": f"'{problem.MEDIA_TYPE}'",
        "X-Request-Id": "context.requestId",
        **{name: f"'{value}'" for name, value in SECURITY_HEADERS.items()},
    }
    answer: dict[str, Any] = {
        "ResponseParameters": {"Headers": headers},
        "ResponseTemplates": {"application/json": _document(status, code)},
    }
    return answer | ({"StatusCode": str(status)} if status else {})


def _document(status: int | None, code: str) -> str:
    # The gateway cannot choose by Accept-Language, so it speaks all of them.
    members = problem.document(status or 0, code, "en", "$context.requestId")
    for part in ("title", "detail"):
        key = f"problem.{code}.{part}"
        said = [i18n.text(key, language, limit=MOST_BYTES) for language in i18n.LANGUAGES]
        members[part] = " / ".join(said)
    if status is None:
        del members["status"]
    return json.dumps(members, ensure_ascii=False)
