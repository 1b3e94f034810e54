"""Contracts over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from chalicelib.core import files
from tests.client import COLLEAGUE, FINANCE, MANAGER, READ_ONLY, REP, STRANGER, Client
from tests.platform.imports.bringing import make_bucket
from tests.sales.contracts.builders import a_customer


@pytest.fixture
def customer(client: Client) -> str:
    return a_customer()


def _body(customer: str, **details: Any) -> dict[str, Any]:
    return {
        "account_id": customer,
        "title": "Press line 压力机",
        "value": {"amount": "12000.00", "currency": "CNY"},
        "ends_on": "2999-12-31",
        "milestones": [{"name": "Delivery 交付", "due_on": "2999-05-31"}],
        **details,
    }


def _draft(client: Client, customer: str, **details: Any) -> dict[str, Any]:
    reply = client.post("/contracts", _body(customer, **details), by=REP)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_contracts_without_signing_in(client: Client) -> None:
    assert client.get("/contracts").status == 401


def test_somebody_elses_contract_looks_like_none(client: Client, customer: str) -> None:
    contract = _draft(client, customer)
    path = f"/contracts/{contract['id']}"

    assert client.get(path, by=STRANGER).status == 404
    assert client.post(f"{path}/submit", by=COLLEAGUE).status == 404
    assert client.get(path, by=FINANCE).json == contract
    assert client.post(f"{path}/submit", by=READ_ONLY).status == 403
    assert client.post("/contracts", _body(customer), by=STRANGER).json["errors"][0]["field"] == "account_id"


def test_every_wrong_field_is_named_at_once(client: Client, customer: str) -> None:
    wrong = _body(
        customer,
        title="",
        value={"amount": "-1", "currency": "CNY"},
        reminder_days=-1,
        ends_on="9999-12-31",
        milestones=[{"due_on": "soon"}],
        status="SIGNED",
    )

    reply = client.post("/contracts", wrong, by=REP)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == {
        "title",
        "value",
        "reminder_days",
        "ends_on",
        "milestones.0.name",
        "milestones.0.due_on",
        "status",
    }
    assert client.get("/contracts", by=REP).json["items"] == []


def test_a_change_says_which_version_it_is_based_on(client: Client, customer: str) -> None:
    path = f"/contracts/{_draft(client, customer)['id']}"

    assert client.patch(path, {"note": "x"}, by=REP).status == 428
    assert client.patch(path, {"title": None}, by=REP, match=1).json["errors"][0]["code"] == "emptied"
    changed = client.patch(path, {"ends_on": None, "title": "Other"}, by=REP, match=1)
    assert (changed.json["ends_on"], changed.json["title"], changed.etag) == (None, "Other", '"2"')
    assert client.patch(path, {"note": "y"}, by=REP, match=1).status == 412


def test_a_contract_is_approved_signed_fulfilled_and_ended(client: Client, customer: str) -> None:
    path = f"/contracts/{_draft(client, customer)['id']}"

    assert client.post(f"{path}/sign", {"signed_by": "Wang"}, by=REP).json["possible"] == [
        "edit",
        "keep",
        "word",
        "submit",
        "cancel",
    ]
    assert client.post(f"{path}/submit", by=REP).json["status"] == "IN_APPROVAL"
    assert client.post(f"{path}/approve", by=MANAGER).json["status"] == "NEGOTIATING"
    assert client.post(f"{path}/send", by=REP).json["status"] == "AWAITING_SIGNATURE"
    early = client.post(f"{path}/sign", {"signed_by": "Wang", "signed_on": "2999-01-01"}, by=REP)
    assert early.json["errors"][0]["code"] == "in_future"
    assert client.post(f"{path}/sign", {"signed_by": "Wang"}, by=REP).json["signed_by"] == "Wang"
    assert client.post(f"{path}/activate", by=REP).json["status"] == "ACTIVATED"
    done = client.post(f"{path}/fulfil", {"number": 1, "evidence": "Note 7"}, by=REP)
    assert done.json["fulfilment_status"] == "FULFILLED"
    ended = client.post(f"{path}/terminate", {"reason": "Agreed"}, by=MANAGER)
    assert (ended.json["status"], ended.json["end_reason"]) == ("TERMINATED", "Agreed")


def test_the_other_ways_out(client: Client, customer: str) -> None:
    path = f"/contracts/{_draft(client, customer)['id']}"

    for verb, body, by, status in (
        ("submit", None, REP, "IN_APPROVAL"),
        ("withdraw", None, REP, "DRAFT"),
        ("submit", None, REP, "IN_APPROVAL"),
        ("reject", {"reason": "Risk"}, MANAGER, "REJECTED"),
        ("revise", None, REP, "DRAFT"),
        ("submit", None, REP, "IN_APPROVAL"),
        ("approve", None, MANAGER, "NEGOTIATING"),
        ("send", None, REP, "AWAITING_SIGNATURE"),
        ("decline", {"reason": "Price"}, REP, "SIGNATURE_DECLINED"),
        ("negotiate", None, REP, "NEGOTIATING"),
        ("cancel", {"reason": "Lost"}, REP, "CANCELLED"),
    ):
        assert client.post(f"{path}/{verb}", body, by=by).json["status"] == status


def test_lists_are_of_one_owner_team_month_or_account(client: Client, customer: str) -> None:
    contract = _draft(client, customer)
    of_account = {"account_id": customer}

    for by, query in ((REP, {}), (MANAGER, {}), (FINANCE, {}), (REP, of_account)):
        found = client.get("/contracts", by=by, query=query).json["items"]
        assert [each["id"] for each in found] == [contract["id"]]
    assert client.get("/contracts", by=STRANGER, query=of_account).status == 404
    both = client.get("/contracts", by=REP, query={**of_account, "owner_id": REP.id})
    assert [e["field"] for e in both.json["errors"]] == ["account_id", "owner_id"]


def test_a_contract_is_handed_over_and_shared(client: Client, customer: str) -> None:
    path = f"/contracts/{_draft(client, customer)['id']}"

    client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)
    assert client.get(path, by=STRANGER).status == 200
    moved = client.post(f"{path}/reassign", {"owner_id": COLLEAGUE.id}, by=MANAGER)
    assert moved.json["owner_id"] == COLLEAGUE.id


def test_a_text_is_negotiated_version_by_version(client: Client, customer: str) -> None:
    make_bucket()
    path = f"/contracts/{_draft(client, customer)['id']}"

    first = client.post(f"{path}/versions", {"text": "One\n\nTwo"}, by=REP)
    assert (first.status, first.json["number"]) == (200, 1)
    assert client.post(f"{path}/versions", {"text": "x"}, by=REP, match=1).status == 412
    second = client.post(f"{path}/versions", {"text": "One\n\n2", "note": "Price"}, by=REP).json
    assert client.get(f"{path}/versions/2", by=REP).json == second
    chinese = client.get(f"{path}/versions/2", by=REP, headers={"accept-language": "zh-CN"}).json
    assert {"缺少该条款时，由法院确定适用的法律。"} <= {
        each["note"] for each in chinese["review"]["findings"]
    }
    assert client.get(f"{path}/versions/2/text", by=REP).json == {"text": "One\n\n2"}
    listed = client.get(f"{path}/versions", by=REP).json["items"]
    assert [(each["number"], each["note"]) for each in listed] == [(2, "Price"), (1, None)]
    [change] = client.get(f"{path}/versions/2/changes", by=REP, query={"since": 1}).json["differences"]
    assert (change["change"], change["old"], change["new"]) == ("CHANGED", "Two", "2")
    assert client.get(f"{path}/versions/2/changes", by=REP).json["differences"] == [change]
    [new, _] = client.get(f"{path}/versions/1/changes", by=REP).json["differences"]
    assert (new["change"], new["old"], new["new"]) == ("ADDED", None, "One")
    assert client.get(f"{path}/versions/2", by=STRANGER).status == 404
    client.post(f"{path}/submit", by=REP)
    assert client.post(f"{path}/approve", by=MANAGER).json["approved_text"] == 2
    client.post(f"{path}/versions", {"text": "Three"}, by=REP)
    assert client.post(f"{path}/approve-text", by=REP).status == 403
    assert client.post(f"{path}/approve-text", by=MANAGER).json["approved_text"] == 3


def test_a_file_is_uploaded_where_the_answer_says(client: Client, customer: str) -> None:
    make_bucket()
    path = f"/contracts/{_draft(client, customer)['id']}"
    file = {"file_name": "Vertrag.txt", "media": "text/plain", "size": 4}

    reply = client.post(f"{path}/versions/upload", file, by=REP)
    made = reply.json
    assert made["upload"].startswith("https://")
    assert (made["status"], made["file_name"]) == ("AWAITING_FILE", "Vertrag.txt")
    assert client.post(f"{path}/versions/1/read", by=REP).json["code"] == "file_not_there"
    files.write(f"contracts/{made['contract_id']}/0001.upload", b"Text", media="text/plain")
    assert client.post(f"{path}/versions/1/read", by=REP).json["status"] == "READING"
    assert client.get(f"{path}/versions/1/file", by=STRANGER).status == 404
    assert client.get(f"{path}/versions/1/file", by=REP).json["code"] == "no_file"
    large = client.post(f"{path}/versions/upload", {**file, "media": "image/png", "size": 10**9}, by=REP)
    assert {error["field"] for error in large.json["errors"]} == {"media", "size"}


def _in_force(client: Client, customer: str, **details: Any) -> str:
    path = f"/contracts/{_draft(client, customer, **details)['id']}"
    for verb, body, by in (
        ("submit", None, REP),
        ("approve", None, MANAGER),
        ("send", None, REP),
        ("sign", {"signed_by": "Wang"}, REP),
        ("activate", None, REP),
    ):
        assert client.post(f"{path}/{verb}", body, by=by).status == 200
    return path


def test_a_signed_contract_changes_by_change_orders(client: Client, customer: str) -> None:
    path = _in_force(client, customer)
    wanted = {"reason": "More", "value": {"amount": "15000.00", "currency": "CNY"}}

    order = client.post(f"{path}/change-orders", wanted, by=REP)
    assert (order.status, order.json["status"], order.json["before"]) == (200, "PROPOSED", None)
    at = f"{path}/change-orders/1"
    assert client.post(f"{at}/approve", by=REP).status == 403
    assert client.post(f"{at}/approve", by=STRANGER).status == 403
    approved = client.post(f"{at}/approve", by=MANAGER).json
    assert approved["before"] == {
        "value": {"amount": "12000.00", "currency": "CNY"},
        "ends_on": "2999-12-31",
        "tax": None,
    }
    changed = client.get(path, by=REP).json
    assert (changed["value"]["amount"], changed["amended"]) == ("15000.00", 1)
    client.post(f"{path}/change-orders", {"reason": "x", "ends_on": "2999-12-30"}, by=REP)
    assert client.post(f"{path}/change-orders/2/reject", {"reason": "No"}, by=MANAGER).status == 200
    told = client.post(f"{path}/change-orders/2/withdraw", by=REP)
    assert (told.status, told.json["code"]) == (409, "change_order_decided")
    listed = client.get(f"{path}/change-orders", by=REP).json["items"]
    assert [each["status"] for each in listed] == ["REJECTED", "APPROVED"]
    assert client.get(f"{path}/change-orders", by=STRANGER).status == 404


def test_notice_is_given_and_what_slips_is_listed(client: Client, customer: str) -> None:
    renewal = {"renewal": "AUTOMATIC", "renewal_months": 12, "notice_days": 30}
    path = _in_force(client, customer, **renewal)

    assert client.post(f"{path}/give-notice", {}, by=REP).json["notice_given_on"]
    assert client.post(f"{path}/give-notice", {}, by=REP).json["code"] == "notice_given"
    assert client.get("/contracts/at-risk", by=REP).json == {"items": [], "next": None}
    both = client.get("/contracts/at-risk", by=REP, query={"owner_id": REP.id, "team_id": REP.id})
    assert {error["field"] for error in both.json["errors"]} == {"owner_id", "team_id"}


def test_a_milestone_that_came_after_fifty_others_is_fulfilled(client: Client, customer: str) -> None:
    due = {"name": "Training 培训", "due_on": "2999-05-31"}
    path = _in_force(client, customer, milestones=[due] * 50)
    swap = {"reason": "Instead", "milestones": [due], "drop_milestones": [50]}
    client.post(f"{path}/change-orders", swap, by=REP)
    client.post(f"{path}/change-orders/1/approve", by=MANAGER)

    assert client.post(f"{path}/fulfil", {"number": 51}, by=REP).status == 200
    unknown = client.post(f"{path}/fulfil", {"number": 50}, by=REP)
    assert unknown.json["errors"][0]["code"] == "unknown_reference"
