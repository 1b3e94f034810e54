"""Wrong requests, made from the list of routes: whatever is added to it is asked the same questions."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from chalicelib import house
from chalicelib.core import about, i18n, ids, problem
from chalicelib.core.access import Principal, Role
from chalicelib.core.endpoint import Endpoint
from chalicelib.core.table import client as dynamodb
from tests.client import ADMIN, Client, Reply

#: Somebody with a valid key that opens nothing.
NOBODY: Final = Principal("api_key_00000000000000000000000NBD", Role.INTEGRATION, "Nobody")
#: Part of an id; no record has it.
MISSING: Final = "00000000000000000000000N0T"

#: Every kind of record there is.
KINDS: Final = sorted({model.kind for model in house.records()})
#: A value that each named text accepts; other texts take any word.
_WORDS: Final = {
    "currency": "CNY",
    "email": "a@example.com",
    "zone": "Asia/Shanghai",
    "language": "en",
    "code": "a",
    "first_month": "2026-01",
    "last_month": "2026-02",
    "month": "2026-01",
    "product_ids": f"product_{MISSING}",
    "opens": "09:00",
    "closes": "18:00",
    "amount": "1.00",
}

#: What is no whole number, and no yes or no, though it looks like one.
_OTHER_KINDS: Final[dict[str, tuple[Any, ...]]] = {
    "integer": ("7", 7.0, 7.5, True, "seven"),
    "boolean": ("true", 1, 0, "no", "on"),
}

#: Routes and the problems that they were seen to answer in each language.
_seen: Final[set[tuple[str, str, str]]] = set()


class Ungated(Client):
    """A client that comes past the gateway: nobody has asked for its token."""

    def _endpoint_needs_identity(self, method: str, resource: str) -> bool:
        return False


def endpoints() -> list[Endpoint]:
    """Every route there is."""
    rooms = house.rooms()
    return [each for room in (*rooms, about.room(lambda: rooms)) for each in room.endpoints]


def name_of(endpoint: Endpoint) -> str:
    """How a test names a route: as a client calls it."""
    return f"{endpoint.method} {endpoint.path or '/'}"


def path_of(endpoint: Endpoint, item_id: str = f"lead_{MISSING}") -> str:
    """The route's path with an id in each place."""
    parts = (item_id if part.startswith("{") else part for part in endpoint.path.split("/"))
    return "/".join(parts) or "/"


def send(client: Client, endpoint: Endpoint, path: str = "", **options: Any) -> Reply:
    """Call a route as an administrator who saw version 1, with the least body that it takes."""
    sent = {"by": ADMIN, "match": 1 if endpoint.if_match else None, **options}
    if endpoint.body is not None and "body" not in sent and "raw" not in sent:
        sent["body"] = least(endpoint.body)
    if "body" in sent:
        sent["raw"] = json.dumps(sent.pop("body")).encode()
    return client.call(endpoint.method, path or path_of(endpoint), **sent)


def refused(client: Client, endpoint: Endpoint, path: str = "", **options: Any) -> dict[str, Any]:
    """Send a request; the problem it is answered with, as the catalogue words it.

    A problem that this route was not seen to answer before is asked for in the other languages too.
    """
    headers = options.pop("headers", {})
    asked = {"headers": headers, **options}
    first, *others = i18n.LANGUAGES
    told = _refused_in(first, client, endpoint, path, **asked)
    same = _without_words(told)
    problem_seen = (endpoint.method, endpoint.path, json.dumps(same, sort_keys=True))
    if problem_seen not in _seen:
        for language in others:
            assert _without_words(_refused_in(language, client, endpoint, path, **asked)) == same
        _seen.add(problem_seen)
    return told


def _refused_in(
    language: str, client: Client, endpoint: Endpoint, path: str, *, headers: dict[str, str], **options: Any
) -> dict[str, Any]:
    reply = send(client, endpoint, path, headers={**headers, "Accept-Language": language}, **options)
    assert 400 <= reply.status < 500, (language, reply.status, reply.text[:500])
    assert reply.headers["content-type"] == problem.MEDIA_TYPE
    reply.text.encode()  # what cannot be sent would fail only at the gateway
    _worded(reply.json, reply.status, language)
    told: dict[str, Any] = reply.json
    return told


def _worded(told: dict[str, Any], status: int, language: str) -> None:
    key = f"problem.{told['code']}"
    assert told["status"] == status
    assert told["type"] == f"/problems/{told['code']}"
    assert i18n.has(f"{key}.title"), key
    assert told["title"] == i18n.text(f"{key}.title", language)
    for wrong in told.get("errors", []):
        assert i18n.has(f"error.{wrong['code']}"), wrong
        if language == "zh-CN":
            assert any("\u4e00" <= char <= "\u9fff" for char in wrong["message"]), wrong


