"""What leads do counts once, for less as time goes by, and shows in score, rating and reasons."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock, ids
from chalicelib.sales.leads import behaviour, rules
from chalicelib.sales.leads.models import Lead, LeadBehaviour, ScoringRules
from tests.client import COLLEAGUE, OPERATIONS, REP, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, a_lead, again, seen, service
from tests.streams import sweep

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)


def rule(kind: str, points: int, half_life_days: int = 7, most: int = 100) -> dict[str, Any]:
    return {
        "kind": kind, "name": kind.title(), "points": points, "half_life_days": half_life_days, "most": most
    }  # fmt: skip


def told(number: str, kind: str = "downloaded", **details: Any) -> dict[str, Any]:
    return {"event_id": number, "kind": kind, **details}


def post(client: Client, *events: dict[str, Any], by: Any = OPERATIONS) -> dict[str, Any]:
    reply = client.post("/leads/events", {"events": list(events)}, by=by)
    assert reply.status == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


# The rules themselves.


@pytest.mark.parametrize(("age", "points"), [(0, 16), (7, 8), (14, 4), (21, 2), (28, 1), (36, 0)])
def test_an_event_is_worth_half_of_its_points_after_each_half_life(age: int, points: int) -> None:
    days = behaviour.counted({}, [("visit", TODAY - age * DAY)])

    worth = behaviour.standing([rule("visit", 16)], days, TODAY)

    assert sum(reason["points"] for reason in worth) == points


@pytest.mark.parametrize(("points", "worth"), [(10, 25), (-10, -25)])
def test_a_kind_counts_no_more_than_its_rule_lets_it(points: int, worth: int) -> None:
    days = behaviour.counted({}, [("visit", TODAY)] * 9)

    [reason] = behaviour.standing([rule("visit", points, most=25)], days, TODAY)

    assert reason == {"rule": "Visit", "kind": "visit", "points": worth}


KINDS = st.sampled_from(["visit", "mail", "call"])
EVENTS = st.lists(st.tuples(KINDS, st.integers(0, 50).map(lambda age: TODAY - age * DAY)), max_size=40)


@given(EVENTS, EVENTS, st.randoms())
def test_it_does_not_matter_in_which_order_and_with_which_lead_events_came(
    some: list[Any], others: list[Any], dice: Any
) -> None:
    shuffled = [*some, *others]
    dice.shuffle(shuffled)
    one, other = behaviour.counted({}, some), behaviour.counted({}, others)

    together = behaviour.joined(one, other)

    assert together == behaviour.counted({}, shuffled) == behaviour.counted(one, others)
    assert behaviour.parted(together, other, before={}) == one


def test_days_that_made_room_for_those_of_another_lead_come_back_when_they_part() -> None:
    older, newer = (
        behaviour.counted({}, [("visit", TODAY - age * DAY) for age in range(first, first + 60)])
        for first in (65, 3)
    )
    since = ("visit", TODAY)

    together = behaviour.counted(behaviour.joined(older, newer), [since])

    apart = behaviour.parted(together, newer, before=older)
    assert apart == behaviour.counted(older, [since])


@given(EVENTS, st.integers(0, 40))
def test_a_score_is_looked_at_anew_on_the_first_day_on_which_it_is_another(
    events: list[Any], profile: int
) -> None:
    known = [rule("visit", 8), rule("mail", 3, 30), rule("call", -9, 2)]
    days = behaviour.counted({}, events)
    found = ScoringRules(rules=[], warm_from=30, hot_from=60)
    score_of = rules.scorer(found, {})

    def at(day: date) -> tuple[int, str]:
        scored = score_of([{"points": profile}, *behaviour.standing(known, days, day)])
        return scored.points, scored.rating

    look = behaviour.next_look(known, days, TODAY, lambda worth: score_of([{"points": profile}, *worth]))

    until = (look - TODAY).days if look else 400
    for ahead in range(1, until):
        points, rating = at(TODAY + ahead * DAY)
        assert (abs(points - at(TODAY)[0]) < behaviour.STRIDE, rating) == (True, at(TODAY)[1])
    if look:
        points, rating = at(look)
        gone = not behaviour.standing(known, days, look)
        assert rating != at(TODAY)[1] or abs(points - at(TODAY)[0]) >= behaviour.STRIDE or gone


def test_only_the_latest_days_of_a_kind_are_kept() -> None:
    events = [("visit", TODAY - age * DAY) for age in range(behaviour.MOST_DAYS + 10)]

    [kept] = behaviour.counted({}, events).values()

    assert (len(kept), min(kept)) == (
        behaviour.MOST_DAYS,
        (TODAY - (behaviour.MOST_DAYS - 1) * DAY).isoformat(),
    )


# What is told of a lead.


@pytest.fixture
def lead(tables: None) -> Lead:
    """Somebody of whom little is known; Rita's."""
    hire_everybody()
    with clock.at(MONDAY):
        return service.add_lead(name="Li Lei", email="li@example.cn", by=REP).lead


