"""People over HTTP: first the stranger, then wrong input, then the happy path."""

from typing import Any

import pytest

from tests.client import ADMIN, COLLEAGUE, FINANCE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, STRANGER, Client
from tests.organisation.people.builders import SOUTH_MANAGER, hire_everybody

LIN = {"name": "Lin 林", "email": "Lin@Example.com", "role": "REP", "team_id": NORTH}
#: A user's id that nobody has.
NOBODY = "user_00000000000000000000000NBD"


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def _user(client: Client, user_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/users/{user_id}", by=ADMIN).json
    return found


@pytest.mark.parametrize("path", ["/users", "/me", "/teams", "/territories", "/calendars", "/api-keys"])
def test_nobody_sees_the_company_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path).status == 401


def test_a_rep_sees_colleagues_but_neither_hires_nor_changes_them(client: Client) -> None:
    path = f"/users/{COLLEAGUE.id}"

    assert client.get(path, by=REP).json["name"] == COLLEAGUE.name
    assert client.post("/users", LIN, by=REP).status == 403
    assert client.patch(path, {"role": "ADMIN"}, by=REP, match=1).status == 403
    assert client.delete(path, by=REP, match=1).status == 403
    assert client.post(f"{path}/return", by=REP).status == 403
    assert client.post(f"{path}/forget-login", by=REP).status == 403


def test_operations_configure_teams_but_hire_nobody(client: Client) -> None:
    assert client.post("/teams", {"name": "Key accounts"}, by=OPERATIONS).status == 201
    assert client.post("/users", LIN, by=OPERATIONS).status == 403


def test_somebody_unknown_is_not_found(client: Client) -> None:
    assert client.get(f"/users/{NOBODY}", by=REP).status == 404
    assert client.get("/users/whoever", by=REP).status == 404
    assert client.patch(f"/users/{NOBODY}", {"level": 2}, by=ADMIN, match=1).status == 404


def test_every_wrong_field_of_a_user_is_named_at_once(client: Client) -> None:
    wrong = {
        "email": "nobody at home",
        "role": "KING",
        "zone": "Mars/Olympus",
        "level": 0,
        "capacity": -1,
        "status": "ACTIVE",
    }

    reply = client.post("/users", wrong, by=ADMIN)

    assert reply.status == 400
    named = {error["field"].partition(".")[0] for error in reply.json["errors"]}
    assert named == {"name", "email", "role", "zone", "level", "capacity", "status"}


@pytest.mark.parametrize(
    ("body", "field"),
    [({**LIN, "team_id": SOUTH.replace("STH", "XXX")}, "team_id"), ({**LIN, "team_id": REP.id}, "team_id")],
)
def test_a_user_works_in_a_team_that_there_is(client: Client, body: dict[str, Any], field: str) -> None:
    reply = client.post("/users", body, by=ADMIN)

    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field)


def test_null_does_not_clear_what_a_user_needs(client: Client) -> None:
    reply = client.patch(f"/users/{REP.id}", {"name": None, "role": None}, by=ADMIN, match=1)

    assert {error["field"] for error in reply.json["errors"]} == {"name", "role"}


def test_an_administrator_hires_changes_and_lets_go(client: Client) -> None:
    added = client.post("/users", LIN, by=ADMIN)
    assert (added.status, added.json["email"]) == (201, "lin@example.com")
    path = added.headers["location"]

    changed = client.patch(path, {"level": 3, "team_id": SOUTH}, by=ADMIN, match=added.etag)
    assert (changed.json["level"], changed.json["team_id"], changed.etag) == (3, SOUTH, '"2"')
    assert client.patch(path, {"level": 4}, by=ADMIN, match=added.etag).status == 412

    gone = client.delete(path, by=ADMIN, match=changed.etag)
    assert gone.json["status"] == "INACTIVE"
    assert client.post(f"{path}/return", by=ADMIN).json["status"] == "ACTIVE"


def test_an_address_belongs_to_one_user(client: Client) -> None:
    first = client.post("/users", LIN, by=ADMIN).json

    again = client.post("/users", {**LIN, "email": "LIN@example.com"}, by=ADMIN)
    taken = client.patch(f"/users/{REP.id}", {"email": "lin@example.com"}, by=ADMIN, match=1)

    assert (again.status, again.json["holder"]) == (409, first["id"])
    assert (taken.status, _user(client, REP.id)["email"]) == (409, "rita@example.com")


def test_an_address_given_up_is_free_again(client: Client) -> None:
    client.patch(f"/users/{REP.id}", {"email": "rita@example.org"}, by=ADMIN, match=1)

    assert client.post("/users", {**LIN, "email": "rita@example.com"}, by=ADMIN).status == 201


