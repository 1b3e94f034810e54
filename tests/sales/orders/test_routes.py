"""Orders over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.sales.opportunities import service as deals
from tests.client import COLLEAGUE, FINANCE, MANAGER, OPERATIONS, READ_ONLY, REP, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_pipeline, stage
from tests.sales.orders.builders import Shop, may_give, open_shop, paid, shipped


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop()


def _body(shop: Shop, **details: Any) -> dict[str, Any]:
    return {"account_id": shop.account_id, "currency": "CNY", "lines": shop.lines(), **details}


def _draft(client: Client, shop: Shop, **details: Any) -> dict[str, Any]:
    reply = client.post("/orders", _body(shop, **details), by=REP)
    assert reply.status == 201, reply.text
    assert reply.headers["location"] == f"/orders/{reply.json['id']}"
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_orders_without_signing_in(client: Client) -> None:
    assert client.get("/orders").status == 401


def test_somebody_elses_order_looks_like_none(client: Client, shop: Shop) -> None:
    order = _draft(client, shop)

    for path, by in ((f"/orders/{order['id']}", STRANGER), (f"/orders/{order['id']}", COLLEAGUE)):
        assert client.get(path, by=by).status == 404
    assert client.post(f"/orders/{order['id']}/submit", by=STRANGER).status == 404
    assert client.get("/orders", by=STRANGER, query={"owner_id": REP.id}).status == 404
    assert client.get(f"/orders/{order['id']}", by=MANAGER).json == order
    assert client.post(f"/orders/{order['id']}/submit", by=READ_ONLY).status == 403


def test_an_order_for_somebody_elses_customer_is_refused(client: Client, shop: Shop) -> None:
    reply = client.post("/orders", _body(shop), by=STRANGER)

    assert (reply.status, [wrong["field"] for wrong in reply.json["errors"]]) == (400, ["account_id"])


def test_every_wrong_field_is_named_at_once(client: Client, shop: Shop) -> None:
    wrong = {
        "currency": "XYZ",
        "lines": [
            {
                "quantity": 0,
                "discount_bps": 10_001,
                "tax_bps": "13",
                "unit_price": {"amount": "-1", "currency": "CNY"},
            },
            {"quantity": True},
        ],
        "payment_days": -1,
        "status": "APPROVED",
    }

    reply = client.post("/orders", wrong, by=REP)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {
        "account_id",
        "currency",
        "lines.0.quantity",
        "lines.0.discount_bps",
        "lines.0.tax_bps",
        "lines.0.unit_price",
        "lines.1.quantity",
        "payment_days",
        "status",
    }
    assert client.get("/orders", by=REP).json["items"] == []


def test_a_field_that_an_order_needs_is_not_emptied(client: Client, shop: Shop) -> None:
    order = _draft(client, shop, note="Careful")
    path = f"/orders/{order['id']}"

    refused = client.patch(path, {"lines": None, "ordered_on": None}, by=REP, match=1)
    cleared = client.patch(path, {"note": None}, by=REP, match=1)

    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [
        ("lines", "emptied"),
        ("ordered_on", "emptied"),
    ]
    assert (cleared.json["note"], cleared.json["lines"]) == (None, order["lines"])


def test_a_change_says_which_version_it_is_based_on(client: Client, shop: Shop) -> None:
    path = f"/orders/{_draft(client, shop)['id']}"

    assert client.patch(path, {"note": "x"}, by=REP).status == 428
    assert client.patch(path, {"note": "x"}, by=REP, match=1).etag == '"2"'
    assert client.patch(path, {"note": "y"}, by=REP, match=1).status == 412
    assert client.post(f"{path}/submit", by=REP, match=1).status == 412


def test_a_refused_move_says_what_is_possible(client: Client, shop: Shop) -> None:
    path = f"/orders/{_draft(client, shop)['id']}"

    reply = client.post(f"{path}/activate", by=REP, headers={"Accept-Language": "zh-CN"})

    assert (reply.status, reply.json["code"], reply.json["state"]) == (409, "out_of_turn", "DRAFT")
    assert reply.json["possible"] == ["edit", "submit", "cancel"]
    assert "DRAFT" in reply.json["detail"]


def test_an_order_is_approved_shipped_and_paid(client: Client, shop: Shop) -> None:
    path = f"/orders/{_draft(client, shop)['id']}"
    day = clock.today().isoformat()

    assert client.post(f"{path}/submit", by=REP).json["status"] == "IN_APPROVAL"
    assert client.post(f"{path}/approve", by=REP).status == 403
    assert client.post(f"{path}/approve", by=MANAGER).json["approved_by"] == MANAGER.id
    assert client.post(f"{path}/activate", by=REP).json["activated_on"] == day
    part = {"reference": "s-1", "lines": [{"number": 1, "quantity": 10}], "carrier": "SF 顺丰"}
    sent = client.post(f"{path}/shipments", part, by=REP)
    assert sent.json["shipments"] == [
        {
            "reference": "s-1",
            "shipped_on": day,
            "lines": part["lines"],
            "carrier": "SF 顺丰",
            "tracking": None,
            "delivered_on": None,
            "received_by": None,
        }
    ]
    money = {"reference": "b-1", "amount": {"amount": "9913.84", "currency": "CNY"}, "method": "BANK"}
    came = client.post(f"{path}/payments", money, by=FINANCE)
    assert (came.json["payment_status"], came.json["open"]["amount"]) == ("PAID", "0.00")
    assert client.post(f"{path}/shipments", {"reference": "s-2"}, by=REP).json["status"] == "SHIPPED"
    done = client.post(f"{path}/complete", by=REP).json
    assert (done["status"], done["total"]["amount"]) == ("COMPLETED", "9913.84")


def test_goods_arrive_and_come_back_and_their_money_goes_back(client: Client, shop: Shop) -> None:
    order = paid(shipped(shop), 991_384)
    at = f"/orders/{order.id}"

    arrived = client.post(f"{at}/shipments/deliver", {"reference": "s-1", "received_by": "Wang"}, by=REP)
    back = {"reference": "r-1", "reason": "Broken", "lines": [{"number": 2, "quantity": 7}]}
    returned = client.post(f"{at}/returns", back, by=REP)
    amount = returned.json["returns"][0]["amount"]
    money = {"reference": "b-1", "amount": amount, "method": "BANK", "reason": "Returned"}
    forbidden = client.post(f"{at}/refunds", money, by=REP)
    refunded = client.post(f"{at}/refunds", money, by=FINANCE)

    assert arrived.json["shipments"][0]["received_by"] == "Wang"
    assert (amount["amount"], returned.json["credit"]) == ("26.34", amount)
    assert forbidden.status == 403
    assert (refunded.json["refunded"], refunded.json["payment_status"]) == (amount, "PAID")
    [due] = refunded.json["payment_schedule"]
    assert (due["owed"]["amount"], due["status"]) == ("9887.50", "PAID")
    assert [part["amount"]["amount"] for part in refunded.json["payments"][0]["settles"]] == ["9887.50"]


def test_a_part_that_is_still_to_come_or_says_a_line_twice_is_refused(client: Client, shop: Shop) -> None:
    path = f"/orders/{_draft(client, shop)['id']}"
    twice = [{"number": 1, "quantity": 1}, {"number": 1, "quantity": 1}]
    part = {"reference": "s-1", "shipped_on": "2999-01-01", "lines": twice}

    reply = client.post(f"{path}/shipments", part, by=REP)

    assert {(e["field"], e["code"]) for e in reply.json["errors"]} == {
        ("shipped_on", "in_future"),
        ("lines", "line_twice"),
    }


def test_lists_are_of_one_owner_team_month_account_or_opportunity(client: Client, shop: Shop) -> None:
    order = _draft(client, shop)
    of_account = {"account_id": shop.account_id}

    for by, query in ((REP, {}), (MANAGER, {}), (FINANCE, {}), (REP, of_account)):
        assert [o["id"] for o in client.get("/orders", by=by, query=query).json["items"]] == [order["id"]]
    assert client.get("/orders", by=STRANGER).json["items"] == []
    assert client.get("/orders", by=STRANGER, query=of_account).status == 404
    both = client.get("/orders", by=REP, query={**of_account, "owner_id": REP.id})
    assert {e["field"] for e in both.json["errors"]} == {"account_id", "owner_id"}


def test_an_order_is_handed_over_and_shared(client: Client, shop: Shop) -> None:
    path = f"/orders/{_draft(client, shop)['id']}"

    shared = client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)
    assert shared.status == 200, shared.text
    assert client.get(path, by=STRANGER).status == 200
    assert client.post(f"{path}/submit", by=STRANGER).status == 403
    moved = client.post(f"{path}/reassign", {"owner_id": COLLEAGUE.id}, by=MANAGER)
    assert moved.json["owner_id"] == COLLEAGUE.id
    assert client.get(path, by=REP).status == 404


def test_the_policy_is_set_by_operations(client: Client, shop: Shop) -> None:
    may_give(REP=2_000)
    limits = [{"amount": "10000.00", "currency": "CNY"}]
    body = {"approval_limits": limits, "payment_days": 60, "number_prefix": "XS"}

    before = client.get("/order-policy", by=REP)
    assert (before.json["approval_limits"], before.etag) == ([], '"0"')
    assert client.put("/order-policy", body, by=REP, match=0).status == 403
    assert client.put("/order-policy", body, by=OPERATIONS, match=0).json["version"] == 1
    assert client.put("/order-policy", body, by=OPERATIONS, match=0).status == 412

    order = _draft(client, shop)
    assert (order["payment_days"], order["number"][:3]) == (60, "XS-")
    assert client.post(f"/orders/{order['id']}/submit", by=REP).json["status"] == "APPROVED"


def test_one_click_twice_drafts_one_order(client: Client, shop: Shop) -> None:
    headers = {"Idempotency-Key": "click-1"}

    first = client.post("/orders", _body(shop), by=REP, headers=headers)
    second = client.post("/orders", _body(shop), by=REP, headers=headers)

    assert (first.status, second.status, second.text) == (201, 201, first.text)
    assert len(client.get("/orders", by=REP).json["items"]) == 1


def test_a_deals_order_is_named_only_to_whoever_may_see_it(client: Client) -> None:
    hire_everybody()
    deal = a_deal(pipeline_id=a_pipeline(stage("only")).id)
    deals.win(deal.id, version=None, by=REP)
    body = {"opportunity_id": deal.id}
    order = client.post("/orders/from-opportunity", body, by=REP).json
    deals.reassign(deal.id, owner_id=STRANGER.id, version=None, by=OPERATIONS)

    again = client.post("/orders/from-opportunity", body, by=REP)
    hidden = client.post("/orders/from-opportunity", body, by=STRANGER)

    assert client.get(f"/orders/{order['id']}", by=STRANGER).status == 404
    assert (hidden.status, "holder" in hidden.json) == (409, False)
    assert again.status == 400
    assert client.post("/orders/from-opportunity", body, by=OPERATIONS).json["holder"] == order["id"]
