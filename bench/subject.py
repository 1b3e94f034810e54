"""One process of `bench.cold`: import an app, answer one request, answer batches of more."""

import json
import sys
import time
from typing import Any

BATCHES, REQUESTS = 5, 200
HEADERS = {"x-amzn-RequestId": "1", "content-type": "application/x-amz-json-1.0"}
OPERATIONS = {
    "id": "user_00000000000000000000000PSX",
    "role": "OPERATIONS",
    "name": "Olga",
    "teams": "",
    "managed_teams": "",
    "scopes": "",
    "language": "en",
    "zone": "Asia/Shanghai",
}
CALENDAR = {"name": "上海", "zone": "Asia/Shanghai", "week": {"mon": [{"opens": "09:00", "closes": "18:00"}]}}


class Invocation:
    """What Lambda tells a function of its call."""

    function_name = "api_handler"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:api_handler"
    aws_request_id = "1"


def main() -> None:
    """Print the CPU seconds of each part as JSON."""
    start = time.process_time()
    import app  # heavy: its import is what is measured

    imported = time.process_time()
    can_answers()
    answer = ask(sys.argv[1], app.app)
    assert answer["statusCode"] in (200, 201, 202), answer
    first = time.process_time()
    warm = min(batch(app.app) for _ in range(BATCHES))
    figures = {"import": imported - start, "first": first - imported, "warm": warm}
    sys.stdout.write(json.dumps(figures) + "\n")


def batch(app: Any) -> float:
    """Return the CPU seconds of one request out of many; of several batches the least is the work itself.

    What else the machine does in the meantime can only add to a batch.
    """
    start = time.process_time()
    for _ in range(REQUESTS):
        ask(sys.argv[1], app)
    return (time.process_time() - start) / REQUESTS


def can_answers() -> None:
    """Answer every DynamoDB call before it is sent."""
    import botocore.awsrequest  # heavy: only here
    import botocore.httpsession  # heavy: only here

    headers: Any = HEADERS

    def send(self: Any, request: Any) -> Any:
        return botocore.awsrequest.AWSResponse(request.url, 200, headers, Raw())

    botocore.httpsession.URLLib3Session.send = send  # type: ignore[method-assign]


class Raw:
    """The body of the canned answer."""

    def stream(self, *_: Any, **__: Any) -> Any:
        """Yield the body once."""
        yield b"{}"


def ask(name: str, app: Any) -> Any:
    """Send one request that stores one business calendar."""
    return app(event("/calendars", CALENDAR, None if name == "bare" else OPERATIONS), Invocation())


def event(path: str, body: Any, who: Any) -> dict[str, Any]:
    """Return a request as API Gateway sends it."""
    context: dict[str, Any] = {"resourcePath": path, "httpMethod": "POST", "requestId": "1"}
    context |= {"identity": {"sourceIp": "203.0.113.7"}, "path": path}
    if who:
        context["authorizer"] = who
    headers = {"Content-Type": "application/json"}
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": context,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


if __name__ == "__main__":
    main()
