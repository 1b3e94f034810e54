"""Answers of DynamoDB made up for a test, as they come over the wire."""

import json
import random
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def answer(request: Any, status: int, body: Any) -> AWSResponse:
    """Return an answer to a request."""
    headers: Any = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-requestid": "injected"}
    return AWSResponse(request.url, status, headers, _Raw(json.dumps(body).encode()))


def refused(request: Any, code: str, *, reasons: Sequence[str] = ()) -> AWSResponse:
    """Return an error; `reasons` are those of a cancelled transaction, action by action."""
    body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "injected"}
    if reasons:
        body["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return answer(request, 400, body)


def held_back(request: Any, dice: random.Random) -> dict[str, Any]:
    """Take half of a batch, at least one, out of a request; return it as RequestItems."""
    asked = json.loads(request.body)
    left: dict[str, Any] = {}
    for name, found in asked["RequestItems"].items():
        parts = _parts(found)
        dice.shuffle(parts)
        half = (len(parts) + 1) // 2
        taken, parts[:] = parts[:half], parts[half:]
        left[name] = taken if found is parts else {**found, "Keys": taken}
    kept = {n: f for n, f in asked["RequestItems"].items() if _parts(f)}
    request.body = json.dumps({**asked, "RequestItems": kept}).encode() if kept else b""
    request.headers["Content-Length"] = str(len(request.body))
    return left


def _parts(found: Any) -> list[Any]:
    parts: list[Any] = found if isinstance(found, list) else found["Keys"]
    return parts


def with_left_over(request: Any, sent: Any, operation: str, left: dict[str, Any]) -> AWSResponse:
    """Return the answer to what was sent, saying what was left over."""
    body = json.loads(sent.content) if sent else {}
    name = "UnprocessedKeys" if operation == "BatchGetItem" else "UnprocessedItems"
    if operation == "BatchGetItem":
        body.setdefault("Responses", {})
    return answer(request, 200, {**body, name: left})
