"""Accounts and contacts over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from tests.client import COLLEAGUE, FINANCE, MANAGER, NORTH, READ_ONLY, REP, STRANGER, Client

pytestmark = pytest.mark.usefixtures("company")

ACME = {
    "name": "Acme 阿克米有限公司",
    "industry": "software",
    "region": "East",
    "country": "CN",
    "employees": 120,
    "annual_revenue": {"amount": "1100.04", "currency": "USD"},
    "website": "https://acme.example.com",
    "phone": "021-5888 8888",
}
LI = {"name": "李伟 Li Wei", "email": "Li.Wei@Example.com", "influence": "DECISION_MAKER"}


def _account(client: Client, **fields: Any) -> dict[str, Any]:
    reply = client.post("/accounts", {**ACME, **fields}, by=REP)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def _contact(client: Client, account: dict[str, Any], **fields: Any) -> dict[str, Any]:
    reply = client.post("/contacts", {**LI, "account_id": account["id"], **fields}, by=REP)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_customers_without_signing_in(client: Client) -> None:
    for path in ("/accounts", "/contacts"):
        assert client.get(path).status == 401
        assert client.post(path, {}).status == 401


def test_somebody_elses_account_looks_like_none(client: Client) -> None:
    account = _account(client)
    path = f"/accounts/{account['id']}"

    for reply in (
        client.get(path, by=STRANGER),
        client.get(f"{path}/contacts", by=STRANGER),
        client.patch(path, {"city": "Wuhan"}, by=STRANGER, match=1),
        client.delete(path, by=STRANGER, match=1),
        client.post(f"{path}/restore", by=STRANGER),
        client.post(f"{path}/reassign", {"owner_id": STRANGER.id}, by=STRANGER),
        client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=STRANGER),
    ):
        assert (reply.status, reply.json["code"]) == (404, "not_found")
    assert client.get("/accounts/account_nowhere", by=STRANGER).json["code"] == "not_found"


def test_somebody_elses_contact_looks_like_none(client: Client) -> None:
    contact = _contact(client, _account(client))
    path = f"/contacts/{contact['id']}"

    for reply in (
        client.get(path, by=STRANGER),
        client.patch(path, {"title": "CEO"}, by=STRANGER, match=1),
        client.delete(path, by=STRANGER, match=1),
        client.post(f"{path}/reassign", {"owner_id": STRANGER.id}, by=STRANGER),
        client.post("/contacts", {"name": "Eve", "account_id": contact["account_id"]}, by=STRANGER),
    ):
        assert (reply.status, reply.json["code"]) == (404, "not_found")


def test_who_may_only_read_changes_nothing(client: Client) -> None:
    account = _account(client)

    for reader in (FINANCE, READ_ONLY):
        assert client.get(f"/accounts/{account['id']}", by=reader).status == 200
        assert client.post("/accounts", ACME, by=reader).status == 403


def test_every_wrong_field_of_an_account_is_named_at_once(client: Client) -> None:
    wrong = {
        "name": "",
        "country": "China",
        "employees": -1,
        "annual_revenue": {"amount": "1.005", "currency": "USD"},
        "website": "javascript:alert(1)",
        "phone": "call me",
        "status": "CUSTOMER",
    }

    reply = client.post("/accounts", wrong, by=REP)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == set(wrong)
    assert client.get("/accounts", by=REP).json["items"] == []


def test_every_wrong_field_of_a_contact_is_named_at_once(client: Client) -> None:
    wrong = {"account_id": "acme", "name": "\x00", "email": "li@", "influence": "BOSS", "interests": [1]}

    reply = client.post("/contacts", wrong, by=REP)

    fields = {error["field"].partition(".")[0] for error in reply.json["errors"]}
    assert (reply.status, fields) == (400, set(wrong))


def test_a_name_cannot_be_cleared_but_a_city_can(client: Client) -> None:
    account = _account(client, city="Shanghai")
    path = f"/accounts/{account['id']}"

    assert client.patch(path, {"name": None}, by=REP, match=1).status == 400
    assert client.patch(path, {"city": None}, by=REP, match=1).json["city"] is None
    assert client.patch(path, {"city": "Wuhan"}, by=REP, match=1).status == 412
    assert client.patch(path, {"city": "Wuhan"}, by=REP).status == 428


def test_a_rep_adds_an_account_of_the_reps_own(client: Client) -> None:
    account = _account(client)

    assert account["owner_id"] == REP.id
    assert account["team_id"] == NORTH
    assert account["status"] == "PROSPECT"
    assert account["annual_revenue"] == ACME["annual_revenue"]
    assert account["phone"] == "+862158888888"
    assert client.get("/accounts", by=REP).json["items"] == [account]


def test_only_who_may_assign_adds_an_account_for_others(client: Client) -> None:
    for_colleague = {**ACME, "owner_id": COLLEAGUE.id}

    assert client.post("/accounts", for_colleague, by=REP).status == 403
    assert client.post("/accounts", for_colleague, by=MANAGER).json["owner_id"] == COLLEAGUE.id
    unknown = {**ACME, "name": "Beta", "owner_id": "user_01M80TBJ718A84WBP65VNB7VV5"}
    assert client.post("/accounts", unknown, by=MANAGER).json["errors"][0]["field"] == "owner_id"


def test_a_second_account_of_a_company_names_the_first(client: Client) -> None:
    account = _account(client)

    again = client.post("/accounts", {"name": "acme 阿克米"}, by=REP)
    hidden = client.post("/accounts", {"name": "acme 阿克米"}, by=STRANGER)

    assert (again.status, again.json["code"], again.json["holder"]) == (409, "account_exists", account["id"])
    assert (hidden.status, hidden.json["code"], "holder" in hidden.json) == (409, "account_exists", False)
    assert _account(client, allow_duplicate=True)["name"] == account["name"]


def test_a_parent_is_an_account_in_reach_and_not_the_account_itself(client: Client) -> None:
    parent = _account(client)
    child = _account(client, name="Acme Labs", parent_id=parent["id"])
    path = f"/accounts/{parent['id']}"

    assert child["parent_id"] == parent["id"]
    own = client.patch(path, {"parent_id": parent["id"]}, by=REP, match=1)
    foreign = client.post("/accounts", {"name": "Spy", "parent_id": parent["id"]}, by=STRANGER)
    assert own.json["errors"][0]["field"] == foreign.json["errors"][0]["field"] == "parent_id"


def test_the_people_of_an_account_are_its_owners(client: Client) -> None:
    account = _account(client)

    contact = _contact(client, account)

    assert (contact["owner_id"], contact["email"]) == (REP.id, "li.wei@example.com")
    assert client.get(f"/accounts/{account['id']}/contacts", by=REP).json["items"] == [contact]
    assert client.get("/contacts", by=MANAGER).json["items"] == [contact]
    changed = client.patch(f"/contacts/{contact['id']}", {"title": "采购总监"}, by=REP, match=1)
    assert (changed.status, changed.json["title"], changed.etag) == (200, "采购总监", '"2"')


def test_an_account_is_voided_restored_shared_and_handed_over(client: Client) -> None:
    account = _account(client)
    path = f"/accounts/{account['id']}"

    assert client.delete(path, by=REP, match=1).json["status"] == "VOIDED"
    assert client.patch(path, {"city": "Wuhan"}, by=REP, match=2).json["code"] == "voided"
    assert client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP).status == 409
    assert client.get("/accounts", by=REP, query={"voided": "true"}).json["items"][0]["id"] == account["id"]
    assert client.post(f"{path}/restore", by=REP).json["status"] == "PROSPECT"
    assert client.post(f"{path}/restore", by=REP).json["code"] == "not_voided"
    assert client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP).status == 200
    assert client.get(path, by=STRANGER).status == 200
    moved = client.post(f"{path}/reassign", {"owner_id": COLLEAGUE.id}, by=REP)
    assert (moved.status, moved.json["owner_id"]) == (200, COLLEAGUE.id)
    assert client.get(path, by=REP).status == 404


def test_a_long_list_of_people_is_read_page_by_page(client: Client) -> None:
    account = _account(client)
    added = [_contact(client, account, name=f"P{n}", email=f"p{n}@example.com")["id"] for n in range(5)]

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2, "fields": "name"}
    while True:
        found = client.get(f"/accounts/{account['id']}/contacts", by=REP, query=query).json
        seen += [item["id"] for item in found["items"]]
        if found["next"] is None:
            break
        query["cursor"] = found["next"]

    assert sorted(seen) == sorted(added)
    assert len(seen) == 5
