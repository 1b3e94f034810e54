"""The call centre's log: a call is a lead or a touch, and an interaction, once."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.customers.activities.models import Activity
from chalicelib.sales.leads.models import Lead
from tests.client import FINANCE, OPERATIONS, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, again, all_of, seen, waiting
from tests.streams import Stream

CALL: dict[str, Any] = {
    "call_id": "PBX-7/1",
    "phone": "138 0013 8000",
    "started_at": clock.iso(MONDAY),
    "minutes": 4,
    "name": "李雷",
    "note": "Wants a quote",
}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def test_a_call_is_a_lead_and_its_first_contact_and_told_again_it_is_the_same(
    client: Client, stream: Stream
) -> None:
    with clock.at(MONDAY + timedelta(minutes=5)):
        first, again_told = (client.post("/leads/calls", CALL, by=OPERATIONS) for _ in range(2))
        second = client.post("/leads/calls", CALL | {"call_id": "PBX-7/2"}, by=OPERATIONS)
        stream.drain()

    assert [reply.status for reply in (first, again_told, second)] == [201, 201, 200]
    assert again_told.json == first.json
    [lead] = all_of(Lead)
    assert seen(lead, "channel", "name", "phone", "touches") == ("CALL", "李雷", "+8613800138000", 1)
    assert seen(lead, "sla_status", "status") == ("FULFILLED", "WORKING")
    assert sorted(each.subject for each in all_of(Activity)) == ["Call", "Call"]


def test_a_call_told_again_with_another_beginning_is_the_same_also_when_its_lead_was_merged(
    client: Client,
) -> None:
    with clock.at(MONDAY + timedelta(minutes=5)):
        first = client.post("/leads/calls", CALL, by=OPERATIONS).json
        corrected = CALL | {"started_at": clock.iso(MONDAY + timedelta(seconds=1))}
        second = client.post("/leads/calls", corrected, by=OPERATIONS).json
        other = client.post("/leads", {"name": "Lei", "email": "li@example.cn"}, by=OPERATIONS).json
        merging = f"/leads/{first['lead_id']}/merge"
        merged = client.post(merging, {"into_id": other["id"]}, by=OPERATIONS, match=1)
        third = client.post("/leads/calls", corrected, by=OPERATIONS).json

    assert merged.status == 200, merged.text
    assert {each["activity_id"] for each in (second, third)} == {first["activity_id"]}
    assert len(all_of(Activity)) == 1
    assert again(Lead.fetch(first["lead_id"])).touches == 0


def test_who_withholds_the_number_is_a_lead_when_something_else_says_who_it_is(client: Client) -> None:
    told = {name: value for name, value in CALL.items() if name != "phone"}
    named: list[dict[str, Any]] = [
        {"company": "星河科技"},
        {"email": "li@example.cn"},
        {"name": None, "email": "han@example.cn"},
    ]
    nobody: list[dict[str, Any]] = [{}, {"name": None, "company": "星河科技"}]

    taken = [
        client.post("/leads/calls", told | more | {"call_id": f"PBX-8/{at}"}, by=OPERATIONS)
        for at, more in enumerate(named)
    ]
    refused = [client.post("/leads/calls", told | more, by=OPERATIONS) for more in nobody]

    assert [reply.status for reply in taken] == [201] * 3
    assert {(reply.status, reply.json["errors"][0]["field"]) for reply in refused} == {(400, "phone")}
    assert sorted(lead.name for lead in all_of(Lead)) == ["han@example.cn", "李雷", "李雷"]


def test_a_number_that_was_another_persons_call_is_refused(client: Client) -> None:
    client.post("/leads/calls", CALL, by=OPERATIONS)

    other = CALL | {"name": "Rita", "phone": "139 0013 9000", "started_at": clock.iso(clock.now())}
    reply = client.post("/leads/calls", other, by=OPERATIONS)

    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "call_id")
    assert [lead.name for lead in all_of(Lead)] == ["李雷"]


def test_who_was_not_answered_still_waits_for_a_first_contact(client: Client, stream: Stream) -> None:
    with clock.at(MONDAY + timedelta(minutes=5)):
        reply = client.post("/leads/calls", CALL | {"answered": False, "minutes": None}, by=OPERATIONS)
        stream.drain()

    [lead], [missed] = all_of(Lead), all_of(Activity)
    assert reply.json["lead_id"] == lead.id
    assert seen(lead, "sla_status", "status") == ("DUE", "ASSIGNED")
    assert seen(missed, "type", "direction", "subject") == ("NOTE", "IN", "Missed call")


def test_a_call_about_a_lead_in_a_pool_is_logged_though_nobody_owns_it(client: Client) -> None:
    [lead] = waiting("lead_pool_" + "0" * 26, 1)
    told = CALL | {"email": lead.email}

    reply = client.post("/leads/calls", told | {"started_at": clock.iso(clock.now())}, by=OPERATIONS)

    assert (reply.status, reply.json["lead_id"], again(lead).touches) == (200, lead.id, 1)


def test_a_call_to_come_or_of_no_number_is_refused(client: Client) -> None:
    with clock.at(MONDAY - timedelta(hours=1)):
        to_come = client.post("/leads/calls", CALL, by=OPERATIONS)
    nobody = client.post("/leads/calls", CALL | {"phone": "12"}, by=OPERATIONS)

    assert client.post("/leads/calls", CALL).status == 401
    assert client.post("/leads/calls", CALL, by=FINANCE).status == 403
    fields = [reply.json["errors"][0]["field"] for reply in (to_come, nobody)]
    assert fields == ["started_at", "phone"]
    assert all_of(Lead) == []
