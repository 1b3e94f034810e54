"""Who gets a lead: by rules, in turn, never beyond a cap, never somebody who is away."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import clock, errors, guards
from chalicelib.core.step import change
from chalicelib.organisation.people import directory
from chalicelib.organisation.people import service as people
from chalicelib.organisation.people.models import User
from chalicelib.sales.leads import moves, service
from chalicelib.sales.leads.assignment import EVERYBODY
from chalicelib.sales.leads.models import DEFAULT_POOL
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, STRANGER
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, a_lead, again, seen
from tests.streams import Stream


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def rules(*given: dict[str, Any]) -> None:
    """Set up assignment rules."""
    whole = [{**EVERYBODY, "code": f"rule{at}", "name": f"Rule {at}"} | rule for at, rule in enumerate(given)]
    service.put_assignment_rules(version=None, by=OPERATIONS, rules=whole)


def know(who: Any, **details: Any) -> None:
    """Change what is known of somebody."""
    change(User.fetch(who.id), by="system", **details)
    directory.forget()


def owners(number: int, **details: Any) -> list[str | None]:
    """Who gets so many leads, one after the other."""
    return [a_lead(str(at), **details).owner_id for at in range(number)]


def test_without_rules_every_rep_takes_a_turn() -> None:
    assert sorted(owners(6), key=str) == sorted([REP.id, COLLEAGUE.id, STRANGER.id] * 2)


def test_the_first_rule_that_fits_decides() -> None:
    rules(
        {"conditions": [{"field": "region", "operator": "EQUALS", "value": "North"}], "team_ids": [NORTH]},
        {"user_ids": [STRANGER.id]},
    )

    north, elsewhere = a_lead("1", region="north"), a_lead("2", region="South")

    assert north.owner_id in (REP.id, COLLEAGUE.id, MANAGER.id)
    assert (elsewhere.owner_id, elsewhere.assignment["rule_name"]) == (STRANGER.id, "Rule 1")


def test_a_hot_lead_can_go_to_somebody_else_than_a_cold_one() -> None:
    hot = {"field": "rating", "operator": "EQUALS", "value": "COLD"}
    rules({"conditions": [hot], "user_ids": [STRANGER.id]}, {"user_ids": [REP.id]})

    assert a_lead("1").owner_id == STRANGER.id
    assert a_lead("2", company="Galaxy", employees=900, phone="+8613800138000").owner_id == REP.id


def test_who_is_away_gets_nothing_and_their_stand_in_does() -> None:
    rules({"user_ids": [REP.id]})
    today = clock.today()
    know(
        REP,
        away_from=today - timedelta(days=1),
        away_until=today + timedelta(days=9),
        stand_in_id=COLLEAGUE.id,
    )

    lead = a_lead()

    assert lead.owner_id == COLLEAGUE.id
    assert lead.assignment["stands_in_for"] == REP.id
    assert lead.assignment["skipped"] == [{"user_id": REP.id, "why": "ABSENT", "stand_in": COLLEAGUE.id}]


def test_who_has_left_gets_nothing() -> None:
    rules({"user_ids": [REP.id, STRANGER.id]})
    know(REP, status="INACTIVE")

    assert owners(3) == [STRANGER.id] * 3


def test_when_a_rule_finds_nobody_the_next_one_decides_and_the_log_tells_both() -> None:
    rules({"user_ids": [REP.id]}, {"user_ids": [STRANGER.id]})
    know(REP, daily_lead_cap=1)

    first, second = a_lead("1"), a_lead("2")

    assert (first.owner_id, second.owner_id) == (REP.id, STRANGER.id)
    assert second.assignment["skipped"] == [{"user_id": REP.id, "why": "DAILY_CAP"}]


def test_a_daily_cap_is_exact_and_the_rest_waits_in_the_pool() -> None:
    rules({"user_ids": [REP.id]})
    know(REP, daily_lead_cap=3)

    leads = [a_lead(str(number)) for number in range(5)]

    assert [lead.owner_id for lead in leads] == [REP.id] * 3 + [None, None]
    assert {(lead.status, lead.pool_id) for lead in leads[3:]} == {("NEW", DEFAULT_POOL)}


def test_a_cap_is_of_one_day() -> None:
    rules({"user_ids": [REP.id]})
    know(REP, daily_lead_cap=1)
    with clock.at(MONDAY):
        assert owners(2) == [REP.id, None]

    with clock.at(MONDAY + timedelta(days=1)):
        assert a_lead("9").owner_id == REP.id


def test_the_least_busy_gets_the_lead_and_a_burst_spreads_before_the_figures_follow(stream: Stream) -> None:
    rules({"user_ids": [REP.id]})
    for number in range(3):
        a_lead(f"A{number}")
    stream.drain()
    rules({"code": "fair", "strategy": "LEAST_OPEN", "user_ids": [REP.id, STRANGER.id]})

    given_to = owners(7)

    assert given_to[:3] == [STRANGER.id] * 3
    assert given_to.count(REP.id) == 2


def test_nobody_gets_more_open_leads_than_they_can_carry(stream: Stream) -> None:
    rules({"user_ids": [REP.id]})
    know(REP, capacity=2)

    assert owners(2) == [REP.id] * 2
    stream.drain()

    lead = a_lead("Z")
    assert seen(lead, "owner_id") == (None,)
    assert lead.assignment["skipped"] == [{"user_id": REP.id, "why": "CAPACITY"}]


def test_a_rule_can_send_leads_to_a_pool() -> None:
    pool = service.add_pool(name="Students", by=OPERATIONS)
    rules({"pool_id": pool.id, "sla_hours": 72})

    lead = a_lead()

    assert seen(lead, "pool_id", "owner_id", "status") == (pool.id, None, "NEW")
    assert (lead.assignment["how"], lead.assignment["rule"]) == ("POOL", "rule0")
    assert lead.sla_hours == 72


def test_the_expert_gets_the_lead() -> None:
    rules({"strategy": "EXPERT"})
    know(STRANGER, industries=["Retail"])

    assert owners(2, industry="Retail") == [STRANGER.id] * 2


def test_what_an_expert_knows_is_compared_without_case_as_conditions_are() -> None:
    rules({"strategy": "EXPERT"})
    know(STRANGER, products=["CRM Pro"])

    assert owners(2, products=["crm pro "]) == [STRANGER.id] * 2


def test_a_rule_may_ask_only_for_what_leads_have() -> None:
    with pytest.raises(errors.Invalid) as refused:
        rules({"conditions": [{"field": "shoe_size", "operator": "PRESENT"}]})

    assert [error.field for error in refused.value.errors] == ["rules.0.conditions.0.field"]


def test_a_lead_stands_in_its_territory_and_takes_the_region_from_it() -> None:
    people.add_territory(code="EAST", name="East 华东", countries=["CN"], cities=["Nanjing"], by=OPERATIONS)
    rules(
        {"conditions": [{"field": "territory", "operator": "EQUALS", "value": "EAST"}], "user_ids": [REP.id]},
        {"user_ids": [STRANGER.id]},
    )

    inside = a_lead("1", country="CN", city="nanjing")
    told = a_lead("2", country="CN", city="Nanjing", region="Jiangsu")
    outside = a_lead("3", country="CN", city="Chengdu")
    service.change_lead(outside.id, version=None, by=OPERATIONS, city="Nanjing")

    assert seen(inside, "territory", "region", "owner_id") == ("EAST", "East 华东", REP.id)
    assert seen(told, "territory", "region") == ("EAST", "Jiangsu")
    assert seen(outside, "territory", "owner_id") == (None, STRANGER.id)
    assert seen(again(outside), "territory", "owner_id") == ("EAST", STRANGER.id)


def test_capacity_is_exact_whichever_rule_gives_and_whatever_becomes_of_the_leads() -> None:
    know(REP, capacity=2)
    rules(
        {"conditions": [{"field": "city", "operator": "EQUALS", "value": "X"}], "user_ids": [REP.id]},
        {"user_ids": [REP.id]},
    )

    first, second = a_lead("1", city="X"), a_lead("2")
    full = a_lead("3", city="X")
    service.unqualify_lead(first.id, reason="spam", version=None, by=REP)
    after_one = a_lead("4")
    service.restore_lead(service.void_lead(second.id, version=None, by=REP).id, version=None, by=REP)

    assert [lead.owner_id for lead in (first, second, full, after_one)] == [REP.id, REP.id, None, REP.id]
    assert {"user_id": REP.id, "why": "CAPACITY"} in full.assignment["skipped"]
    held = guards.read(moves.open_leads(REP.id))
    assert held is not None
    assert held.n == 2
