"""Leads over HTTP: first the stranger, then wrong input, then a lead's way across the desk."""

from typing import Any

import pytest

from chalicelib.core import boards
from chalicelib.core.step import change
from chalicelib.organisation.people.models import User
from chalicelib.sales.leads.models import Lead
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, READ_ONLY, REP, SOUTH, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import all_of
from tests.streams import Stream

LI = {"name": "Li Lei 李雷", "email": "li@example.cn", "phone": "+86 138 0013 8000", "company": "Galaxy"}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def add(client: Client, by: Any = REP, **details: Any) -> dict[str, Any]:
    """A lead that somebody typed in."""
    reply = client.post("/leads", LI | details, by=by)
    assert reply.status in (200, 201), reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_leads_without_signing_in(client: Client) -> None:
    assert client.get("/leads").status == 401
    assert client.get("/leads/lead_01KAQ00000000000000000000A").status == 401


def test_somebody_elses_lead_is_not_there(client: Client) -> None:
    lead = add(client)
    path = f"/leads/{lead['id']}"

    assert client.get(path, by=STRANGER).status == 404
    assert client.patch(path, {"city": "Xi'an"}, by=STRANGER, match=1).status == 404
    assert client.post(f"{path}/qualify", by=STRANGER).status == 404
    assert client.get(f"{path}/touches", by=STRANGER).status == 404
    assert client.get(path, by=MANAGER).status == 200


def test_who_meets_somebody_elses_lead_is_told_that_it_is_one_and_no_more(client: Client) -> None:
    lead = add(client)

    met = client.post("/leads", LI, by=STRANGER)
    batch = client.post("/leads/batch", {"leads": [LI]}, by=STRANGER).json["items"][0]["lead"]

    assert (met.status, met.json["id"], met.json["how"]) == (200, lead["id"], "JOINED")
    for told in (met.json, batch):
        assert (told["owner_id"], told["status"], told["score"], told["rating"]) == (None, None, None, None)
    assert client.post("/leads", LI, by=MANAGER).json["owner_id"] == REP.id


def test_who_may_only_read_changes_nothing(client: Client) -> None:
    lead = add(client)

    assert client.get(f"/leads/{lead['id']}", by=READ_ONLY).status == 200
    assert client.post("/leads", LI, by=READ_ONLY).status == 403
    assert client.put("/lead-rules/scoring", {"rules": []}, by=REP, match=0).status == 403


def test_every_wrong_field_is_named_at_once(client: Client) -> None:
    wrong = {"email": "nobody", "phone": "1", "employees": -1, "score": 99, "status": "CONVERTED"}

    reply = client.post("/leads", wrong, by=REP)

    assert reply.status == 400
    assert {e["field"] for e in reply.json["errors"]} == {"email", "phone", "employees", "score", "status"}
    assert client.post("/leads", {"city": "Xi'an"}, by=REP).status == 400
    assert all_of(Lead) == []


def test_a_reps_own_lead_stays_with_the_rep_and_others_go_by_the_rules(client: Client) -> None:
    own = add(client)
    others = add(client, by=OPERATIONS, email="han@example.cn", phone=None)

    assert (own["owner_id"], own["how"]) == (REP.id, "CREATED")
    decision = client.get(f"/leads/{others['id']}", by=OPERATIONS).json["assignment"]
    assert (decision["how"], decision["rule"]) == ("RULE", "everybody")


def test_only_who_may_assign_gives_a_lead_to_somebody_else(client: Client) -> None:
    assert client.post("/leads", LI | {"owner_id": COLLEAGUE.id}, by=REP).status == 403
    assert add(client, by=MANAGER, owner_id=COLLEAGUE.id)["owner_id"] == COLLEAGUE.id
    unknown = {"owner_id": "user_0000000000000000000000N0NE", "email": "x@example.cn"}
    assert client.post("/leads", LI | unknown, by=MANAGER).status == 400


