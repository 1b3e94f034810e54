"""Reports over HTTP: subscribing, the ledger of runs, the preview."""

from typing import Any

import pytest

from tests.client import COLLEAGUE, MANAGER, OPERATIONS, READ_ONLY, REP, STRANGER, Client
from tests.insight.reports.pages import Page
from tests.organisation.people.builders import hire_everybody


@pytest.fixture
def client(client: Client) -> Client:
    """The app, with people in the company."""
    hire_everybody()
    return client


def subscribe(client: Client, by: Any = REP, **body: Any) -> Any:
    """Subscribe to the daily report."""
    reply = client.post("/reports/subscriptions", {"report": "REP_DAILY", **body}, by=by)
    assert reply.status == 201
    return reply.json


@pytest.mark.parametrize("path", ["/subscriptions", "/runs", "/preview"])
def test_nobody_reads_reports_without_signing_in(client: Client, path: str) -> None:
    assert client.get(f"/reports{path}").status == 401


def test_somebody_elses_subscription_looks_as_if_it_were_not_there(client: Client) -> None:
    path = f"/reports/subscriptions/{subscribe(client)['id']}"

    for who in (COLLEAGUE, STRANGER):
        assert client.get(path, by=who).status == 404
        assert client.patch(path, {"hour": 9}, by=who, match=1).status == 404
        assert client.delete(path, by=who, match=1).status == 404


def test_a_report_comes_in_the_persons_own_language_and_at_the_usual_time(client: Client) -> None:
    made = subscribe(client)

    assert (made["owner_id"], made["language"], made["hour"], made["weekday"]) == (REP.id, "zh-CN", 8, None)
    assert made["next_run_at"].endswith("T00:00:00.000Z")  # 08:00 in Shanghai


def test_every_wrong_wish_is_named(client: Client) -> None:
    wrong = {"report": "NEWS", "hour": 24, "weekday": 0, "zone": "Mars/Base", "language": "fr", "owner_id": 1}

    reply = client.post("/reports/subscriptions", wrong, by=REP)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == set(wrong)


def test_a_report_is_subscribed_once(client: Client) -> None:
    first = subscribe(client)

    again = client.post("/reports/subscriptions", {"report": "REP_DAILY"}, by=REP)
    assert (again.status, again.json["holder"]) == (409, first["id"])

    assert client.delete(f"/reports/subscriptions/{first['id']}", by=REP, match=1).status == 200
    subscribe(client)


def test_operations_subscribe_others_and_nobody_else_does(client: Client) -> None:
    assert subscribe(client, OPERATIONS, user_id=REP.id)["owner_id"] == REP.id

    body = {"report": "REP_DAILY", "user_id": COLLEAGUE.id}
    assert client.post("/reports/subscriptions", body, by=REP).status == 403
    assert client.post("/reports/subscriptions", body, by=MANAGER).status == 403


def test_a_teams_report_is_for_those_who_manage_one(client: Client) -> None:
    body = {"report": "MANAGER_WEEKLY"}

    refused = client.post("/reports/subscriptions", body, by=REP)

    assert refused.json["errors"][0]["code"] == "manages_no_team"
    assert client.post("/reports/subscriptions", body, by=MANAGER).json["weekday"] == 1


def test_an_unknown_person_is_named(client: Client) -> None:
    body = {"report": "REP_DAILY", "user_id": "user_01ARZ3NDEKTSV4RRFFQ69G5FAV"}

    reply = client.post("/reports/subscriptions", body, by=OPERATIONS)

    assert reply.status == 400
    assert reply.json["errors"][0]["field"] == "user_id"


def test_a_changed_hour_moves_the_next_run(client: Client) -> None:
    path = f"/reports/subscriptions/{subscribe(client)['id']}"

    moved = client.patch(path, {"hour": 7, "zone": "UTC"}, by=REP, match=1).json

    assert moved["next_run_at"].endswith("T07:00:00.000Z")
    assert client.patch(path, {"hour": 7}, by=REP, match=1).status == 412
    assert client.patch(path, {"hour": 7}, by=REP).status == 428
    emptied = client.patch(path, {"hour": None, "status": None}, by=REP, match=2)
    assert {error["field"] for error in emptied.json["errors"]} == {"hour", "status"}


def test_a_paused_report_has_no_next_run(client: Client) -> None:
    path = f"/reports/subscriptions/{subscribe(client)['id']}"

    assert client.patch(path, {"status": "PAUSED"}, by=REP, match=1).json["next_run_at"] is None
    assert client.patch(path, {"status": "ACTIVE"}, by=REP, match=2).json["next_run_at"]


def test_one_lists_the_own_subscriptions_and_a_manager_the_teams(client: Client) -> None:
    made = subscribe(client)
    subscribe(client, COLLEAGUE)

    assert [each["id"] for each in client.get("/reports/subscriptions", by=REP).json["items"]] == [made["id"]]
    assert len(client.get("/reports/subscriptions", by=MANAGER).json["items"]) == 2
    assert client.get("/reports/runs", by=REP).json == {"items": [], "next": None}


@pytest.mark.parametrize("report", ["REP_DAILY", "MANAGER_WEEKLY"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("who", [MANAGER, OPERATIONS, READ_ONLY], ids=lambda who: str(who.role))
def test_a_report_can_be_looked_at_before(client: Client, report: str, language: str, who: Any) -> None:
    reply = client.get("/reports/preview", by=who, query={"report": report, "language": language})

    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert Page(reply.text).values("lang") == [language]


def test_a_teams_report_is_not_shown_to_a_rep(client: Client) -> None:
    assert client.get("/reports/preview", by=REP, query={"report": "MANAGER_WEEKLY"}).status == 403
