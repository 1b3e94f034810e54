"""One key is one request: done once, answered alike, also when the first answer was lost."""

import json
from typing import Any

import pytest

from chalicelib.core import idempotency
from tests.client import ADMIN, OPERATIONS, REP, Client

KEY = {"Idempotency-Key": "click-1"}
PRESS = {"code": "P1", "name": "Press 压力机", "list_price": {"amount": "1.00", "currency": "CNY"}}


def _lost(*_: Any) -> None:
    raise ConnectionError("the function died")


def test_an_answer_that_was_never_kept_is_the_record_as_it_is_now(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(idempotency, "keep", _lost)
        assert client.post("/products", PRESS, by=OPERATIONS, headers=KEY).status == 500
    [product] = client.get("/products", by=REP).json["items"]

    again = client.post("/products", PRESS, by=OPERATIONS, headers=KEY)

    assert (again.status, json.loads(again.text)) == (201, product)
    assert again.headers["idempotency-replayed"] == "true"
    assert len(client.get("/products", by=REP).json["items"]) == 1


def test_a_request_that_was_refused_leaves_its_key_free(client: Client) -> None:
    client.post("/products", PRESS, by=OPERATIONS)

    refused = client.post("/products", PRESS, by=OPERATIONS, headers=KEY)
    mended = client.post("/products", {**PRESS, "code": "P2"}, by=OPERATIONS, headers=KEY)

    assert (refused.status, mended.status) == (409, 201)


def test_a_key_is_its_callers_own(client: Client) -> None:
    first = client.post("/products", PRESS, by=OPERATIONS, headers=KEY)
    second = client.post("/products", {**PRESS, "code": "P2"}, by=ADMIN, headers=KEY)

    assert (first.status, second.status) == (201, 201)


def test_an_answer_with_a_secret_is_kept_nowhere(client: Client) -> None:
    body = {"name": "ERP", "scopes": ["orders:read"]}

    first = client.post("/api-keys", body, by=ADMIN, headers=KEY)
    again = client.post("/api-keys", body, by=ADMIN, headers=KEY)

    assert (first.status, again.status, again.json["id"]) == (201, 201, first.json["id"])
    assert first.json["key"].startswith("ssk_")
    assert again.json["key"] is None