def test_a_lead_typed_in_twice_is_one_and_says_so(client: Client) -> None:
    first = add(client)
    reply = client.post("/leads", LI | {"city": "Xi'an"}, by=REP)

    assert (reply.status, reply.json["id"], reply.json["how"]) == (200, first["id"], "JOINED")
    [touch] = client.get(f"/leads/{first['id']}/touches", by=REP).json["items"]
    assert (touch["matched_by"], touch["details"]["city"]) == ("email", "Xi'an")


def test_a_batch_answers_for_each_of_its_leads(client: Client) -> None:
    rows = [LI, {"email": "nobody"}, LI | {"name": "Li again"}, {"name": "Han", "shoe_size": 42}]

    reply = client.post("/leads/batch", {"leads": rows}, by=REP, headers={"Accept-Language": "zh-CN"})

    assert (reply.status, reply.json["created"], reply.json["joined"], reply.json["refused"]) == (
        200,
        1,
        1,
        2,
    )
    assert [item["status"] for item in reply.json["items"]] == [201, 400, 200, 400]
    assert reply.json["items"][3]["problem"]["errors"][0]["field"] == "shoe_size"
    assert client.post("/leads/batch", {"leads": [LI] * 101}, by=REP).status == 400


def test_a_change_needs_the_version_and_scores_anew(client: Client) -> None:
    lead = add(client)
    path = f"/leads/{lead['id']}"

    assert client.patch(path, {"employees": 900}, by=REP).status == 428
    changed = client.patch(path, {"employees": 900}, by=REP, match=1)
    assert (changed.status, changed.json["score"]) == (200, lead["score"] + 20)
    assert {"rule": "Large company", "points": 20} in changed.json["reasons"]
    assert client.patch(path, {"employees": 9}, by=REP, match=1).status == 412
    assert client.patch(path, {"name": None}, by=REP, match=2).status == 400
    assert client.patch(path, {"owner_id": COLLEAGUE.id}, by=REP, match=2).status == 400


def test_a_new_e_mail_is_what_the_lead_is_known_by(client: Client) -> None:
    lead = add(client)
    client.patch(f"/leads/{lead['id']}", {"email": "new@example.cn"}, by=REP, match=1)

    assert add(client, email="new@example.cn", phone=None)["id"] == lead["id"]
    assert add(client, email="li@example.cn", phone=None, name="Other")["id"] != lead["id"]
    other = add(client, email="third@example.cn", phone=None)
    taken = client.patch(f"/leads/{other['id']}", {"email": "new@example.cn"}, by=REP, match=1)
    assert (taken.status, taken.json["holder"]) == (409, lead["id"])


def test_a_lead_is_qualified_or_given_up_with_a_reason_and_only_in_turn(client: Client) -> None:
    lead = add(client)
    path = f"/leads/{lead['id']}"

    qualified = client.post(f"{path}/qualify", by=REP).json
    again = client.post(f"{path}/qualify", by=REP)
    given_up = client.post(f"{path}/unqualify", {"reason": "no budget"}, by=REP).json

    assert (qualified["status"], qualified["sla_status"]) == ("QUALIFIED", "FULFILLED")
    assert again.status == 409
    assert (given_up["status"], given_up["unqualified_reason"]) == ("UNQUALIFIED", "no budget")
    assert client.post(f"{path}/unqualify", {}, by=REP).status == 400


def test_a_lead_changes_hands_by_its_owner_or_who_may_assign(client: Client) -> None:
    path = f"/leads/{add(client)['id']}"

    handed = client.post(f"{path}/reassign", {"owner_id": COLLEAGUE.id}, by=REP).json
    back = client.post(f"{path}/reassign", {"owner_id": REP.id}, by=REP)
    by_manager = client.post(f"{path}/reassign", {"owner_id": REP.id}, by=MANAGER).json

    assert (handed["owner_id"], handed["assignment"]["how"]) == (COLLEAGUE.id, "REASSIGNED")
    assert back.status == 404
    assert by_manager["owner_id"] == REP.id


def test_a_shared_lead_is_read_by_who_it_is_shared_with(client: Client) -> None:
    path = f"/leads/{add(client)['id']}"

    client.post(f"{path}/share", {"with_id": STRANGER.id, "right": "read"}, by=REP)

    assert client.get(path, by=STRANGER).status == 200
    assert client.post(f"{path}/qualify", by=STRANGER).status == 403


