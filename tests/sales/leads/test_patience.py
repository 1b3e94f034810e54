"""A pool's patience: what nobody contacts goes back, and of what nobody claims its manager hears."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import clock
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import sla
from chalicelib.sales.leads.models import Lead
from tests.client import COLLEAGUE, MANAGER, OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, a_lead, again, seen, service, waiting
from tests.streams import sweep

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def claimed(at: datetime = MONDAY, **pool: Any) -> Lead:
    """A lead that Rita claimed from a pool that is patient for four hours."""
    found = service.add_pool(
        by=OPERATIONS, **{"name": "Web", "contact_timeout_hours": 4, "most_held": 1, **pool}
    )
    with clock.at(at):
        [lead] = waiting(found.id, 1)
        return service.claim(lead.id, version=None, by=REP)


def titles(who: Any) -> list[str]:
    """What somebody is to do."""
    return [task.title for task in activities.tasks(who=who, owner_id=who.id, limit=50).items]


def test_a_claimed_lead_that_nobody_contacts_goes_back_with_the_reason_and_its_owner_is_told() -> None:
    lead = claimed()
    pool_id = lead.claimed_from

    early = sweep(MONDAY + 3 * HOUR)
    sweep(MONDAY + 4 * HOUR)

    back = again(lead)
    assert early == 0
    assert seen(back, "status", "owner_id", "pool_id", "claimed_from") == ("RECYCLED", None, pool_id, None)
    assert (back.assignment["how"], back.assignment["claimed_by"]) == ("TIMED_OUT", REP.id)
    assert (back.return_reason, back.sla_status) == ("Not contacted in time", "DUE")
    assert titles(REP) == ["Somebody 因未及时联系已退回线索池"]
    assert service.claim(lead.id, version=None, by=REP).owner_id == REP.id  # the place is free again


def test_a_contacted_lead_stays_and_its_promise_is_still_looked_after() -> None:
    lead = claimed()
    service.interacted(lead.id, type="EMAIL", direction="IN", at=MONDAY + HOUR, outcome=None)
    unmoved = again(lead).pool_due_at
    service.interacted(lead.id, type="CALL", direction="OUT", at=MONDAY + 2 * HOUR, outcome="reached")

    sweep(MONDAY + 5 * HOUR)

    assert unmoved == MONDAY + 4 * HOUR  # what the other side wrote is no contact
    assert seen(again(lead), "owner_id", "status", "pool_due_at") == (REP.id, "WORKING", None)


def test_who_confirms_that_a_claimed_lead_is_worth_it_has_been_in_contact_and_keeps_it() -> None:
    lead = claimed()

    service.qualify_lead(lead.id, version=None, by=REP)
    sweep(MONDAY + 5 * HOUR)

    assert seen(again(lead), "owner_id", "status", "pool_due_at") == (REP.id, "QUALIFIED", None)


def test_a_claimed_lead_stays_when_one_that_was_contacted_is_merged_into_it() -> None:
    lead = claimed()
    other = a_lead("7", email="other@example.cn")
    service.interacted(other.id, type="CALL", direction="OUT", at=MONDAY + HOUR, outcome="reached")

    service.merge(other.id, into_id=lead.id, take=[], reason=None, version=None, by=OPERATIONS)
    sweep(MONDAY + 5 * HOUR)

    assert seen(again(lead), "owner_id", "pool_due_at") == (REP.id, None)


def test_a_returned_or_reassigned_lead_is_under_no_pressure_of_its_last_claim() -> None:
    lead = claimed()

    service.reassign_lead(lead.id, owner_id=COLLEAGUE.id, version=None, by=MANAGER)
    sweep(MONDAY + 5 * HOUR)

    assert seen(again(lead), "owner_id", "pool_due_at") == (COLLEAGUE.id, None)


def test_of_a_lead_that_nobody_claims_the_pools_manager_hears_once() -> None:
    pool = service.add_pool(name="Web", claim_timeout_hours=2, manager_id=MANAGER.id, by=OPERATIONS)
    with clock.at(MONDAY):
        [lead] = waiting(pool.id, 1)

    sweep(MONDAY + 2 * HOUR)
    sweep(MONDAY + 3 * HOUR)

    assert titles(MANAGER) == ["Nobody has claimed Somebody from the pool"]
    assert seen(again(lead), "pool_id", "pool_due_at", "sla_status") == (pool.id, None, "DUE")


RULES: list[dict[str, Any]] = [
    {"name": "All", "source": None, "rating": None, "hours": 24, "calendar_id": None},
    {"name": "Hot", "source": None, "rating": "HOT", "hours": 4, "calendar_id": None},
    {"name": "Fair", "source": "Fair", "rating": None, "hours": 8, "calendar_id": None},
    {"name": "Hot fair", "source": "fair", "rating": "HOT", "hours": 1, "calendar_id": None},
]


@pytest.mark.parametrize(
    ("source", "rating", "rule"),
    [
        ("Fair", "HOT", "Hot fair"),
        ("fair", "COLD", "Fair"),
        ("Web", "HOT", "Hot"),
        (None, "COLD", "All"),
    ],
)
def test_the_narrowest_rule_promises_whatever_their_order(source: Any, rating: str, rule: str) -> None:
    for rules in (RULES, RULES[::-1]):
        told = sla.promised({"source": source, "rating": rating}, rules, placed_by=None)

        assert told[2]["name"] == rule
        assert told[0] == next(each["hours"] for each in RULES if each["name"] == rule)


def test_a_form_says_before_a_rule_and_a_rule_before_the_assignment() -> None:
    placed = {"name": "North", "sla_hours": 48, "sla_calendar_id": "calendar_1"}

    assert sla.promised({"sla_hours": 2}, RULES, placed_by=placed)[0] == 2
    assert sla.promised({}, RULES[:1], placed_by=placed) == (24, "calendar_1", {"by": "RULE", "name": "All"})
    assert sla.promised({}, [], placed_by=placed) == (48, "calendar_1", {"by": "ASSIGNMENT", "name": "North"})
    assert sla.promised({}, [], placed_by=None) == (24, None, {"by": "DEFAULT"})


def test_a_rule_may_let_all_hours_count_whatever_the_calendar_of_the_assignment() -> None:
    placed = {"name": "North", "sla_hours": 48, "sla_calendar_id": "calendar_1"}
    around_the_clock = [{**RULES[1], "all_hours": True}]

    told = sla.promised({"rating": "HOT"}, around_the_clock, placed_by=placed)

    assert told[:2] == (4, None)


def rate(client: Client, *rules: dict[str, Any]) -> None:
    """Promise by these rules."""
    reply = client.put("/lead-rules/first-contact", {"rules": rules}, by=OPERATIONS, match=0)
    assert reply.status == 200, reply.text


def test_a_lead_that_becomes_hot_is_promised_a_sooner_answer_and_tells_instead_of_what(
    client: Client,
) -> None:
    rate(client, *RULES[:2])
    with clock.at(MONDAY):
        lead = a_lead("1", email="li@example.cn")
    with clock.at(MONDAY + 2 * HOUR):
        told = {"company": "Galaxy", "employees": 900, "products": ["CRM"], "phone": "+8613800138000"}
        service.change_lead(lead.id, version=None, by=OPERATIONS, **told)

    hot = again(lead)
    assert seen(hot, "rating", "sla_hours", "sla_due_at") == ("HOT", 4, MONDAY + 6 * HOUR)
    assert seen(hot, "sla_started_at", "due_minute") == (MONDAY, "2026-11-23T07:00")
    instead_of = {"by": "RULE", "name": "All", "hours": 24}
    assert hot.sla_by == {"by": "RULE", "name": "Hot", "rating": "HOT", "instead_of": instead_of}


def test_a_promise_is_never_put_off_and_what_a_form_said_or_was_kept_stays(client: Client) -> None:
    rate(client, RULES[1], {**RULES[0], "rating": "COLD", "hours": 48})
    told = {"company": "Galaxy", "employees": 900, "products": ["CRM"], "phone": "+8613800138000"}
    with clock.at(MONDAY):
        hot = a_lead("1", email="hot@example.cn", **told)
        by_form = a_lead("2", email="form@example.cn", sla_hours=30)
        answered = a_lead("3", email="answered@example.cn")
        service.interacted(answered.id, type="CALL", direction="OUT", at=MONDAY, outcome=None)
        service.change_lead(hot.id, version=None, by=OPERATIONS, company=None, employees=None, products=None)
        for lead, phone in ((by_form, "+8613800138001"), (answered, "+8613800138002")):
            service.change_lead(lead.id, version=None, by=OPERATIONS, **told | {"phone": phone})

    assert seen(again(hot), "rating", "sla_due_at") == ("COLD", MONDAY + 4 * HOUR)
    assert seen(again(by_form), "rating", "sla_hours") == ("HOT", 30)
    assert seen(again(answered), "rating", "sla_hours") == ("HOT", 48)


def test_operations_set_the_hours_and_a_lead_says_why(client: Client) -> None:
    path = "/lead-rules/first-contact"
    twice = [{"name": "A", "source": "Fair", "hours": 1}, {"name": "B", "source": "fair", "hours": 2}]
    nowhere = [{"name": "A", "hours": 1, "calendar_id": "calendar_0000000000000000000000N0NE"}]

    assert client.get(path, by=REP).json == {"rules": [], "version": 0}
    assert client.put(path, {"rules": RULES}, by=REP, match=0).status == 403
    refused = [client.put(path, {"rules": rules}, by=OPERATIONS, match=0).json for rules in (twice, nowhere)]
    assert [each["errors"][0]["field"] for each in refused] == ["rules.1", "rules.0.calendar_id"]
    both = {"name": "A", "hours": 1, "calendar_id": nowhere[0]["calendar_id"], "all_hours": True}
    either = client.put(path, {"rules": [both]}, by=OPERATIONS, match=0).json["errors"][0]
    assert (either["field"], either["code"]) == ("rules.0", "calendar_or_all_hours")
    assert client.put(path, {"rules": RULES}, by=OPERATIONS, match=0).status == 200
    lead = a_lead("1", source="FAIR", email="li@example.cn")
    assert (lead.sla_hours, lead.sla_by) == (8, {"by": "RULE", "name": "Fair", "source": "Fair"})
