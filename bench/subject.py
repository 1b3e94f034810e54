"""One process of `bench.cold`: import an app, answer one request, answer three hundred more."""

import json
import sys
import time
from typing import Any

WARM = 300
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
BODY = {"id": "P1", "code": "P1", "name": "Press", "price": 12, "currency": "CNY"}


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
    for _ in range(WARM):
        ask(sys.argv[1], app.app)
    warm = time.process_time()
    figures = {"import": imported - start, "first": first - imported, "warm": (warm - first) / WARM}
    sys.stdout.write(json.dumps(figures) + "\n")


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
    """Send one request that stores one item."""
    if name == "bare":
        return app(event("/products", "/products", {}, BODY, None), Invocation())
    return app(event("/calendars", "/calendars", {}, CALENDAR, OPERATIONS), Invocation())


def event(resource: str, path: str, values: dict[str, str], body: Any, who: Any) -> dict[str, Any]:
    """Return a request as API Gateway sends it."""
    context: dict[str, Any] = {"resourcePath": resource, "httpMethod": "POST", "requestId": "1"}
    context |= {"identity": {"sourceIp": "203.0.113.7"}, "path": path}
    if who:
        context["authorizer"] = who
    headers = {"Content-Type": "application/json"}
    return {
        "resource": resource,
        "path": path,
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": values or None,
        "stageVariables": None,
        "requestContext": context,
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


if __name__ == "__main__":
    main()
