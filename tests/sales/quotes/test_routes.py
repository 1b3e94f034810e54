"""Quotes over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from chalicelib.core import clock
from tests.client import COLLEAGUE, FINANCE, MANAGER, OPERATIONS, REP, STRANGER, Client
from tests.platform.imports.bringing import make_bucket
from tests.sales.quotes.builders import Shop, contact_of, open_shop


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop()


def _draft(client: Client, shop: Shop, **details: Any) -> dict[str, Any]:
    body = {"account_id": shop.account_id, "currency": "CNY", "lines": shop.lines(), **details}
    reply = client.post("/quotes", body, by=REP)
    assert reply.status == 201, reply.text
    assert reply.headers["location"] == f"/quotes/{reply.json['id']}"
    found: dict[str, Any] = reply.json
    return found


def _did(client: Client, quote: dict[str, Any], verb: str, body: Any = None, by: Any = REP) -> dict[str, Any]:
    reply = client.post(f"/quotes/{quote['id']}/{verb}", body, by=by)
    assert reply.status == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_quotes_without_signing_in(client: Client) -> None:
    assert client.get("/quotes").status == 401


def test_somebody_elses_quote_looks_like_none(client: Client, shop: Shop) -> None:
    quote = _draft(client, shop)
    path = f"/quotes/{quote['id']}"

    for by in (STRANGER, COLLEAGUE):
        assert client.get(path, by=by).status == 404
        assert client.post(f"{path}/submit", by=by).status == 404
        assert client.get(f"{path}/prices", by=by).status == 404
    assert client.get(path, by=MANAGER).json == quote
    assert client.post(f"{path}/submit", by=FINANCE).status == 403


def test_every_wrong_field_is_named_at_once(client: Client, shop: Shop) -> None:
    wrong = {
        "currency": "XYZ",
        "language": "fr",
        "lines": [{"quantity": 0, "discount_bps": 10_001}, {"quantity": 1, "options": [{"quantity": 1}]}],
        "status": "APPROVED",
    }

    reply = client.post("/quotes", wrong, by=REP)

    assert {error["field"] for error in reply.json["errors"]} == {
        "account_id",
        "currency",
        "language",
        "lines.0.quantity",
        "lines.0.discount_bps",
        "lines.1.options.0.product_id",
        "status",
    }


def test_what_cannot_be_quoted_is_named_by_line(client: Client, shop: Shop) -> None:
    lines = [{"product_id": shop.account_id, "quantity": 1}, {"quantity": 1}]
    body = {"account_id": shop.account_id, "currency": "CNY", "lines": lines}

    reply = client.post("/quotes", body, by=REP)

    assert [(error["field"], error["code"]) for error in reply.json["errors"]] == [
        ("lines.0.product_id", "unknown_reference"),
        ("lines.1.name", "missing"),
        ("lines.1.unit_price", "missing"),
    ]
    yesterday = client.post("/quotes", {**body, "lines": [], "valid_until": "2020-01-01"}, by=REP)
    assert [(error["field"], error["code"]) for error in yesterday.json["errors"]] == [
        ("valid_until", "in_past")
    ]


def test_a_quote_goes_from_the_draft_to_the_order(client: Client, shop: Shop) -> None:
    make_bucket()
    quote = _draft(client, shop, contact_id=contact_of(shop))
    path = f"/quotes/{quote['id']}"
    assert (quote["status"], quote["revision"], quote["language"]) == ("DRAFT", 1, "zh-CN")
    assert (quote["net"]["amount"], quote["discount"]["amount"]) == ("8773.31", "1250.00")

    explained = client.get(f"{path}/prices", by=REP, headers={"Accept-Language": "zh-CN"}).json
    assert [step["label"] for step in explained["lines"][0]["steps"]] == ["标准价", "折扣"]
    reviewed = _did(client, quote, "submit")
    assert (reviewed["status"], reviewed["review"][0]["code"]) == ("IN_REVIEW", "discount_beyond_limit")
    assert client.post(f"{path}/approve", by=REP).status == 403
    _did(client, quote, "approve", by=MANAGER)
    assert client.get(f"{path}/link", by=REP).status == 409
    sent = _did(client, quote, "send", {"by_mail": False})
    assert sent["status"] == "PRESENTED"
    assert "/q/" in client.get(f"{path}/link", by=REP).json["url"]
    assert f"{quote['id']}/1-en.pdf" in client.get(f"{path}/pdf", by=REP, query={"lang": "en"}).json["url"]
    [version] = client.get(f"{path}/versions", by=REP).json["items"]
    assert (version["revision"], version["content"]["total_minor"]) == (1, 991_384)
    taken = _did(client, quote, "accept", {"name": "Li Wei"})
    assert (taken["status"], taken["acceptance"]["recorded_by"]) == ("ACCEPTED", REP.id)
    order = client.post("/orders/from-quote", {"quote_id": quote["id"]}, by=REP)
    assert (order.status, order.json["total"], order.json["quote_id"]) == (201, quote["total"], quote["id"])
    again = client.post("/orders/from-quote", {"quote_id": quote["id"]}, by=REP)
    assert (again.status, again.json["holder"]) == (409, order.json["id"])


def test_a_quote_shared_for_writing_is_edited_by_who_cannot_reach_its_customer(
    client: Client, shop: Shop
) -> None:
    quote = _draft(client, shop)
    path = f"/quotes/{quote['id']}"
    _did(client, quote, "share", {"with_id": COLLEAGUE.id, "right": "write"})

    noted = client.patch(path, {"note": "by sea"}, by=COLLEAGUE, match="*")
    priced = client.patch(
        path, {"lines": [{"product_id": shop.die_id, "quantity": 1}]}, by=COLLEAGUE, match="*"
    )

    assert (noted.status, noted.json.get("note"), priced.status) == (200, "by sea", 200), noted.text
    assert priced.json["net"]["amount"] == "3.33"
    other = client.patch(path, {"contact_id": contact_of(shop)}, by=COLLEAGUE, match="*")
    assert [each["field"] for each in other.json["errors"]] == ["account_id", "contact_id"]


def test_a_draft_has_a_pdf_of_its_own(client: Client, shop: Shop) -> None:
    make_bucket()
    quote = _draft(client, shop)

    assert (
        f"quotes/{quote['id']}/draft-zh-CN.pdf"
        in client.get(f"/quotes/{quote['id']}/pdf", by=REP, query={"lang": "zh-CN"}).json["url"]
    )


def test_quotes_are_listed_by_customer_and_by_owner(client: Client, shop: Shop) -> None:
    first, second = _draft(client, shop), _draft(client, shop)
    wanted = [second["id"], first["id"]]

    for query in ({}, {"account_id": shop.account_id}, {"owner_id": REP.id}):
        found = client.get("/quotes", by=REP, query=query).json["items"]
        assert [each["id"] for each in found] == wanted
    month = {"month": clock.month(clock.today())}
    assert len(client.get("/quotes", by=FINANCE, query=month).json["items"]) == 2
    assert client.get("/quotes", by=STRANGER, query={"owner_id": REP.id}).status == 404


def test_operations_set_letterhead_and_terms(client: Client, shop: Shop) -> None:
    policy = {
        "number_prefix": "AN",
        "valid_days": 14,
        "letterhead": {"zh-CN": ["丝路仪器有限公司", "上海外滩一号"]},
        "terms": {"en": "30 days net"},
    }

    assert client.get("/quote-policy", by=REP).json["version"] == 0
    assert client.put("/quote-policy", policy, by=REP, match=0).status == 403
    assert client.put("/quote-policy", policy, by=OPERATIONS, match=0).json["version"] == 1
    quote = _draft(client, shop, language="en")
    assert quote["number"].startswith("AN-")
    assert quote["terms"] == "30 days net"
