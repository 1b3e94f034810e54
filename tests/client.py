"""Calling the app in a test, as somebody."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Self
from urllib.parse import urlencode

from chalicelib.core import auth
from chalicelib.core.access import Principal, Role
from chalicelib.core.endpoint import Endpoint
from tests import permissions

#: Somebody of each role. Rita and Rob are reps of team North, which Mia manages; Sam's is South.
ADMIN = Principal("user_00000000000000000000000ADM", Role.ADMIN, "Ada")
OPERATIONS = Principal("user_00000000000000000000000PSX", Role.OPERATIONS, "Olga")
NORTH, SOUTH = "team_00000000000000000000000NRT", "team_00000000000000000000000STH"
MANAGER = Principal(
    "user_00000000000000000000000MGR", Role.MANAGER, "Mia", frozenset({NORTH}), frozenset({NORTH})
)
REP = Principal("user_00000000000000000000000REP", Role.REP, "Rita 王丽", frozenset({NORTH}))
COLLEAGUE = Principal("user_00000000000000000000000RBX", Role.REP, "Rob", frozenset({NORTH}))
STRANGER = Principal("user_00000000000000000000000STR", Role.REP, "Sam", frozenset({SOUTH}))
FINANCE = Principal("user_00000000000000000000000FNC", Role.FINANCE, "Fay")
READ_ONLY = Principal("user_00000000000000000000000RDN", Role.READ_ONLY, "Ron")


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.text)

    @property
    def etag(self) -> str:
        """The version, as If-Match takes it."""
        return self.headers["etag"]


class Client:
    """Calls the app with the event that API Gateway sends; `by` stands for a valid token."""

    def __init__(self, app: Any) -> None:
        self.app = app

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Self]:
        """Open the door; import of the app is left to the first test that needs it."""
        from app import app  # heavy: the whole house

        yield cls(app)

    def get(self, path: str, **options: Any) -> Reply:
        """Call GET."""
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Reply:
        """Call POST with a JSON body."""
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Reply:
        """Call PATCH with a JSON body."""
        return self.call("PATCH", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Reply:
        """Call PUT with a JSON body."""
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        """Call DELETE."""
        return self.call("DELETE", path, **options)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: Principal | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        match: str | int | None = None,
        raw: bytes | None = None,
        address: str = "203.0.113.7",
    ) -> Reply:
        """Call a route. `match` becomes If-Match; `raw` is sent as it is instead of JSON."""
        resource, values = self._resource(method, path)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if match is not None:
            sent["If-Match"] = match if isinstance(match, str) else f'"{match}"'
        text = raw.decode("utf-8", "surrogateescape") if raw is not None else _text(body)
        context: dict[str, Any] = {
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": "request-1",
            "identity": {"sourceIp": address},
            "path": path,
        }
        needs_identity = self._endpoint_needs_identity(method, resource)
        if needs_identity and by is None:
            return Reply(401, {}, "")  # the gateway itself answers; the stack tests see it do so
        if by is not None and needs_identity:
            context["authorizer"] = auth.to_context(by)
        pairs = {name: str(value) for name, value in (query or {}).items()}
        event = {
            "resource": resource,
            "path": path,
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": pairs or None,
            "multiValueQueryStringParameters": {name: [value] for name, value in pairs.items()} or None,
            "pathParameters": values or None,
            "stageVariables": None,
            "requestContext": context,
            "body": text,
            "isBase64Encoded": False,
        }
        with permissions.acting_as("api_handler"):
            answer = self.app(event, Context())
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        return Reply(answer["statusCode"], headers, answer["body"])

    def _endpoint_needs_identity(self, method: str, resource: str) -> bool:
        route = self.app.routes[resource].get(method)
        return bool(route and route.authorizer)

    def _resource(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        parts = path.split("/")
        fits = []
        for pattern in _by_length(tuple(self.app.routes)).get(len(parts), ()):
            pairs = list(zip(pattern, parts, strict=True))
            if all(p == v or p.startswith("{") for p, v in pairs):
                fits.append((sum(p.startswith("{") for p in pattern), "/".join(pattern), pairs))
        if not fits:
            raise LookupError(f"no route for {method} {path}")
        _, resource, pairs = min(fits)
        return resource, {p[1:-1]: v for p, v in pairs if p.startswith("{")}


@cache
def _by_length(resources: tuple[str, ...]) -> dict[int, list[list[str]]]:
    """The parts of each path of the app, by how many they are."""
    found = defaultdict(list)
    for resource in resources:
        parts = resource.split("/")
        found[len(parts)].append(parts)
    return found


def _text(body: Any) -> str:
    return "" if body is None else json.dumps(body, ensure_ascii=False)


@dataclass
class Context:
    """What Lambda tells a function of its invocation."""

    function_name: str = "api_handler"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:api_handler"
    aws_request_id: str = "invocation-1"

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda's context has it."""
        return 29_000


__all__ = ["Client", "Context", "Endpoint", "Reply", "urlencode"]
