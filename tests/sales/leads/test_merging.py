"""Merging: one lead of two, whose story goes along; and both again as they were."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.core import boards, clock, errors, guards, identity
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import merging, sla
from chalicelib.sales.leads.models import Lead, LeadMerge, Touch
from tests.client import COLLEAGUE, MANAGER, OPERATIONS, REP, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.leads.builders import MONDAY, a_lead, again, all_of, seen, service, taken, waiting
from tests.streams import Stream

#: What differs after a merge and its undoing, though nothing else happened.
_BOOKKEEPING = {"version", "updated_at", "updated_by", "step"}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def two() -> tuple[Lead, Lead]:
    """The same person twice, of whom each lead knows something else."""
    with clock.at(MONDAY):
        first = a_lead("1", email="li@work.cn", name="Li Lei", city="Nanjing", source="Fair")
        second = a_lead("2", email="li@home.cn", name="Lei", phone="+8613800138000", source="Web")
    return first, second


def merge(lead: Lead, into: Lead, *take: str, by: Any = OPERATIONS) -> Lead:
    """Merge a lead into another."""
    return service.merge(lead.id, into_id=into.id, take=list(take), reason="same man", version=None, by=by)


def everything(lead: Lead) -> dict[str, Any]:
    """All that a lead is, but its bookkeeping."""
    now = again(lead)
    return {name: getattr(now, name) for name in Lead.get_attributes() if name not in _BOOKKEEPING}


def test_a_survivor_takes_what_it_did_not_know_and_what_it_is_told_to_take() -> None:
    survivor, lead = two()

    merge(lead, survivor, "name")

    now = again(survivor)
    assert seen(now, "name", "email", "phone", "city") == ("Lei", "li@work.cn", "+8613800138000", "Nanjing")
    assert seen(now, "touches", "merged_ids", "source") == (1, [lead.id], "Fair")
    assert seen(again(lead), "status", "merged_into", "claims") == ("MERGED", survivor.id, [])


def test_who_writes_from_either_address_joins_the_survivor() -> None:
    survivor, lead = two()

    merge(lead, survivor)

    assert taken("3", email="li@home.cn").lead.id == survivor.id
    assert taken("4", email="li@work.cn").lead.id == survivor.id
    assert len(all_of(Lead)) == 2


def test_a_lead_that_called_ever_so_often_is_merged_and_its_calls_told_again_are_the_survivors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    survivor, lead = two()
    calls = [{"phone": "+8613800138000", "external_id": f"call:{at}"} for at in range(12)]
    for at, call in enumerate(calls):
        taken(str(10 + at), **call)
    monkeypatch.setattr("chalicelib.core.step.MOST_ACTIONS", len(calls))

    merge(again(lead), survivor)
    told_again = taken("40", **calls[0])
    claims = len(again(survivor).claims)
    service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert (told_again.lead.id, told_again.how, claims) == (survivor.id, "KNOWN", 3)
    assert taken("41", **calls[0]).lead.id == lead.id
    assert len(again(lead).claims) == 2


def test_unmerging_gives_back_both_exactly_as_they_were() -> None:
    survivor, lead = two()
    before = everything(survivor), everything(lead)

    with clock.at(MONDAY):
        merge(lead, survivor, "name", "source")
        service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert (everything(survivor), everything(lead)) == before
    assert taken("3", email="li@home.cn").lead.id == lead.id
    [record] = all_of(LeadMerge)
    assert seen(record, "status", "lead_id", "into_id", "reason") == (
        "UNDONE", lead.id, survivor.id, "same man",
    )  # fmt: skip


def test_what_a_merged_lead_agreed_to_stands_with_its_survivor_until_that_is_undone() -> None:
    agreed = service.consented(text="I agree.", version="1", given_at=MONDAY - timedelta(days=30))
    empty = service.consented(text="I agree.", version="2", given=False, given_at=MONDAY)
    survivor = a_lead("1", email="li@work.cn", consent=empty)
    lead = a_lead("2", email="li@home.cn", consent=agreed)
    silent = a_lead("3", email="li@club.cn")

    merge(lead, survivor)
    merge(again(survivor), silent)
    both = again(survivor).consent, again(silent).consent
    service.unmerge(survivor.id, version=None, by=OPERATIONS)
    service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert both == (agreed, agreed)
    assert [again(each).consent for each in (survivor, lead, silent)] == [empty, agreed, None]


def test_what_somebody_changed_since_stays_when_a_merge_is_undone() -> None:
    survivor, lead = two()
    merge(lead, survivor, "name")
    service.change_lead(survivor.id, version=None, by=OPERATIONS, name="Li Lei 李雷")

    service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert seen(again(survivor), "name", "phone") == ("Li Lei 李雷", None)


def test_the_story_goes_along_and_comes_back(stream: Stream) -> None:
    survivor, lead = two()
    taken("3", email="li@home.cn")
    call = activities.log_interaction(about_id=lead.id, type="CALL", subject="Asked", by=OPERATIONS)
    stream.drain()

    merge(lead, survivor)
    late = activities.log_interaction(about_id=lead.id, type="CALL", subject="Late", by=OPERATIONS)
    stream.drain()
    touch, arrival = sorted(all_of(Touch), key=lambda each: each.matched_by)
    moved = [each.about_id for each in (activities.activity(one.id, who=OPERATIONS) for one in (call, late))]
    service.unmerge(lead.id, version=None, by=OPERATIONS)
    stream.drain()

    assert (touch.lead_id, moved) == (survivor.id, [survivor.id] * 2)
    assert seen(arrival, "lead_id", "matched_by", "source") == (survivor.id, "merge", "Web")
    apart = {each.matched_by: seen(each, "lead_id", "moved_from") for each in all_of(Touch)}
    assert apart == {"email": (lead.id, []), "merge": (None, [])}
    assert activities.activity(late.id, who=OPERATIONS).about_id == lead.id


def test_a_merged_lead_counts_in_no_figure_and_counts_again_when_it_is_itself(stream: Stream) -> None:
    survivor, lead = two()

    merge(lead, survivor)
    stream.drain()
    merged = boards.total(boards.read("leads|source"))["created"]
    service.unmerge(lead.id, version=None, by=OPERATIONS)
    stream.drain()

    assert (merged, boards.total(boards.read("leads|source"))["created"]) == (1, 2)


def test_a_first_contact_with_either_is_one_with_the_survivor() -> None:
    survivor, lead = two()
    at = MONDAY + timedelta(hours=1)
    service.interacted(lead.id, type="CALL", direction="OUT", at=at, outcome="reached")

    merge(lead, survivor)

    assert seen(again(survivor), "sla_status", "first_contacted_at") == ("FULFILLED", at)


def test_who_was_called_for_themselves_stays_answered_when_a_merge_is_undone(stream: Stream) -> None:
    survivor, lead = two()
    with clock.at(MONDAY + timedelta(hours=1)):
        activities.log_interaction(about_id=lead.id, type="CALL", subject="Its own", by=OPERATIONS)
        stream.drain()
        merge(again(lead), again(survivor))
        stream.drain()
    with clock.at(MONDAY + timedelta(hours=2)):
        call: dict[str, Any] = {"type": "CALL", "subject": "For itself", "result": "reached"}
        activities.log_interaction(about_id=survivor.id, by=OPERATIONS, **call)
        stream.drain()
        service.unmerge(lead.id, version=None, by=OPERATIONS)
        stream.drain()

    assert seen(again(lead), "sla_status", "first_contacted_at") == (
        "FULFILLED", MONDAY + timedelta(hours=1),
    )  # fmt: skip
    assert seen(again(survivor), "sla_status", "first_contacted_at", "contact_outcome") == (
        "FULFILLED", MONDAY + timedelta(hours=2), "reached",
    )  # fmt: skip


def test_the_story_of_leads_that_keep_their_first_contacts_is_not_read_to_undo_a_merge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    survivor, lead = two()
    for each in (survivor, lead):
        service.interacted(each.id, type="CALL", direction="OUT", at=MONDAY, outcome="reached")
    merge(again(lead), again(survivor))
    monkeypatch.setattr(activities, "told_of", pytest.fail)

    service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert [again(each).first_contacted_at for each in (survivor, lead)] == [MONDAY, MONDAY]


def test_who_was_called_while_merged_is_answered_when_they_are_themselves_again(stream: Stream) -> None:
    survivor, lead = two()
    with clock.at(MONDAY + timedelta(hours=1)):
        merge(lead, survivor)
        activities.log_interaction(about_id=lead.id, type="CALL", subject="Asked", by=OPERATIONS)
        stream.drain()
        service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert seen(again(lead), "sla_status", "first_contacted_at") == (
        "FULFILLED", MONDAY + timedelta(hours=1),
    )  # fmt: skip


def test_a_promise_that_ran_out_while_a_lead_was_merged_is_seen_to_at_once() -> None:
    survivor, lead = two()
    merge(lead, survivor)

    with clock.at(MONDAY + timedelta(days=3)):
        service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert again(lead).due_minute == "2026-11-26T02:00"
    assert sla.next_due(again(lead), MONDAY + timedelta(days=3)) == "BREACH"


def test_a_claimed_lead_frees_its_place_while_it_is_merged() -> None:
    pool = service.add_pool(name="Web", most_held=1, by=OPERATIONS)
    claimed, other = waiting(pool.id, 2)
    mine = a_lead("7", email="x@example.cn", name="Mine")
    service.claim(claimed.id, version=None, by=REP)

    merge(again(claimed), mine)
    service.claim(other.id, version=None, by=REP)
    service.unmerge(claimed.id, version=None, by=OPERATIONS)

    assert again(claimed).claimed_from == pool.id
    held = guards.read(f"lead|held|{pool.id}|{REP.id}")
    assert held is not None
    assert held.n == 2


def test_merges_are_undone_in_their_order() -> None:
    survivor, lead = two()
    third = a_lead("3", email="third@example.cn")
    merge(lead, survivor)
    merge(survivor, third)

    with pytest.raises(errors.Conflict, match="unmerge_first"):
        service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert merging.survivor_of(again(lead)).id == third.id
    service.unmerge(survivor.id, version=None, by=OPERATIONS)
    service.unmerge(lead.id, version=None, by=OPERATIONS)
    assert guards.holders([identity.key("lead", "email", "li@home.cn")]).popitem()[1] == lead.id


def test_a_lead_cannot_come_out_when_its_address_is_somebody_elses_by_now() -> None:
    survivor, lead = two()
    merge(lead, survivor)
    service.change_lead(survivor.id, version=None, by=OPERATIONS, email="li@home.cn", phone=None)
    service.convert(survivor.id, service.Wanted({}, {}, None), version=None, by=OPERATIONS)
    stranger = taken("9", email="li@home.cn").lead

    with pytest.raises(errors.AlreadyExists) as refused:
        service.unmerge(lead.id, version=None, by=OPERATIONS)

    assert refused.value.holder == stranger.id


def test_over_http_a_merge_needs_both_leads_in_reach_and_an_open_survivor(client: Client) -> None:
    mine = client.post("/leads", {"name": "Li", "email": "li@example.cn"}, by=REP).json["id"]
    other = client.post("/leads", {"name": "Lei", "email": "lei@example.cn"}, by=REP).json["id"]
    theirs = client.post("/leads", {"name": "Han", "email": "han@example.cn"}, by=STRANGER).json["id"]
    gone = client.post("/leads", {"name": "Wu", "email": "wu@example.cn"}, by=REP).json["id"]
    client.post(f"/leads/{gone}/unqualify", {"reason": "no"}, by=REP)

    assert client.post(f"/leads/{mine}/merge", {"into_id": other}).status == 401
    assert client.post(f"/leads/{mine}/merge", {"into_id": other}, by=COLLEAGUE).status == 404
    codes = {
        into: client.post(f"/leads/{mine}/merge", {"into_id": into}, by=REP).json["errors"][0]["code"]
        for into in (theirs, mine, gone)
    }
    assert codes == {theirs: "unknown_reference", mine: "merge_itself", gone: "merge_into_closed"}
    merged = client.post(f"/leads/{mine}/merge", {"into_id": other}, by=REP)
    assert (merged.status, merged.json["merged_into"]) == (200, other)
    assert client.get(f"/leads/{mine}", by=MANAGER).json["status"] == "MERGED"
    assert [each["id"] for each in client.get("/leads", by=REP).json["items"]] == [gone, other]
    assert client.post(f"/leads/{mine}/convert", {}, by=REP).status == 409
    assert client.post(f"/leads/{mine}/unmerge", by=REP).json["status"] == "ASSIGNED"
