"""From a case that Schemathesis made to a call of the app, and back to what it checks."""

import time
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.core import openapi
from chalicelib.core.access import Principal
from tests.client import Client, Reply
from tests.core import wrong

_HERE: Final = "http://salestream.test"
#: Seconds of this process that an answer may take; nothing here waits for anything else.
LONGEST: Final = 2.0
_TOO_LARGE: Final = 413
#: What holds of every answer. Who may call what is proven elsewhere; input that the document calls
#: right may be refused all the same, by what stands in the tables.
CHECKS: Final = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)


@cache
def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    """Every operation of the document that the app tells of itself, by method and path.

    Without its word on tokens: here somebody has shown one already.
    """
    document = openapi.document(wrong.endpoints(), title="Salestream", version="1")
    for operation in (each for path in document["paths"].values() for each in path.values()):
        del operation["security"]
    schema: BaseSchema = schemathesis.openapi.from_dict(document)
    found = (each.ok() for each in schema.get_all_operations() if isinstance(each, Ok))
    return {f"{each.method.upper()} {each.path}": each for each in found}


def at(route: str) -> APIOperation[Any, Any, Any, Any]:
    """The operation that answers at an address: ``GET /leads/lead_1``."""
    method, _, path = route.partition(" ")
    parts = path.split("/")
    fits = [
        (operation.path.count("{"), name)
        for name, operation in operations().items()
        if name.startswith(f"{method} ") and _fits(operation.path.split("/"), parts)
    ]
    return operations()[min(fits)[1]]


def _fits(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(
        place.startswith("{") or place == part for place, part in zip(pattern, parts, strict=True)
    )


def answered(client: Client, case: Case[Any], *, by: Principal) -> Response:
    """Send a case as somebody; fail when the answer breaks the document or takes too long."""
    request = requests.Request(**case.as_transport_kwargs(_HERE)).prepare()
    began = time.process_time()
    reply = _send(client, request, by)
    elapsed = time.process_time() - began
    response = _response(reply, request, elapsed)
    assert elapsed < LONGEST, f"{elapsed:.1f} s: {case.as_curl_command()}"
    # What is too large by the document may be so large that nobody looks what is wrong with it.
    said = [each for each in CHECKS if reply.status != _TOO_LARGE or each is not negative_data_rejection]
    case.validate_response(response, checks=said)
    return response


def _send(client: Client, request: requests.PreparedRequest, by: Principal) -> Reply:
    assert request.url is not None
    assert request.method is not None
    address = urlsplit(request.url)
    body = request.body or b""
    assert isinstance(body, str | bytes)
    return client.call(
        request.method,
        address.path,
        by=by,
        headers={name: _text(value) for name, value in request.headers.items()},
        query=dict(parse_qsl(address.query, keep_blank_values=True)),
        raw=body.encode() if isinstance(body, str) else body,
    )


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _response(reply: Reply, request: requests.PreparedRequest, elapsed: float) -> Response:
    return Response(
        reply.status,
        {name: [value] for name, value in reply.headers.items()},
        reply.text.encode(),
        request,
        elapsed,
        verify=False,
    )
