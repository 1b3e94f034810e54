"""Teams, territories, calendars and API keys over HTTP."""

from typing import Any

import pytest

from chalicelib.organisation.people import service as people
from tests.client import ADMIN, FINANCE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, Client
from tests.organisation.people.builders import hire_everybody

TEAM = {"name": "Key accounts 大客户", "type": "DEPARTMENT", "manager_id": MANAGER.id}
EAST = {"code": "EAST", "name": "华东", "countries": ["CN"], "regions": ["Jiangsu"], "team_id": NORTH}
NINE_TO_SIX = [{"opens": "09:00", "closes": "12:00"}, {"opens": "13:30", "closes": "18:00"}]
OFFICE = {
    "name": "Shanghai 上海",
    "zone": "Asia/Shanghai",
    "week": {"mon": NINE_TO_SIX, "fri": NINE_TO_SIX},
    "holidays": ["2026-10-01"],
    "special_days": [{"day": "2026-10-10", "hours": NINE_TO_SIX}],
}
ROOMS = [("/teams", TEAM), ("/territories", EAST), ("/calendars", OFFICE)]
KEY = {"name": "Website", "scopes": ["leads:write"]}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def _added(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = client.post(path, body, by=OPERATIONS)
    assert reply.status == 201, reply.text
    added: dict[str, Any] = client.get(reply.headers["location"], by=REP).json
    return added


@pytest.mark.parametrize(("path", "body"), ROOMS)
def test_everybody_reads_the_order_of_the_company_and_operations_make_it(
    client: Client, path: str, body: dict[str, Any]
) -> None:
    added = _added(client, path, body)

    assert {name: added[name] for name in body if name != "week"} == {
        name: value for name, value in body.items() if name != "week"
    }
    assert added["id"] in {each["id"] for each in client.get(path, by=REP).json["items"]}
    for who in (REP, MANAGER, FINANCE):
        assert client.post(path, body, by=who).status == 403
        assert client.patch(f"{path}/{added['id']}", {"name": "x"}, by=who, match=1).status == 403
        assert client.delete(f"{path}/{added['id']}", by=who, match=1).status == 403


@pytest.mark.parametrize(("path", "body"), ROOMS)
def test_what_is_voided_leaves_the_lists_for_good(client: Client, path: str, body: dict[str, Any]) -> None:
    added = _added(client, path, body)
    own = f"{path}/{added['id']}"

    renamed = client.patch(own, {"name": "Other"}, by=OPERATIONS, match=1)
    assert (renamed.json["name"], renamed.etag) == ("Other", '"2"')
    assert client.delete(own, by=OPERATIONS, match=1).status == 412
    assert client.delete(own, by=OPERATIONS, match=2).json["status"] == "VOIDED"

    assert client.get(own, by=REP).status == 404
    assert client.patch(own, {"name": "Again"}, by=OPERATIONS, match=3).status == 404
    assert added["id"] not in {each["id"] for each in client.get(path, by=REP).json["items"]}


@pytest.mark.parametrize(
    ("path", "wrong", "named"),
    [
        ("/teams", {"type": "CLUB", "parent_id": "north"}, {"name", "type", "parent_id"}),
        ("/teams", {"name": "A", "parent_id": NORTH[:-3] + "XXX"}, {"parent_id"}),
        ("/teams", {"name": "A", "manager_id": NORTH}, {"manager_id"}),
        ("/territories", {"code": "a b", "countries": ["China"]}, {"code", "name", "countries.0"}),
        ("/territories", {**EAST, "owner_id": NORTH}, {"owner_id"}),
        ("/calendars", {"name": "A", "zone": "Mars", "week": {}}, {"zone", "week"}),
        ("/calendars", {**OFFICE, "week": {"mon": NINE_TO_SIX[::-1]}}, {"week.mon"}),
        ("/calendars", {**OFFICE, "week": {"mon": [{"opens": "9", "closes": "25:00"}]}},
         {"week.mon.0.opens", "week.mon.0.closes"}),
        ("/calendars", {**OFFICE, "holidays": ["2026-02-30"]}, {"holidays.0"}),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named(
    client: Client, path: str, wrong: dict[str, Any], named: set[str]
) -> None:
    reply = client.post(path, wrong, by=OPERATIONS)

    assert reply.status == 400
    assert {error["field"] for error in reply.json["errors"]} == named


def test_a_team_never_stands_below_itself(client: Client) -> None:
    below = _added(client, "/teams", {"name": "Shenzhen", "parent_id": SOUTH})

    for parent_id in (SOUTH, below["id"]):
        reply = client.patch(f"/teams/{SOUTH}", {"parent_id": parent_id}, by=OPERATIONS, match=1)
        assert [error["code"] for error in reply.json["errors"]] == ["team_ring"]


def test_a_team_with_people_or_teams_in_it_stays(client: Client) -> None:
    department = _added(client, "/teams", TEAM)
    client.patch(f"/teams/{SOUTH}", {"parent_id": department["id"]}, by=OPERATIONS, match=1)

    for team_id, version in ((NORTH, 1), (department["id"], 1)):
        reply = client.delete(f"/teams/{team_id}", by=OPERATIONS, match=version)
        assert (reply.status, reply.json["code"]) == (409, "team_in_use")


def test_a_territory_code_belongs_to_one_territory(client: Client) -> None:
    first = _added(client, "/territories", EAST)

    again = client.post("/territories", {**EAST, "code": "east"}, by=OPERATIONS)

    assert (again.status, again.json["holder"]) == (409, first["id"])


def test_a_place_finds_its_territory_as_soon_as_it_is_drawn(client: Client) -> None:
    assert people.territory_of(country="CN", region="Jiangsu", city=None) is None

    east = _added(client, "/territories", EAST)

    found = people.territory_of(country="CN", region="Jiangsu", city=None)
    assert found is not None
    assert (found.id, found.team_id) == (east["id"], NORTH)


def test_short_lists_have_pages_too(client: Client) -> None:
    for number in range(3):
        _added(client, "/teams", {"name": f"Team {number}"})

    first = client.get("/teams", by=REP, query={"limit": 3}).json
    rest = client.get("/teams", by=REP, query={"limit": 3, "cursor": first["next"]}).json

    ids = [team["id"] for team in first["items"] + rest["items"]]
    assert (ids, rest["next"]) == (sorted(ids), None)
    assert len(set(ids)) == 5


def test_only_administrators_see_and_make_keys(client: Client) -> None:
    key = client.post("/api-keys", KEY, by=ADMIN).json

    for who in (OPERATIONS, MANAGER, REP):
        assert client.get("/api-keys", by=who).status == 403
        assert client.post("/api-keys", KEY, by=who).status == 403
        assert client.delete(f"/api-keys/{key['id']}", by=who, match=1).status == 403


def test_a_key_is_shown_once_works_and_is_revoked(client: Client) -> None:
    issued = client.post("/api-keys", KEY, by=ADMIN)
    own = issued.headers["location"]
    assert people.identify(issued.json["key"]).id == issued.json["id"]

    read = client.get(own, by=ADMIN)
    assert "key" not in read.json
    assert "key" not in client.get("/api-keys", by=ADMIN).json["items"][0]
    revoked = client.delete(own, by=ADMIN, match=read.etag)
    assert (revoked.json["status"], client.delete(own, by=ADMIN, match=revoked.etag).status) == (
        "REVOKED",
        200,
    )


def test_a_key_asked_for_twice_is_one_key_and_still_shown_only_once(client: Client) -> None:
    headers = {"Idempotency-Key": "click-1"}

    first = client.post("/api-keys", KEY, by=ADMIN, headers=headers)
    second = client.post("/api-keys", KEY, by=ADMIN, headers=headers)

    assert (second.status, second.json["id"], second.json["key"]) == (201, first.json["id"], None)
    assert len(client.get("/api-keys", by=ADMIN).json["items"]) == 1


@pytest.mark.parametrize("scope", ["*:*", "people:admin", "*:admin", "leads", "leads:fly", "*:approve"])
def test_no_key_administers_or_does_what_nobody_named(client: Client, scope: str) -> None:
    reply = client.post("/api-keys", {"name": "All", "scopes": [scope]}, by=ADMIN)

    assert [error["field"] for error in reply.json["errors"]] == ["scopes.0"]


def test_a_key_is_not_made_for_the_past(client: Client) -> None:
    reply = client.post("/api-keys", {**KEY, "expires_at": "2020-01-01T00:00:00Z"}, by=ADMIN)

    assert [(error["field"], error["code"]) for error in reply.json["errors"]] == [
        ("expires_at", "in_the_past")
    ]
