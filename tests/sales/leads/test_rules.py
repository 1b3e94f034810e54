"""Scoring and assignment as pure rules: conditions, points, turns, limits, expertise."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.money import Money
from chalicelib.sales.leads.assignment import Candidate, choose
from chalicelib.sales.leads.conditions import facts_of, holds
from chalicelib.sales.leads.scoring import reasons, score

FACTS = facts_of(
    {
        "company": "Galaxy",
        "email": "li@Galaxy.cn",
        "industry": "Retail",
        "employees": 800,
        "products": ["GTX", "MG"],
        "value": Money.of("25000.00", "CNY"),
        "answers": {"seats": 12, "trial": True},
        "utm": {"utm_source": "baidu"},
        "region": None,
    }
)


def asked(field: str, operator: str, value: Any = None) -> bool:
    return holds({"field": field, "operator": operator, "value": value}, FACTS)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("industry", "EQUALS", "retail"),
        ("industry", "ONE_OF", ["Finance", "RETAIL "]),
        ("email_domain", "EQUALS", "galaxy.cn"),
        ("company", "CONTAINS", "gal"),
        ("employees", "AT_LEAST", 800),
        ("employees", "AT_MOST", 800),
        ("value", "AT_LEAST", "24999.99"),
        ("currency", "EQUALS", "CNY"),
        ("products", "EQUALS", "mg"),
        ("answers.seats", "AT_LEAST", 10),
        ("utm_source", "EQUALS", "baidu"),
        ("answers.trial", "EQUALS", True),
        ("region", "ABSENT", None),
        ("company", "PRESENT", None),
    ],
)
def test_a_condition_that_holds(field: str, operator: str, value: Any) -> None:
    assert asked(field, operator, value)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("industry", "EQUALS", "Ret"),
        ("employees", "AT_LEAST", 801),
        ("industry", "AT_LEAST", 1),
        ("region", "EQUALS", "North"),
        ("region", "PRESENT", None),
        ("company", "ABSENT", None),
    ],
)
def test_a_condition_that_does_not_hold(field: str, operator: str, value: Any) -> None:
    assert not asked(field, operator, value)


def test_a_score_tells_its_reasons_and_its_rating() -> None:
    rules = [
        {
            "name": "Large",
            "points": 40,
            "conditions": [{"field": "employees", "operator": "AT_LEAST", "value": 500}],
        },
        {
            "name": "Retail",
            "points": 25,
            "conditions": [{"field": "industry", "operator": "EQUALS", "value": "Retail"}],
        },
        {
            "name": "Student",
            "points": -50,
            "conditions": [{"field": "title", "operator": "EQUALS", "value": "Student"}],
        },
    ]

    found = score(reasons(rules, FACTS), warm_from=30, hot_from=60)

    assert (found.points, found.rating) == (65, "HOT")
    assert found.reasons == [{"rule": "Large", "points": 40}, {"rule": "Retail", "points": 25}]


@given(points=st.lists(st.integers(-100, 100), max_size=10))
def test_a_score_stays_between_0_and_100(points: list[int]) -> None:
    rules = [{"name": str(n), "points": each, "conditions": []} for n, each in enumerate(points)]

    found = score(reasons(rules, FACTS), warm_from=30, hot_from=60)

    assert 0 <= found.points <= 100
    assert found.rating == ("HOT" if found.points >= 60 else "WARM" if found.points >= 30 else "COLD")


def somebody(name: str, **known: Any) -> Candidate:
    return Candidate(id=name, team_id=None, **known)


def test_whoever_waited_longest_is_next() -> None:
    people = [somebody("a", turn=7), somebody("b", turn=3), somebody("c", turn=9)]

    assert choose("ROUND_ROBIN", people, FACTS).chosen == people[1]


def test_who_is_at_a_limit_is_passed_over_and_the_log_says_why() -> None:
    people = [
        somebody("a", turn=1, today=5, daily_cap=5),
        somebody("b", turn=2, open_leads=30, capacity=30),
        somebody("c", turn=9, today=4, daily_cap=5, open_leads=29, capacity=30),
    ]

    found = choose("ROUND_ROBIN", people, FACTS)

    assert found.chosen == people[2]
    assert found.skipped == [{"user_id": "a", "why": "DAILY_CAP"}, {"user_id": "b", "why": "CAPACITY"}]


def test_nobody_is_chosen_when_everybody_is_at_a_limit() -> None:
    assert choose("LEAST_OPEN", [somebody("a", daily_cap=0)], FACTS).chosen is None


def test_the_least_busy_comes_first_and_turns_decide_among_equals() -> None:
    people = [
        somebody("a", open_leads=3),
        somebody("b", open_leads=1, turn=5),
        somebody("c", open_leads=1, turn=4),
    ]

    assert choose("LEAST_OPEN", people, FACTS).chosen == people[2]


def test_the_expert_knows_most_of_the_leads_market_and_experience_decides_among_equals() -> None:
    people = [
        somebody("a", level=9),
        somebody("b", industries=["Retail"], products=["MG"], level=1),
        somebody("c", industries=["Retail"], products=["GTX"], level=3),
    ]

    assert choose("EXPERT", people, FACTS).chosen == people[2]


@given(
    rounds=st.integers(1, 40),
    names=st.lists(st.text("abcdef", min_size=1), min_size=1, max_size=6, unique=True),
)
def test_turns_are_shared_out_evenly(rounds: int, names: list[str]) -> None:
    turns = dict.fromkeys(names, 0)
    given_to = dict.fromkeys(names, 0)
    for number in range(rounds):
        chosen = choose("ROUND_ROBIN", [somebody(n, turn=turns[n]) for n in names], FACTS).chosen
        assert chosen is not None
        turns[chosen.id] = number + 1
        given_to[chosen.id] += 1

    assert max(given_to.values()) - min(given_to.values()) <= 1


def test_money_is_compared_exactly() -> None:
    assert FACTS["value"] == Decimal("25000.00")
