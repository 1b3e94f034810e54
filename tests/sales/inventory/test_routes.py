"""Stock over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from chalicelib.core.access import Principal, Role
from tests.client import FINANCE, MANAGER, OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.inventory.builders import moved, product, reserve, warehouse

#: The key of a warehouse's own system.
WMS = Principal("api_key_0", Role.INTEGRATION, "WMS", scopes=frozenset({"stock_movements:configure"}))
RECEIPT = {"type": "RECEIPT", "reference": "GRN-1", "product": "GTX", "warehouse": "SZ", "quantity": 10}


@pytest.fixture
def gtx(client: Client) -> str:
    hire_everybody()
    return product()


def test_nobody_reads_stock_without_signing_in(client: Client) -> None:
    for path in ("/warehouses", "/stock", "/stock-movements"):
        assert client.get(path).status == 401


def test_sellers_read_what_may_be_had_and_change_nothing(client: Client, gtx: str) -> None:
    sz = warehouse().id
    rule = f"/warehouses/{sz}/rules/{gtx}"

    for who in (REP, MANAGER, FINANCE):
        assert client.get("/stock", query={"product_id": gtx}, by=who).status == 200
        assert client.get(rule, by=who).status == 403
        assert client.post("/stock-movements", RECEIPT, by=who).status == 403
        assert client.post("/stock-movements/batch", {"movements": [RECEIPT]}, by=who).status == 403
        assert client.put(rule, {"back_order": True}, by=who, match=0).status == 403
        assert client.patch(f"/warehouses/{sz}", {"rank": 1}, by=who, match=1).status == 403


def test_a_key_for_movements_records_movements_and_nothing_else(client: Client, gtx: str) -> None:
    warehouse()

    assert client.post("/stock-movements", RECEIPT, by=WMS).status == 201
    assert client.get("/stock", query={"product_id": gtx}, by=WMS).status == 403
    assert client.post("/warehouses", {}, by=WMS).status == 403


def test_a_warehouse_is_added_found_changed_and_its_code_is_its_own(client: Client, gtx: str) -> None:
    body = {"code": "SZ", "name": "Shenzhen 深圳", "keeper_id": OPERATIONS.id}

    made = client.post("/warehouses", body, by=OPERATIONS)
    again = client.post("/warehouses", {**body, "code": "sz"}, by=OPERATIONS)
    at = f"/warehouses/{made.json['id']}"
    nobody = client.patch(at, {"keeper_id": "user_" + "0" * 26}, by=OPERATIONS, match=1)
    changed = client.patch(at, {"rank": 1, "status": "RETIRED"}, by=OPERATIONS, match=1)

    assert (made.status, made.headers["location"]) == (201, at)
    assert (again.status, again.json["holder"]) == (409, made.json["id"])
    assert [(each["field"], each["code"]) for each in nobody.json["errors"]] == [
        ("keeper_id", "unknown_reference")
    ]
    assert (changed.json["rank"], changed.json["status"]) == (1, "RETIRED")
    assert client.get(at, by=REP).json == changed.json
    assert client.get("/warehouses", by=REP).json["items"] == [changed.json]


def test_a_movement_told_again_is_answered_as_it_was(client: Client, gtx: str) -> None:
    sz = warehouse().id

    first = client.post("/stock-movements", RECEIPT, by=WMS)
    again = client.post("/stock-movements", RECEIPT, by=WMS)
    other = client.post("/stock-movements", {**RECEIPT, "quantity": 11}, by=WMS)

    assert (first.status, again.status) == (201, 200)
    assert again.json == {**first.json, "repeated": True}
    assert (other.status, other.json["code"]) == (409, "reference_taken")
    read = client.get("/stock-movements", query={"product_id": gtx, "warehouse_id": sz}, by=REP).json
    assert [(each["reference"], each["units"]) for each in read["items"]] == [("GRN-1", 10)]


def test_every_row_of_a_batch_has_an_answer_of_its_own(client: Client, gtx: str) -> None:
    sz = warehouse().id
    rows: list[Any] = [
        {**RECEIPT, "product": gtx, "warehouse": sz},
        RECEIPT,
        {**RECEIPT, "reference": "OUT-1", "type": "ISSUE", "quantity": 11},
        {**RECEIPT, "reference": "OUT-2", "type": "ISSUE", "quantity": 4},
        {**RECEIPT, "reference": "R-3", "product": "NONE"},
        {"type": "LOST", "quantity": "4", "product": "长" * 3_000},
    ]

    told = client.post("/stock-movements/batch", {"movements": rows}, by=WMS).json

    assert [item["status"] for item in told["items"]] == [201, 200, 409, 201, 400, 400]
    assert (told["recorded"], told["repeated"], told["refused"]) == (2, 1, 3)
    assert "1 missing" in told["items"][2]["problem"]["missing"][0]["message"]
    wrong = {each["field"] for each in told["items"][5]["problem"]["errors"]}
    assert wrong == {"type", "reference", "product", "warehouse", "quantity"}
    stood = client.get("/stock", query={"product_id": gtx}, by=REP).json
    assert (stood["on_hand"], stood["available"]) == (6, 6)


def test_what_may_be_had_is_read_by_warehouse_and_together(client: Client, gtx: str) -> None:
    sz, gz = warehouse("SZ", rank=1).id, warehouse("GZ", rank=2).id
    moved("RECEIPT", 5)
    moved("RECEIPT", 2, at="GZ")
    reserve(1, (gtx, 3))
    missing = "product_" + "0" * 26

    one = client.get("/stock", query={"product_id": gtx}, by=REP).json
    many = client.get("/stock/availability", query={"product_ids": f"{missing},{gtx}"}, by=REP).json

    at = {"on_hand": 5, "reserved": 3, "waiting": 0, "available": 2, "warehouse_id": sz, "warehouse": "SZ"}
    assert one["warehouses"][0] == at
    assert [each["warehouse_id"] for each in one["warehouses"]] == [sz, gz]
    assert (one["on_hand"], one["reserved"], one["available"]) == (7, 3, 4)
    assert many == {"items": [one]}
    assert client.get("/stock", query={"product_id": missing}, by=REP).status == 404
    listed = client.get(f"/warehouses/{sz}/stock", by=REP).json
    assert [(each["product_id"], each["free"]) for each in listed["items"]] == [(gtx, 2)]


@pytest.mark.parametrize("asked", ["", "gtx", "product_1,", ",".join(["product_" + "0" * 26] * 101)])
def test_a_question_for_what_are_no_ids_is_refused(client: Client, asked: str) -> None:
    reply = client.get("/stock/availability", query={"product_ids": asked}, by=REP)

    assert (reply.status, [each["field"] for each in reply.json["errors"]]) == (400, ["product_ids"])


def test_operations_decide_how_a_product_is_kept(client: Client, gtx: str) -> None:
    sz, kept_nowhere = warehouse().id, product("TRAINING", stocked=False)
    at = f"/warehouses/{sz}/rules/{gtx}"
    cost = {"amount": "12.50", "currency": "CNY"}

    first = client.put(
        at, {"back_order": True, "reorder_point": 5, "unit_cost": cost}, by=OPERATIONS, match=0
    )
    stale = client.put(at, {}, by=OPERATIONS, match=0)
    second = client.put(at, {"lot": 10}, by=OPERATIONS, match=first.etag)
    refused = client.put(f"/warehouses/{sz}/rules/{kept_nowhere}", {}, by=OPERATIONS, match=0)

    assert (first.status, first.json["unit_cost"], first.json["version"]) == (200, cost, 1)
    assert stale.status == 412
    assert (second.json["lot"], second.json["back_order"], second.json["unit_cost"]) == (10, False, None)
    assert (refused.status, refused.json["missing"][0]["code"]) == (409, "not_stocked")
    assert client.get(f"/warehouses/{sz}/rules", by=OPERATIONS).json["items"] == [second.json]
    assert client.get(f"/warehouses/{sz}/rules/product_{'0' * 26}", by=OPERATIONS).status == 404


def test_a_history_is_of_a_product_or_a_warehouse(client: Client, gtx: str) -> None:
    reply = client.get("/stock-movements", by=REP)

    assert {each["field"] for each in reply.json["errors"]} == {"product_id", "warehouse_id"}
    missing = {"warehouse_id": "warehouse_" + "0" * 26}
    assert client.get("/stock-movements", query=missing, by=REP).status == 404


def test_nothing_moves_in_the_time_to_come(client: Client, gtx: str) -> None:
    warehouse()

    reply = client.post("/stock-movements", {**RECEIPT, "happened_at": "2999-01-01T00:00:00Z"}, by=WMS)

    assert [(each["field"], each["code"]) for each in reply.json["errors"]] == [("happened_at", "in_future")]
