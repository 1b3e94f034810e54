"""The one door for requests: read, check, call the view, answer; every error becomes a problem.

routes = Room("products", prefix="/products")

@routes.post("", needs="products:configure", body=NewProduct, answers=ProductView, status=201)
def add_product(call: Call[NewProduct, NoQuery]) -> Answer:
    '''Add a product to the catalogue.'''
    product = service.add_product(call.body, by=call.who)
    return created(product)
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import unquote

from chalice.app import Request, Response

from chalicelib.core import access, auth, cursor, errors, i18n, parsing, problem
from chalicelib.core.endpoint import IDEMPOTENCY_KEY, IF_MATCH, ORDINARY_BODY, Call, Endpoint
from chalicelib.core.observe import count, log
from chalicelib.core.repeating import once
from chalicelib.core.responding import response, scope, wanted
from chalicelib.core.shapes import NoQuery, Shape, View
from chalicelib.core.table import Record

Headers = dict[str, str | list[str]]
V = TypeVar("V", bound=Callable[..., Any])

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
_VERSION = re.compile(IF_MATCH)
_KEY = re.compile(IDEMPOTENCY_KEY)


class Room:
    """A domain's routes under one prefix. `endpoints` is what the OpenAPI document is made of."""

    def __init__(self, name: str, *, prefix: str) -> None:
        self.name = name
        self.prefix = prefix
        self.endpoints: list[Endpoint] = []

    def get(self, path: str, **promise: Any) -> Callable[[V], V]:
        """Register a view that reads."""
        return self._endpoint("GET", path, **promise)

    def post(self, path: str, **promise: Any) -> Callable[[V], V]:
        """Register a view that creates or acts; `Idempotency-Key` is honoured."""
        return self._endpoint("POST", path, **promise)

    def patch(self, path: str, **promise: Any) -> Callable[[V], V]:
        """Register a view that changes a record; needs If-Match."""
        return self._endpoint("PATCH", path, if_match=True, **promise)

    def put(self, path: str, **promise: Any) -> Callable[[V], V]:
        """Register a view that replaces a record; needs If-Match."""
        return self._endpoint("PUT", path, if_match=True, **promise)

    def delete(self, path: str, **promise: Any) -> Callable[[V], V]:
        """Register a view that voids a record; needs If-Match."""
        return self._endpoint("DELETE", path, if_match=True, **promise)

    def _endpoint(
        self,
        method: str,
        path: str,
        *,
        needs: str | None,
        body: type[Shape] | None = None,
        query: type[Shape] = NoQuery,
        answers: type[View] | None = None,
        listed: bool = False,
        status: int = 200,
        if_match: bool = False,
        form: bool = False,
        most: int = ORDINARY_BODY,
        media: str = "application/json",
        lenient_query: bool = False,
        also: Mapping[int, str] | None = None,
        secret: bool = False,
        resumes: bool = False,
        places: str | None = None,
    ) -> Callable[[V], V]:
        def register(view: V) -> V:
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=self.prefix + path,
                    name=f"{self.name}.{view.__name__}",
                    view=view,
                    summary=(view.__doc__ or "").strip(),
                    needs=needs,
                    body=body,
                    query=query,
                    answers=answers,
                    listed=listed,
                    status=status,
                    if_match=if_match,
                    form=form,
                    most=most,
                    media=media,
                    lenient_query=lenient_query,
                    also=also or {},
                    secret=secret,
                    resumes=resumes,
                    places=places or self.prefix + path,
                )
            )
            return view

        return register


