"""Contracts over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from tests.client import COLLEAGUE, FINANCE, MANAGER, READ_ONLY, REP, STRANGER, Client
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
    assert [e["field"] for e in both.json["errors"]] == ["owner_id"]


def test_a_contract_is_handed_over_and_shared(client: Client, customer: str) -> None:
    path = f"/contracts/{_draft(client, customer)['id']}"

    client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)
    assert client.get(path, by=STRANGER).status == 200
    moved = client.post(f"{path}/reassign", {"owner_id": COLLEAGUE.id}, by=MANAGER)
    assert moved.json["owner_id"] == COLLEAGUE.id
