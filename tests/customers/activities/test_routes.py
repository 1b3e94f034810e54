"""Interactions and tasks over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from tests.client import MANAGER, READ_ONLY, REP, STRANGER, Client
from tests.customers import builders

pytestmark = pytest.mark.usefixtures("company")
DUE = "2026-11-23T09:00:00.000Z"


def _call(client: Client, about_id: str, **fields: Any) -> dict[str, Any]:
    told = {"about_id": about_id, "type": "CALL", "subject": "Asked for a quote 询价", **fields}
    reply = client.post("/activities", told, by=REP)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def _task(client: Client, **fields: Any) -> dict[str, Any]:
    reply = client.post("/tasks", {"title": "Send the quote", "due_at": DUE, **fields}, by=REP)
    assert reply.status == 201, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_nobody_reads_what_happened_without_signing_in(client: Client) -> None:
    for path in ("/activities", "/tasks"):
        assert client.get(path).status == 401
        assert client.post(path, {}).status == 401


def test_somebody_elses_interactions_and_tasks_look_like_none(client: Client) -> None:
    account = builders.account()
    call, task = _call(client, account.id), _task(client)
    path = f"/tasks/{task['id']}"

    for reply in (
        client.get(f"/activities/{call['id']}", by=STRANGER),
        client.delete(f"/activities/{call['id']}", by=STRANGER, match=1),
        client.get("/activities", by=STRANGER, query={"about_id": account.id}),
        client.get("/activities", by=STRANGER, query={"owner_id": REP.id, "month": "2026-11"}),
        client.get(path, by=STRANGER),
        client.patch(path, {"title": "Mine"}, by=STRANGER, match=1),
        client.post(f"{path}/complete", {}, by=STRANGER),
        client.post(f"{path}/reassign", {"owner_id": STRANGER.id}, by=STRANGER),
        client.get("/tasks", by=STRANGER, query={"owner_id": REP.id}),
    ):
        assert (reply.status, reply.json["code"]) == (404, "not_found")


def test_who_may_only_read_logs_nothing(client: Client) -> None:
    account = builders.account()
    told = {"about_id": account.id, "type": "NOTE", "subject": "x"}

    assert client.post("/activities", told, by=READ_ONLY).status == 403
    assert client.get("/activities", by=READ_ONLY, query={"about_id": account.id}).status == 200


def test_every_wrong_field_of_an_interaction_is_named_at_once(client: Client) -> None:
    wrong = {
        "about_id": "acme",
        "type": "SHOUT",
        "subject": "",
        "minutes": 1441,
        "happened_at": "2026-11-22T04:00:00",
        "owner_id": STRANGER.id,
    }

    reply = client.post("/activities", {**wrong, "next_action": {"title": "Go"}}, by=REP)

    fields = {error["field"] for error in reply.json["errors"]}
    assert (reply.status, fields) == (400, {*wrong, "next_action.due_at"})


def test_every_wrong_field_of_a_task_is_named_at_once(client: Client) -> None:
    wrong = {"title": None, "due_at": "tomorrow", "priority": "SOON", "status": "COMPLETED"}

    reply = client.post("/tasks", wrong, by=REP)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == set(wrong)
    assert client.get("/tasks", by=REP).json == {"items": [], "next": None}


def test_a_call_is_logged_once_however_often_it_is_sent(client: Client) -> None:
    account = builders.account()
    told = {
        "about_id": account.id,
        "type": "CALL",
        "subject": "Asked for a quote",
        "next_action": {"title": "Send it", "due_at": DUE},
    }
    headers = {"Idempotency-Key": "call-1"}

    first = client.post("/activities", told, by=REP, headers=headers)
    second = client.post("/activities", told, by=REP, headers=headers)

    assert (first.status, second.status, second.text) == (201, 201, first.text)
    assert len(client.get("/activities", by=REP, query={"about_id": account.id}).json["items"]) == 1
    [task] = client.get("/tasks", by=REP).json["items"]
    assert (task["id"], task["title"]) == (first.json["task_id"], "Send it")


def test_one_list_is_asked_for_at_a_time(client: Client) -> None:
    account = builders.account()

    for path in ("/activities", "/tasks"):
        reply = client.get(path, by=REP, query={"about_id": account.id, "owner_id": REP.id})
        assert {error["field"] for error in reply.json["errors"]} == {"about_id", "owner_id"}


def test_what_happened_is_read_but_never_changed(client: Client) -> None:
    account = builders.account()
    call = _call(client, account.id, minutes=5, result="Wants 20 licences")
    path = f"/activities/{call['id']}"

    assert client.get(path, by=MANAGER).json == call
    assert client.patch(path, {"minutes": 50}, by=REP, match=1).status == 405
    voided = client.delete(path, by=REP, match=1)
    assert (voided.status, voided.json["status"]) == (200, "VOIDED")
    assert client.delete(path, by=REP, match=2).json["code"] == "voided"


def test_a_task_goes_its_way(client: Client) -> None:
    task = _task(client, priority="HIGH")
    path = f"/tasks/{task['id']}"

    assert client.patch(path, {"title": None}, by=REP, match=1).status == 400
    assert client.patch(path, {"title": "Send both quotes"}, by=REP, match=1).json["priority"] == "HIGH"
    assert client.post(f"{path}/start", by=REP, match=2).json["status"] == "IN_PROGRESS"
    assert client.post(f"{path}/complete", {}, by=REP, match=2).status == 412
    later = client.post(f"{path}/defer", {"due_at": "2026-12-01T09:00:00Z"}, by=REP)
    assert (later.json["status"], later.json["due_at"]) == ("DEFERRED", "2026-12-01T09:00:00.000Z")
    done = client.post(f"{path}/complete", {"result": "Sent"}, by=REP)
    assert (done.json["status"], done.json["result"]) == ("COMPLETED", "Sent")
    again = client.post(f"{path}/start", by=REP)
    assert (again.status, again.json["code"]) == (409, "out_of_turn")


def test_a_task_is_read_page_by_page_in_the_order_it_is_due(client: Client) -> None:
    for day in (25, 23, 24):
        _task(client, title=f"Day {day}", due_at=f"2026-11-{day}T09:00:00Z")

    first = client.get("/tasks", by=REP, query={"limit": 2}).json
    rest = client.get("/tasks", by=REP, query={"limit": 2, "cursor": first["next"]}).json

    titles = [task["title"] for task in first["items"] + rest["items"]]
    assert titles == ["Day 23", "Day 24", "Day 25"]
