"""The OpenAPI 3.1 document, made from the endpoints and their shapes: it cannot differ from them."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.core.endpoint import IDEMPOTENCY_KEY, IF_MATCH, Endpoint

_REF: Final = "#/components/schemas/{model}"
#: A place for an id in a path.
_PLACE: Final = re.compile(r"{(\w+)}")
_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "holder": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": _REF.format(model="FieldError")}},
        "missing": {"type": "array", "items": {"$ref": _REF.format(model="FieldError")}},
    },
}
_FIELD_ERROR: Final = {
    "type": "object",
    "required": ["field", "code", "message"],
    "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
}
#: Which refusals a route can give, by what it has.
_ALWAYS: Final = (400, 404, 429, 500, 503)
_MEANING: Final = {
    400: "The input is not valid; every field is named",
    401: "No valid identity",
    403: "The role does not allow it",
    404: "Not there, or not yours",
    409: "The record's state does not allow it",
    412: "Somebody changed the record meanwhile",
    413: "The body is too large, or the record would be",
    415: "The media type is not read here",
    428: "If-Match is missing",
    429: "A limit is reached; Retry-After says when to come back",
    500: "Something went wrong on our side",
    503: "Busy for a moment; try again",
}


def document(endpoints: Iterable[Endpoint], *, title: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI document of endpoints."""
    told = list(endpoints)
    shapes, definitions = _schemas(told)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in told:
        paths.setdefault(endpoint.path or "/", {})[endpoint.method.lower()] = _operation(endpoint, shapes)
    schemas = {**definitions, "Problem": _PROBLEM, "FieldError": _FIELD_ERROR}
    bearer = {
        "type": "http",
        "scheme": "bearer",
        "description": "A JWT of the company's issuer, or an API key.",
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": {"bearer": bearer}},
    }


Shapes = dict[tuple[type[BaseModel], str], dict[str, Any]]


def _schemas(endpoints: list[Endpoint]) -> tuple[Shapes, dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], Any], None] = {}
    for endpoint in endpoints:
        wanted[endpoint.query, "validation"] = None
        if endpoint.body is not None:
            wanted[endpoint.body, "validation"] = None
        if endpoint.answers is not None:
            wanted[endpoint.answers, "serialization"] = None
    made, definitions = models_json_schema(list(wanted), ref_template=_REF)
    return dict(made), definitions.get("$defs", {})  # type: ignore[arg-type]


def _operation(endpoint: Endpoint, shapes: Shapes) -> dict[str, Any]:
    area = endpoint.name.partition(".")[0]
    summary, _, description = endpoint.summary.partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": endpoint.name.replace(".", "_"),
        "tags": [area],
        "summary": " ".join(summary.split()),
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint.query), *_headers(endpoint)],
        "responses": _responses(endpoint, shapes),
        "security": [] if endpoint.public else [{"bearer": []}],
    }
    if description:
        operation["description"] = " ".join(description.split())
    if endpoint.needs:
        operation["x-permission"] = endpoint.needs
    if endpoint.body is not None:
        content = {"application/json": {"schema": shapes[endpoint.body, "validation"]}}
        if endpoint.form:
            content["application/x-www-form-urlencoded"] = content["application/json"]
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = _PLACE.findall(endpoint.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


@cache  # most routes share one of a few
def _query_parameters(query: type[BaseModel]) -> tuple[dict[str, Any], ...]:
    schema = query.model_json_schema(ref_template=_REF)
    needed = set(schema.get("required", ()))
    return tuple(
        {"name": name, "in": "query", "required": name in needed, "schema": _inlined(member, schema)}
        for name, member in schema.get("properties", {}).items()
    )


def _inlined(member: Any, schema: dict[str, Any]) -> Any:
    if isinstance(member, dict):
        if "$ref" in member:
            return _inlined(schema["$defs"][member["$ref"].rpartition("/")[2]], schema)
        return {name: _inlined(inner, schema) for name, inner in member.items()}
    return [_inlined(inner, schema) for inner in member] if isinstance(member, list) else member


def _headers(endpoint: Endpoint) -> list[dict[str, Any]]:
    headers = [_header("Accept-Language")]
    if endpoint.if_match:
        headers.append(_header("If-Match", rf"^(\*|{IF_MATCH})$", required=True))
    if endpoint.repeatable:
        headers.append(_header("Idempotency-Key", f"^{IDEMPOTENCY_KEY}$"))
    return headers


def _header(name: str, pattern: str | None = None, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string"} | ({"pattern": pattern} if pattern else {})
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _responses(endpoint: Endpoint, shapes: Shapes) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if endpoint.media != "application/json":
        content[endpoint.media] = {"schema": {"type": "string"}}
    if endpoint.answers is not None:
        schema = shapes[endpoint.answers, "serialization"]
        content["application/json"] = {"schema": _listed(schema) if endpoint.listed else schema}
    answered: dict[str, Any] = {"description": "Done"} | ({"content": content} if content else {})
    refusals = {status: _MEANING[status] for status in _refusals(endpoint)}
    further = {
        str(status): _refused(meaning) if status >= 400 else {"description": meaning}
        for status, meaning in (refusals | dict(endpoint.also)).items()
    }
    return {str(endpoint.status): answered, **further}


def _refused(meaning: str) -> dict[str, Any]:
    problem = {"$ref": _REF.format(model="Problem")}
    return {"description": meaning, "content": {"application/problem+json": {"schema": problem}}}


def _listed(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": schema},
            "next": {"type": ["string", "null"]},
        },
    }


def _refusals(endpoint: Endpoint) -> list[int]:
    found = set(_ALWAYS)
    if not endpoint.public:
        found |= {401, 403}
    if endpoint.method != "GET":
        found |= {409, 412, 413}
    if endpoint.body is not None:
        found.add(415)
    if endpoint.if_match:
        found.add(428)
    return sorted(found)