def test_what_a_lead_does_raises_its_score_and_rating_with_the_reasons(client: Client, lead: Lead) -> None:
    with clock.at(MONDAY):
        answered = post(
            client,
            told("1", lead_id=lead.id),
            told("2", "webinar_attended", email="Li@Example.cn"),
            told("3", "page_visited", lead_id=lead.id),
            told("1", lead_id=lead.id),
        )
        again_answered = post(client, told("2", "webinar_attended", email="li@example.cn"))

        assert [item["status"] for item in answered["items"]] == [201, 201, 201, 200]
        assert (answered["counted"], answered["known"], again_answered["known"]) == (3, 1, 1)
        found = again(lead)
        assert (found.score - lead.score, found.rating) == (32, "WARM")
        assert [(each["rule"], each["points"]) for each in found.reasons[-3:]] == [
            ("Visited a page", 2),
            ("Downloaded a file", 10),
            ("Came to a webinar", 20),
        ]
        did = client.get(f"/leads/{lead.id}/behaviour", by=REP).json
        assert [(each["kind"], each["times"]) for each in did["items"]] == [
            ("webinar_attended", 1),
            ("page_visited", 1),
            ("downloaded", 1),
        ]
        assert did["points"] == 32


def test_a_lead_that_does_nothing_any_more_goes_cold_by_itself(client: Client, lead: Lead) -> None:
    with clock.at(MONDAY):
        post(client, told("1", "webinar_attended", lead_id=lead.id), told("2", lead_id=lead.id))
        assert again(lead).rating == "WARM"

    scores = []
    while minute := _did(lead).due_minute:
        sweep(clock.parse(f"{minute}:00.000Z"))
        scores.append(again(lead).score)

    # Looked at when it had moved, and not once a day.
    assert scores == sorted(scores, reverse=True)
    assert 4 < len(scores) < 10
    assert seen(again(lead), "score", "rating", "behaviour") == (lead.score, "COLD", [])


def _did(lead: Lead) -> LeadBehaviour:
    return LeadBehaviour.fetch(ids.derived("lead_behaviour", lead.id))


def test_what_is_told_wrong_is_refused_by_itself(client: Client, lead: Lead) -> None:
    long_ago = clock.iso(MONDAY - 366 * DAY)
    with clock.at(MONDAY):
        answered = post(
            client,
            told("1", lead_id=lead.id),
            told("2", "danced", lead_id=lead.id),
            told("3", email="nobody@example.cn"),
            told("4", lead_id=lead.id, email="li@example.cn"),
            told("5", lead_id=lead.id, at=long_ago),
            told("6", lead_id=lead.id, at=clock.iso(MONDAY + DAY)),
            {"kind": "downloaded"},
        )

    assert [item["status"] for item in answered["items"]] == [201, 400, 404, 400, 400, 400, 400]
    codes = [item["problem"]["errors"][0]["code"] for item in answered["items"] if item["status"] == 400]
    assert codes == ["unknown_event_kind", "whose_event", "event_too_old", "in_future", "missing"]


def test_nobody_tells_of_a_lead_that_is_not_theirs(client: Client, lead: Lead) -> None:
    assert client.post("/leads/events", {"events": [told("1", lead_id=lead.id)]}).status == 401

    answered = post(client, told("1", lead_id=lead.id), by=COLLEAGUE)

    assert answered["items"][0]["status"] == 404
    assert client.get(f"/leads/{lead.id}/behaviour", by=COLLEAGUE).status == 404
    assert again(lead).score == lead.score


def test_operations_say_what_an_event_is_worth_and_may_leave_that_as_it_is(
    client: Client, lead: Lead
) -> None:
    def put(**told: Any) -> Any:
        now = client.get("/lead-rules/scoring", by=OPERATIONS)
        return client.put("/lead-rules/scoring", {"rules": [], **told}, by=OPERATIONS, match=now.etag)

    twice = put(behaviours=[rule("danced", 30), rule("danced", 5)])
    assert [error["field"] for error in twice.json["errors"]] == ["behaviours.1.kind"]
    assert put(behaviours=[rule("danced", 65)]).status == 200

    post(client, told("1", "danced", lead_id=lead.id))

    assert seen(again(lead), "score", "rating") == (65, "HOT")
    kept = put(warm_from=10)
    assert [each["kind"] for each in kept.json["behaviours"]] == ["danced"]


def test_a_change_of_what_is_known_keeps_what_was_done(client: Client, lead: Lead) -> None:
    post(client, told("1", lead_id=lead.id))

    service.change_lead(lead.id, company="Galaxy", version=None, by=REP)

    assert again(lead).score == lead.score + 10 + 15


def test_merged_leads_did_it_together_and_apart_each_its_own(client: Client, lead: Lead) -> None:
    other = a_lead("2", name="Lilei", email="lilei@example.org")
    post(client, told("1", lead_id=lead.id), told("2", lead_id=other.id))
    before = [again(each).score for each in (lead, other)]

    service.merge(other.id, into_id=lead.id, take=[], reason=None, version=None, by=OPERATIONS)
    post(client, told("3", "webinar_attended", lead_id=other.id))

    joined = again(lead)
    assert {each["kind"]: each["points"] for each in joined.behaviour} == {
        "downloaded": 20,
        "webinar_attended": 20,
    }
    service.unmerge(other.id, version=None, by=OPERATIONS)
    assert [again(each).score for each in (lead, other)] == [before[0] + 20, before[1]]
