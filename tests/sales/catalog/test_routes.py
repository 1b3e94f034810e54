"""Products over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

from tests.client import OPERATIONS, REP, Client

GTX = {
    "code": "GTX-PRO",
    "name": "GTX Pro 专业版",
    "list_price": {"amount": "4821.00", "currency": "USD"},
}


def _added(client: Client, **fields: Any) -> dict[str, Any]:
    reply = client.post("/products", {**GTX, **fields}, by=OPERATIONS)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_the_catalogue_without_signing_in(client: Client) -> None:
    assert client.get("/products").status == 401


def test_a_rep_may_read_a_product_but_not_add_one(client: Client) -> None:
    product = _added(client)

    assert client.get(f"/products/{product['id']}", by=REP).json == product
    assert client.post("/products", {**GTX, "code": "OTHER"}, by=REP).status == 403


def test_every_wrong_field_is_named_at_once(client: Client) -> None:
    wrong = {
        "code": "no spaces",
        "list_price": {"amount": "1.005", "currency": "USD"},
        "owner": "me",
    }

    reply = client.post("/products", wrong, by=OPERATIONS)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {
        "code",
        "name",
        "list_price",
        "owner",
    }
    assert client.get("/products", by=OPERATIONS).json == {"items": [], "next": None}


def test_a_code_belongs_to_one_product(client: Client) -> None:
    first = _added(client)

    again = client.post("/products", {**GTX, "code": "gtx-pro"}, by=OPERATIONS)

    assert (again.status, again.json["holder"]) == (409, first["id"])


def test_a_price_changed_on_an_old_version_is_refused(client: Client) -> None:
    product = _added(client)
    path, dearer = (
        f"/products/{product['id']}",
        {"list_price": {"amount": "5000.00", "currency": "USD"}},
    )

    assert client.patch(path, dearer, by=OPERATIONS).status == 428
    changed = client.patch(path, dearer, by=OPERATIONS, match=product["version"])
    assert (changed.status, changed.etag) == (200, '"2"')
    assert changed.json["list_price"] == dearer["list_price"]
    assert client.patch(path, dearer, by=OPERATIONS, match=product["version"]).status == 412


def test_what_a_product_cannot_be_without_is_never_cleared(client: Client) -> None:
    product = _added(client, family="GTX")
    path = f"/products/{product['id']}"

    reply = client.patch(path, dict.fromkeys(("name", "list_price", "status")), by=OPERATIONS, match=1)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {"name", "list_price", "status"}
    assert client.patch(path, {"family": None}, by=OPERATIONS, match=1).json["family"] is None


def test_a_product_is_kept_in_no_warehouse_unless_said(client: Client) -> None:
    product = _added(client)

    assert product["stocked"] is False
    changed = client.patch(f"/products/{product['id']}", {"stocked": True}, by=OPERATIONS, match=1)
    assert changed.json["stocked"] is True


def test_no_product_costs_less_than_nothing(client: Client) -> None:
    reply = client.post(
        "/products", {**GTX, "list_price": {"amount": "-1.00", "currency": "USD"}}, by=OPERATIONS
    )

    assert [(error["field"], error["code"]) for error in reply.json["errors"]] == [("list_price", "negative")]


def test_the_catalogue_is_read_page_by_page(client: Client) -> None:
    for number in range(5):
        _added(client, code=f"P{number}", name=f"Product {number}")

    names: list[str] = []
    query = {"limit": 2}
    while True:
        found = client.get("/products", by=REP, query=query).json
        names += [item["name"] for item in found["items"]]
        if found["next"] is None:
            break
        query = {"limit": 2, "cursor": found["next"]}

    assert names == [f"Product {number}" for number in range(5)]


def test_a_second_click_with_one_idempotency_key_adds_one_product(client: Client) -> None:
    headers = {"Idempotency-Key": "click-1"}

    first = client.post("/products", GTX, by=OPERATIONS, headers=headers)
    second = client.post("/products", GTX, by=OPERATIONS, headers=headers)
    other = client.post("/products", {**GTX, "code": "OTHER"}, by=OPERATIONS, headers=headers)

    assert (first.status, second.status, second.text) == (201, 201, first.text)
    assert second.headers["idempotency-replayed"] == "true"
    assert (other.status, other.json["code"]) == (409, "key_reused")
    assert len(client.get("/products", by=REP).json["items"]) == 1