def test_lists_show_an_owners_leads_by_status_and_a_managers_team(client: Client) -> None:
    first, second = add(client), add(client, email="han@example.cn", phone=None)
    client.post(f"/leads/{first['id']}/qualify", by=REP)

    def ids(by: Any, **query: Any) -> list[str]:
        return [item["id"] for item in client.get("/leads", by=by, query=query).json["items"]]

    assert ids(REP) == [second["id"], first["id"]]
    assert ids(REP, status="QUALIFIED") == [first["id"]]
    assert ids(MANAGER, status="ASSIGNED", owner_id=REP.id) == [second["id"]]
    assert ids(MANAGER, team_id=NORTH) == [second["id"], first["id"]]
    assert client.get("/leads", by=STRANGER, query={"owner_id": REP.id}).status == 404
    assert client.get("/leads", by=STRANGER, query={"owner_id": REP.id, "status": "NEW"}).status == 404
    assert client.get("/leads", by=REP, query={"team_id": NORTH, "status": "NEW"}).status in (400, 404)


def test_a_voided_lead_leaves_the_lists_and_comes_back_as_it_was(client: Client) -> None:
    lead = add(client)
    path = f"/leads/{lead['id']}"

    voided = client.delete(path, by=REP, match=1)
    gone = client.get("/leads", by=REP).json["items"]
    restored = client.post(f"{path}/restore", by=REP).json

    assert (voided.json["status"], gone) == ("VOIDED", [])
    assert (restored["status"], restored["sla_status"]) == ("ASSIGNED", "DUE")
    assert Lead.fetch(lead["id"]).due_minute
    assert [item["id"] for item in client.get("/leads", by=REP, query={"status": "ASSIGNED"}).json["items"]]


def test_rules_are_replaced_as_a_whole_under_their_version(client: Client) -> None:
    rule = {"name": "Any", "points": 70, "conditions": []}

    assert client.get("/lead-rules/scoring", by=REP).etag == '"0"'
    put = client.put("/lead-rules/scoring", {"rules": [rule]}, by=OPERATIONS, match=0)
    assert (put.status, put.etag) == (200, '"1"')
    assert client.put("/lead-rules/scoring", {"rules": []}, by=OPERATIONS, match=0).status == 412
    assert add(client)["rating"] == "HOT"
    condition = {"field": "city", "operator": "EQUALS", "value": "Xi'an"}
    assignment = {
        "rules": [{"code": "xian", "name": "Xi'an", "conditions": [condition], "user_ids": [REP.id]}]
    }
    assert client.put("/lead-rules/assignment", assignment, by=OPERATIONS, match=0).status == 200
    wrong = {"rules": [{"code": "x", "name": "X", "conditions": [{"field": "city", "operator": "ONE_OF"}]}]}
    assert client.put("/lead-rules/assignment", wrong, by=OPERATIONS, match=1).status == 400


def test_figures_follow_a_lead_wherever_it_goes(client: Client, stream: Stream) -> None:
    lead = add(client, source="Web|Site")
    client.post(f"/leads/{lead['id']}/qualify", by=REP)
    stream.drain()

    month = Lead.fetch(lead["id"]).created_month
    by_owner = boards.read("leads|owner")[f"{month}|{REP.id}"]
    assert (by_owner["created"], by_owner["qualified"], by_owner["in_time"]) == (1, 1, 1)
    assert list(boards.read("leads|source")) == [f"{month}|Web/Site"]
    assert boards.read("leads_open|owner") == {REP.id: {"QUALIFIED.count": 1}}

    client.delete(f"/leads/{lead['id']}", by=REP, match=2)
    stream.drain()
    assert all(not any(row.values()) for row in boards.read("leads|owner").values())


def test_a_leads_team_is_its_owners(client: Client, stream: Stream) -> None:
    lead = add(client)

    change(User.fetch(REP.id), by="system", team_id=SOUTH)
    stream.drain()

    assert Lead.fetch(lead["id"]).team_id == SOUTH