def test_the_last_administrator_can_neither_go_nor_step_down(client: Client) -> None:
    path = f"/users/{ADMIN.id}"

    gone = client.delete(path, by=ADMIN, match=1)
    lower = client.patch(path, {"role": "REP"}, by=ADMIN, match=1)
    assert (gone.status, gone.json["code"], lower.status) == (409, "last_administrator", 409)

    client.patch(f"/users/{REP.id}", {"role": "ADMIN"}, by=ADMIN, match=1)
    assert client.delete(path, by=ADMIN, match=1).status == 200


def test_people_are_listed_by_name_page_by_page(client: Client) -> None:
    names: list[str] = []
    query: dict[str, Any] = {"limit": 4}
    while query:
        found = client.get("/users", by=REP, query=query).json
        names += [user["name"] for user in found["items"]]
        query = {"limit": 4, "cursor": found["next"]} if found["next"] else {}

    assert names == sorted(names, key=str.casefold)
    assert len(names) == len(set(names)) == 9


def test_a_phone_finds_a_colleague_by_a_part_of_the_name_with_two_fields(client: Client) -> None:
    found = client.get("/users", by=REP, query={"q": "王", "fields": "name"}).json["items"]

    assert found == [{"id": REP.id, "name": REP.name}]


def test_lists_keep_to_a_team_and_to_those_who_work_here(client: Client) -> None:
    client.delete(f"/users/{COLLEAGUE.id}", by=ADMIN, match=1)

    north = client.get("/users", by=REP, query={"team_id": NORTH}).json["items"]
    gone = client.get("/users", by=REP, query={"status": "INACTIVE"}).json["items"]

    assert {user["id"] for user in north} == {REP.id, MANAGER.id}
    assert [user["id"] for user in gone] == [COLLEAGUE.id]


def test_everybody_says_when_they_are_away_themselves(client: Client) -> None:
    path = f"/users/{FINANCE.id}/absence"
    holiday = {"away_from": "2026-10-01", "away_until": "2026-10-08", "stand_in_id": REP.id}

    away = client.put(path, holiday, by=FINANCE, match=1)
    back = client.put(path, {}, by=FINANCE, match=2)

    assert {name: away.json[name] for name in holiday} == holiday
    assert {name: back.json[name] for name in holiday} == dict.fromkeys(holiday)


def test_a_manager_speaks_for_the_team_and_for_no_other(client: Client) -> None:
    path, ill = f"/users/{REP.id}/absence", {"away_from": "2026-10-01"}

    assert client.put(path, ill, by=COLLEAGUE, match=1).status == 403
    assert client.put(path, ill, by=SOUTH_MANAGER, match=1).status == 403
    assert client.put(path, ill, by=MANAGER, match=1).json["away_from"] == "2026-10-01"
    assert client.put(path, ill, by=ADMIN, match=2).status == 200


@pytest.mark.parametrize(
    ("absence", "field"),
    [
        ({"away_from": "2026-10-08", "away_until": "2026-10-01"}, "away_until"),
        ({"away_until": "2026-10-01"}, "away_until"),
        ({"away_from": "2026-10-01", "stand_in_id": REP.id}, "stand_in_id"),
        ({"away_from": "2026-10-01", "stand_in_id": NOBODY}, "stand_in_id"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(client: Client, absence: dict[str, Any], field: str) -> None:
    reply = client.put(f"/users/{REP.id}/absence", absence, by=REP, match=1)

    assert (reply.status, reply.json["errors"][0]["field"]) == (400, field)


def test_who_calls_reads_who_they_are_and_sets_language_and_zone(client: Client) -> None:
    me = client.get("/me", by=REP)
    assert me.json["permissions"] == ["*:read", "*:write"]
    assert (me.json["user"]["language"], me.json["teams"]) == ("zh-CN", [NORTH])

    changed = client.patch("/me", {"language": "en", "zone": "Europe/Berlin"}, by=REP, match=me.etag)
    assert (changed.json["language"], changed.json["zone"]) == ("en", "Europe/Berlin")
    assert client.patch("/me", {"role": "ADMIN"}, by=REP, match="*").status == 400
    assert client.patch("/me", {"language": None}, by=REP, match="*").status == 400


def test_refusals_speak_the_callers_language(client: Client) -> None:
    reply = client.post("/users", LIN, by=STRANGER, headers={"Accept-Language": "zh-CN"})

    assert reply.json["title"] == "没有权限"
