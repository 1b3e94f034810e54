"""The document and the routes are one thing."""

import re
from typing import Any

from openapi_spec_validator import validate

from app import app
from chalicelib import house
from tests.client import REP, Client


def _document(client: Client) -> dict[str, Any]:
    reply = client.get("/openapi.json")
    assert reply.status == 200, reply.text
    told: dict[str, Any] = reply.json
    return told


def test_the_document_is_valid_openapi_3_1(client: Client) -> None:
    validate(_document(client))


def test_the_document_names_every_route_that_is_served_and_no_other(client: Client) -> None:
    told = {
        (method.upper(), path) for path, methods in _document(client)["paths"].items() for method in methods
    }

    served = {(method, path) for path, methods in app.routes.items() for method in methods}

    assert told == served


def test_a_route_is_told_to_be_public_exactly_when_no_authorizer_guards_it(client: Client) -> None:
    for path, methods in _document(client)["paths"].items():
        for method, operation in methods.items():
            guarded = app.routes[path][method.upper()].authorizer is not None
            assert bool(operation["security"]) == guarded, (method, path)


def test_every_route_says_what_it_does() -> None:
    for room in house.rooms():
        for endpoint in room.endpoints:
            assert re.match(r"^[A-Z].+\.$", endpoint.summary.partition("\n")[0]), endpoint.name


def test_the_readable_page_names_every_path_and_loads_nothing_from_elsewhere(client: Client) -> None:
    page = client.get("/docs").text

    assert all(path in page for path in _document(client)["paths"])
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", page)


def test_an_unknown_method_is_answered_as_a_problem_in_the_callers_language(client: Client) -> None:
    reply = client.call("PUT", "/products", by=REP, headers={"Accept-Language": "zh-CN"})

    assert (reply.status, reply.json["title"]) == (405, "不支持的请求方法")
