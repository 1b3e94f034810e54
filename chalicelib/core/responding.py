"""What a view answers, as a response: in the shape its route promises, with the fields asked for."""

import json
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.core import access, cursor, errors
from chalicelib.core.endpoint import Answer, Call, Endpoint
from chalicelib.core.shapes import View
from chalicelib.core.table import Page, Record


def response(endpoint: Endpoint, call: Call[Any, Any], result: Any) -> Response:
    """Return what a view answered as a response; a record brings its version along (ETag)."""
    answer = result if isinstance(result, Answer) else Answer(result, endpoint.status)
    headers: dict[str, str | list[str]] = {"Content-Type": endpoint.media, **answer.headers}
    if answer.is_new:
        headers["Location"] = f"{endpoint.places}/{answer.value.id}"
    if isinstance(answer.value, Record):
        headers["ETag"] = f'"{answer.value.version}"'
    return Response(_body(endpoint, call, answer.value), headers, answer.status)


def _body(endpoint: Endpoint, call: Call[Any, Any], value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if endpoint.answers is None:
        raise TypeError(f"{endpoint.name} answers something but promises nothing")
    shape, fields = endpoint.answers, wanted(endpoint, call.query)
    if not isinstance(value, Page):
        return _view(shape, value, fields, call.language)
    after = cursor.encode(value.after, scope=call.scope) if value.after else None
    items = ",".join(_view(shape, item, fields, call.language) for item in value.items)
    return f'{{"items":[{items}],"next":{json.dumps(after)}}}'


def scope(endpoint: Endpoint, query: Any, named: Mapping[str, str], who: access.Principal) -> str:
    """Return which list, of which record, is asked for by whom: a cursor is a place in this one only."""
    asked = query.model_dump(mode="json", exclude={"limit", "cursor", "fields"}, exclude_none=True)
    return json.dumps([endpoint.name, dict(named), who.id, asked], sort_keys=True)


def wanted(endpoint: Endpoint, query: Any) -> set[str] | None:
    """Return the fields asked for, None for all. Invalid for those that the route does not have."""
    fields = getattr(query, "fields", None)
    if not fields:
        return None
    known = set(endpoint.answers.model_fields) if endpoint.answers else set()
    asked = {name.strip() for name in fields.split(",")}
    if unknown := asked - known:
        raise errors.Invalid.one("fields", "unknown_fields", names=", ".join(sorted(unknown))[:200])
    return asked | ({"id"} & known)


def _view(shape: type[View], value: Any, fields: set[str] | None, language: str) -> str:
    seen = value if isinstance(value, shape) else shape.model_validate(value, context={"language": language})
    return seen.model_dump_json(include=fields)