def _without_words(told: Any) -> Any:
    if isinstance(told, dict):
        return {k: _without_words(v) for k, v in told.items() if k not in ("title", "detail", "message")}
    return [_without_words(each) for each in told] if isinstance(told, list) else told


def wrong_fields(told: dict[str, Any]) -> set[str]:
    """The fields that a problem names."""
    return {wrong["field"] for wrong in told["errors"]}


class Ledger:
    """What the tables held at first. They are counted again only when something tried to write."""

    def __init__(self) -> None:
        self.held = stored()
        self.tried: list[str] = []

    @classmethod
    @contextmanager
    def kept(cls) -> Iterator["Ledger"]:
        """Watch every call to the tables."""
        ledger = cls()
        events = dynamodb().meta.events
        events.register("before-call.dynamodb", ledger._see)
        yield ledger
        events.unregister("before-call.dynamodb", ledger._see)

    def _see(self, model: Any, **_: Any) -> None:
        if model.name not in ("GetItem", "BatchGetItem", "Query", "Scan", "ListTables"):
            self.tried.append(model.name)

    def check(self) -> None:
        """Fail when any table holds more or less than at first."""
        if self.tried:
            self.tried.clear()
            assert stored() == self.held


def stored() -> dict[str, int]:
    """How many items each table holds, counted one by one."""
    counts = {}
    for table in dynamodb().list_tables()["TableNames"]:
        pages = dynamodb().get_paginator("scan").paginate(TableName=table, Select="COUNT")
        counts[table] = sum(page["Count"] for page in pages)
    return counts


def least(shape: type[BaseModel]) -> dict[str, Any]:
    """The least body that a shape takes, made from its schema."""
    schema = _schema(shape)
    return dict(_least("", schema, schema.get("$defs", {})))


@cache
def _schema(shape: type[BaseModel]) -> dict[str, Any]:
    return shape.model_json_schema()


def _least(name: str, schema: dict[str, Any], others: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _least(name, others[schema["$ref"].rpartition("/")[2]], others)
    if choices := schema.get("anyOf") or schema.get("allOf"):
        return _least(name, choices[0], others)
    if "enum" in schema or "const" in schema:
        return schema.get("enum", [schema.get("const")])[0]
    kind = schema.get("type", "object")
    if kind == "object":
        return _object(schema, others)
    if kind == "array":
        return [_least(name, schema["items"], others)] * schema.get("minItems", 0)
    if kind == "string":
        return _word(name, schema)
    return {"boolean": True, "null": None}.get(kind, max(1, schema.get("minimum", 1)))


def _object(schema: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties", {})
    found = {name: _least(name, properties[name], others) for name in schema.get("required", ())}
    for at in range(len(found), schema.get("minProperties", 0)):
        found[f"a{at}"] = _least("", schema["additionalProperties"], others)
    return found


def _word(name: str, schema: dict[str, Any]) -> str:
    if schema.get("pattern") == ids.PATTERN:
        return f"user_{MISSING}"
    formats = {"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z"}
    return formats.get(schema.get("format", "")) or _WORDS.get(name, "word")


def mistyped(shape: type[BaseModel]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies with one number or yes/no as a value of another kind, and the path of that field."""
    schema = _schema(shape)
    return _mistyped("", schema, schema.get("$defs", {}))


def _mistyped(name: str, schema: dict[str, Any], others: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if "$ref" in schema:
        schema = others[schema["$ref"].rpartition("/")[2]]
    choices = schema.get("anyOf", ())
    if any(choice.get("type") == "string" for choice in choices):
        return  # takes texts too
    for choice in choices:
        yield from _mistyped(name, choice, others)
    kind = schema.get("type")
    if kind in _OTHER_KINDS and "const" not in schema:
        yield from (("", value) for value in _OTHER_KINDS[kind])
    elif kind == "array":
        yield from ((f"0.{path}", [value]) for path, value in _mistyped(name, schema["items"], others))
    elif kind == "object":
        rest = _object(schema, others)
        for field, member in schema.get("properties", {}).items():
            for path, value in _mistyped(field, member, others):
                yield f"{field}.{path}", {**rest, field: value}


def fields_of(shape: type[BaseModel]) -> Iterator[str]:
    """The names under which a shape takes its fields."""
    for name, field in shape.model_fields.items():
        yield field.alias or name


__all__ = ["ADMIN", "NOBODY", "Reply", "Ungated"]