def serve(endpoint: Endpoint, request: Request, path_values: Mapping[str, str]) -> Response:
    """Serve one request of an endpoint. Every error becomes a problem document."""
    headers = request.headers
    language = i18n.preferred(headers.get("accept-language"))
    request_id = str(request.context.get("requestId", ""))
    try:
        who = auth.principal(request.context.get("authorizer")) if not endpoint.public else access.SYSTEM
        log.append_keys(endpoint=endpoint.name, who=who.id, request_id=request_id)
        if endpoint.needs:
            access.require(who, endpoint.needs)
        if not headers.get("accept-language") and who.language:
            language = who.language
        key = _key(endpoint, headers.get("idempotency-key"))
        named = {name: unquote(value) for name, value in path_values.items()}
        call = _call(endpoint, request, named, who=who, language=language, request_id=request_id)
        act = partial(_answered, endpoint, named=named)
        answer = once(endpoint, call, act, key, _same(endpoint, named, request)) if key else act(call)
    except errors.SalesError as error:
        answer = refusal(error, language, request_id)
    except Exception:
        log.exception("unexpected error")
        count("UnexpectedErrors")
        members = problem.document(500, "unexpected", language, request_id)
        answer = Response(problem.body(members), {"Content-Type": problem.MEDIA_TYPE}, 500)
    answer.headers = {**SECURITY_HEADERS, "X-Request-Id": request_id, **answer.headers}
    return answer


def _key(endpoint: Endpoint, given: str | None) -> str | None:
    if not endpoint.repeatable or given is None:
        return None
    if not _KEY.fullmatch(given):
        raise errors.Invalid.one("Idempotency-Key", "idempotency_key")
    return given


def _call(endpoint: Endpoint, request: Request, named: Mapping[str, str], **known: Any) -> Call[Any, Any]:
    headers = request.headers
    query = _query(endpoint, request.query_params or {})
    place = scope(endpoint, query, named, known["who"]) if "cursor" in endpoint.query.model_fields else ""
    body, raw = None, b""
    if endpoint.body is not None:
        raw = _raw(request)
        body = parsing.read_body(
            endpoint.body,
            raw,
            headers.get("content-type", "application/json"),
            most=endpoint.most,
            form=endpoint.form,
        )
    return Call(
        body=body,
        query=query,
        version=_version(endpoint, headers.get("if-match")),
        after=_after(query, place),
        scope=place,
        headers=headers,
        raw=raw,
        address=str((request.context.get("identity") or {}).get("sourceIp", "")),
        **known,
    )


def _query(endpoint: Endpoint, given: Mapping[str, str]) -> Any:
    values = {name: given[name] for name in given}
    if endpoint.lenient_query:
        values = {name: value for name, value in values.items() if name in endpoint.query.model_fields}
    query = parsing.checked(endpoint.query, values)
    wanted(endpoint, query)  # before anything is done: a refused request stores nothing
    return query


def _raw(request: Request) -> bytes:
    try:
        body = request.raw_body
    except UnicodeEncodeError as cause:  # what was sent was no UTF-8
        raise errors.Invalid.one("", "json") from cause
    return body if isinstance(body, bytes) else body.encode()


def _version(endpoint: Endpoint, if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        if endpoint.if_match and if_match is None:
            raise errors.PreconditionNeeded
        return None
    matched = _VERSION.fullmatch(if_match.strip())
    if matched is None:
        raise errors.Invalid.one("If-Match", "if_match")
    return int(matched[1])


def _after(query: Any, place: str) -> dict[str, Any] | None:
    given = getattr(query, "cursor", None)
    return cursor.decode(given, scope=place) if given else None


def _answered(endpoint: Endpoint, call: Call[Any, Any], named: Mapping[str, str]) -> Response:
    try:
        return response(endpoint, call, endpoint.view(call, **named))
    except errors.AlreadyExists as taken:
        raise _discreet(taken, endpoint, call.who) from taken


def _discreet(taken: errors.AlreadyExists, endpoint: Endpoint, who: access.Principal) -> errors.AlreadyExists:
    """Return the error without the holder's id, unless the caller may see the holder."""
    holder = Record.anywhere(taken.holder) if taken.holder and not endpoint.public else None
    if holder is not None and access.reaches(who, holder):
        return taken
    return errors.AlreadyExists(taken.code, **taken.values)


def _same(endpoint: Endpoint, named: Mapping[str, str], request: Request) -> str:
    """Return everything that makes two requests the same."""
    return json.dumps([endpoint.name, sorted(named.items()), _raw(request).decode("utf-8", "replace")])


def refusal(error: errors.SalesError, language: str, request_id: str) -> Response:
    """Return an error as a response."""
    headers: Headers = {"Content-Type": problem.MEDIA_TYPE}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.retry_after)
    members = problem.problem(error, language, request_id)
    return Response(problem.body(members), headers, problem.status_of(error))
