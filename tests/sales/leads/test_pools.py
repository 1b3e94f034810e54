"""Lead pools: who may look, claim within limits, return with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.sales.leads.models import DEFAULT_POOL, Lead
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, waiting


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def a_pool(client: Client, **settings: Any) -> str:
    """A pool of team North."""
    reply = client.post("/lead-pools", {"name": "Web", "member_ids": [NORTH]} | settings, by=OPERATIONS)
    assert reply.status == 201, reply.text
    found: str = reply.json["id"]
    return found


def claim(client: Client, lead: Lead, by: Any = REP) -> Any:
    """Claim a lead."""
    return client.post(f"/leads/{lead.id}/claim", by=by)


def test_members_see_a_pools_leads_and_nobody_else_does(client: Client) -> None:
    pool_id = a_pool(client)
    [lead] = waiting(pool_id, 1)

    [seen] = client.get(f"/lead-pools/{pool_id}/leads", by=REP).json["items"]

    assert (seen["id"], seen["owner_id"], seen["status"]) == (lead.id, None, "NEW")
    assert client.get(f"/leads/{lead.id}", by=REP).status == 200
    assert client.patch(f"/leads/{lead.id}", {"city": "X"}, by=REP, match=1).status == 403
    assert client.get(f"/lead-pools/{pool_id}/leads", by=STRANGER).status == 404
    assert client.get(f"/leads/{lead.id}", by=STRANGER).status == 404
    assert claim(client, lead, by=STRANGER).status == 404


def test_a_claimed_lead_is_ones_own_and_nobody_elses(client: Client) -> None:
    pool_id = a_pool(client)
    [lead] = waiting(pool_id, 1)

    mine = claim(client, lead).json

    assert (mine["owner_id"], mine["team_id"], mine["status"]) == (REP.id, NORTH, "ASSIGNED")
    assert (mine["pool_id"], mine["claimed_from"], mine["assignment"]["how"]) == (None, pool_id, "CLAIMED")
    assert claim(client, lead, by=COLLEAGUE).status == 404
    assert client.get(f"/lead-pools/{pool_id}/leads", by=REP).json["items"] == []


def test_nobody_holds_more_than_the_pool_allows_until_one_is_finished_or_returned(client: Client) -> None:
    leads = waiting(a_pool(client, most_held=2), 4)

    statuses = [claim(client, lead).status for lead in leads[:3]]
    client.post(f"/leads/{leads[0].id}/unqualify", {"reason": "spam"}, by=REP)
    after_one_is_finished = claim(client, leads[2]).status
    client.post(f"/leads/{leads[1].id}/return", {"reason": "not my region"}, by=REP)
    after_one_is_returned = claim(client, leads[3])

    assert statuses == [200, 200, 429]
    assert (after_one_is_finished, after_one_is_returned.status) == (200, 200)
    assert claim(client, leads[1]).json["code"] == "pool_held"


def test_claims_of_a_day_are_limited_exactly(client: Client) -> None:
    leads = waiting(a_pool(client, daily_claims=2), 4)

    with clock.at(MONDAY):
        statuses = [claim(client, lead).status for lead in leads[:3]]
        colleague = claim(client, leads[3], by=COLLEAGUE).status
    with clock.at(MONDAY + timedelta(days=1)):
        next_day = claim(client, leads[2]).status

    assert (statuses, colleague, next_day) == ([200, 200, 429], 200, 200)


def test_a_returned_lead_waits_again_with_its_reason_and_its_promise_goes_on(client: Client) -> None:
    pool_id = a_pool(client)
    [lead] = waiting(pool_id, 1)
    claim(client, lead)

    returned = client.post(f"/leads/{lead.id}/return", {"reason": "not my region"}, by=REP).json

    assert (returned["status"], returned["pool_id"], returned["owner_id"]) == ("RECYCLED", pool_id, None)
    assert (returned["return_reason"], returned["sla_status"]) == ("not my region", "DUE")
    assert client.post(f"/leads/{lead.id}/return", {"reason": "x"}, by=REP).status == 404
    assert claim(client, lead, by=COLLEAGUE).status == 200


def test_a_pools_manager_hands_its_leads_out_and_gives_up_what_is_none(client: Client) -> None:
    pool_id = a_pool(client)
    first, second = waiting(pool_id, 2)

    handed = client.post(f"/leads/{first.id}/reassign", {"owner_id": REP.id}, by=MANAGER).json
    by_rep = client.post(f"/leads/{second.id}/reassign", {"owner_id": REP.id}, by=REP)
    given_up = client.post(f"/leads/{second.id}/unqualify", {"reason": "spam"}, by=MANAGER).json

    assert (handed["owner_id"], handed["pool_id"], handed["status"]) == (REP.id, None, "ASSIGNED")
    assert by_rep.status == 403
    assert (given_up["status"], given_up["sla_status"]) == ("UNQUALIFIED", None)
    assert client.get(f"/lead-pools/{pool_id}/leads", by=MANAGER).json["items"] == []


def test_a_return_needs_a_reason_and_a_pool_that_is_there(client: Client) -> None:
    [lead] = waiting(a_pool(client), 1)
    claim(client, lead)
    path = f"/leads/{lead.id}/return"
    nowhere = {"reason": "x", "pool_id": "lead_pool_0000000000000000000000N0NE"}

    assert client.post(path, {}, by=REP).json["errors"][0]["field"] == "reason"
    assert client.post(path, nowhere, by=REP).json["errors"][0]["field"] == "pool_id"


def test_a_pool_in_use_is_not_voided_and_says_by_what(client: Client) -> None:
    pool_id = a_pool(client)
    [lead] = waiting(pool_id, 1)
    rule = {"code": "web", "name": "Web", "pool_id": pool_id}
    client.put("/lead-rules/assignment", {"rules": [rule]}, by=OPERATIONS, match=0)

    refused = client.patch(f"/lead-pools/{pool_id}", {"status": "VOIDED"}, by=OPERATIONS, match=1)
    default = client.patch(f"/lead-pools/{DEFAULT_POOL}", {"status": "VOIDED"}, by=OPERATIONS, match=0)

    assert (refused.status, default.status) == (409, 409)
    assert [(each["field"], each["code"]) for each in refused.json["missing"]] == [
        ("rules", "pool_of_rule"),
        ("leads", "pool_of_lead"),
    ]
    assert lead.id in refused.json["missing"][1]["message"]


def test_what_was_claimed_from_a_pool_that_is_voided_goes_back_to_the_default_pool(client: Client) -> None:
    pool_id = a_pool(client)
    [lead] = waiting(pool_id, 1)
    claim(client, lead)

    voided = client.patch(f"/lead-pools/{pool_id}", {"status": "VOIDED"}, by=OPERATIONS, match=1)
    returned = client.post(f"/leads/{lead.id}/return", {"reason": "not my region"}, by=REP)
    rule = {"code": "web", "name": "Web", "pool_id": pool_id}
    named = client.put("/lead-rules/assignment", {"rules": [rule]}, by=OPERATIONS, match=0)

    assert (voided.status, returned.json["pool_id"]) == (200, DEFAULT_POOL)
    assert named.json["errors"][0]["field"] == "rules.0.pool_id"
    assert claim(client, lead, by=COLLEAGUE).status == 200


def test_the_default_pool_is_there_without_being_set_up(client: Client) -> None:
    [lead] = waiting(DEFAULT_POOL, 1)

    assert client.get(f"/lead-pools/{DEFAULT_POOL}", by=REP).etag == '"0"'
    assert claim(client, lead, by=STRANGER).status == 200
    changed = client.patch(f"/lead-pools/{DEFAULT_POOL}", {"daily_claims": 5}, by=OPERATIONS, match=0)
    assert (changed.status, changed.json["daily_claims"], changed.etag) == (200, 5, '"1"')
    assert client.patch(f"/lead-pools/{DEFAULT_POOL}", {"name": "X"}, by=REP, match=1).status == 403
