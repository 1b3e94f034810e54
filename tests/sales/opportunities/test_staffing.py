"""Who works on a deal and how its credit is split: 100 percent, whoever joins, leaves or takes over."""

from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock, errors
from chalicelib.customers.activities import service as activities
from chalicelib.sales.opportunities import service, staffing
from chalicelib.sales.opportunities.models import Membership, Opportunity
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, STRANGER, Client
from tests.insight.analytics.boards import calls
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_deal_to_win, an_account
from tests.streams import Stream

PEOPLE: Final = st.sampled_from(["user_a", "user_b", "user_c"])


@pytest.fixture
def deal(tables: None) -> Opportunity:
    hire_everybody()
    return a_deal()


def _join(deal: Opportunity, user_id: str, *, split_percent: int) -> Opportunity:
    return service.set_member(
        deal.id, user_id, role="PRESALES", split_percent=split_percent, version=None, by=REP
    )


def _splits(deal: Opportunity) -> dict[str, int]:
    return {member["user_id"]: member["split_percent"] for member in deal.team}


def _task(deal: Opportunity, owner_id: str, title: str) -> Any:
    due_at = clock.now() + timedelta(days=1)
    return activities.assign_task(
        about_id=deal.id, owner_id=owner_id, title=title, due_at=due_at, by=OPERATIONS
    )


def test_what_the_last_owner_still_had_to_do_about_a_deal_goes_to_the_new_one(
    deal: Opportunity, stream: Stream
) -> None:
    done, _ = _task(deal, REP.id, "done"), _task(deal, REP.id, "open")
    _task(deal, MANAGER.id, "a manager's own")
    activities.complete_task(done.id, version=None, by=REP)
    service.guide(deal.id, text="Ask who signs", version=None, by=MANAGER)
    service.note_stalled(service.opportunity(deal.id, who=REP))
    stream.drain()

    service.reassign(deal.id, owner_id=COLLEAGUE.id, version=None, by=REP)
    stream.drain()
    stream.deliver(list(stream.delivered))

    tasks = activities.tasks(about_id=deal.id, who=OPERATIONS, limit=9).items
    held = {(task.owner_id, task.open_for) for task in tasks if task.title not in ("done", "a manager's own")}
    assert (held, len(tasks)) == ({(COLLEAGUE.id, COLLEAGUE.id)}, 5)
    assert {task.title: task.owner_id for task in tasks}["done"] == REP.id
    assert {task.title: task.owner_id for task in tasks}["a manager's own"] == MANAGER.id


@given(st.dictionaries(PEOPLE, st.integers(0, 33)))
def test_the_splits_of_all_are_100_however_many_there_are(splits: dict[str, int]) -> None:
    deal = Opportunity(
        owner_id="user_owner", member_roles=dict.fromkeys(splits, "MEMBER"), member_splits=splits
    )

    shown = _splits(deal)

    assert sum(shown.values()) == 100
    assert set(shown) == {"user_owner", *splits}


def test_nobody_takes_more_than_the_others_leave(deal: Opportunity) -> None:
    _join(deal, COLLEAGUE.id, split_percent=60)

    with pytest.raises(errors.Invalid) as refused:
        _join(deal, MANAGER.id, split_percent=41)
    _join(deal, COLLEAGUE.id, split_percent=59)
    joined = _join(deal, MANAGER.id, split_percent=41)

    [error] = refused.value.errors
    assert (error.field, error.code, error.values) == ("split_percent", "split_over", {"left": 40})
    assert _splits(joined) == {REP.id: 0, COLLEAGUE.id: 59, MANAGER.id: 41}
    assert joined.member_ids == sorted([COLLEAGUE.id, MANAGER.id])


def test_a_member_who_becomes_the_owner_has_what_is_left_and_is_a_member_no_more(deal: Opportunity) -> None:
    _join(deal, COLLEAGUE.id, split_percent=30)
    _join(deal, MANAGER.id, split_percent=20)

    handed = service.reassign(deal.id, owner_id=COLLEAGUE.id, version=None, by=REP)

    assert _splits(handed) == {COLLEAGUE.id: 80, MANAGER.id: 20}
    assert handed.member_ids == [MANAGER.id]


def test_the_owner_is_no_member_of_the_own_team(deal: Opportunity) -> None:
    with pytest.raises(errors.Invalid) as refused:
        _join(deal, REP.id, split_percent=10)

    assert (refused.value.errors[0].field, refused.value.errors[0].code) == ("user_id", "owner_already")


def test_who_leaves_the_team_leaves_the_split_to_the_owner(deal: Opportunity) -> None:
    _join(deal, COLLEAGUE.id, split_percent=30)

    left = service.set_member(deal.id, COLLEAGUE.id, role=None, version=None, by=REP)

    assert (_splits(left), left.member_ids) == ({REP.id: 100}, [])


def test_a_team_has_an_end(deal: Opportunity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing, "MOST_MEMBERS", 1)
    _join(deal, COLLEAGUE.id, split_percent=0)

    with pytest.raises(errors.Invalid) as full:
        _join(deal, MANAGER.id, split_percent=0)

    assert (full.value.errors[0].field, full.value.errors[0].code) == ("user_id", "team_full")
    assert _splits(_join(deal, COLLEAGUE.id, split_percent=5)) == {REP.id: 95, COLLEAGUE.id: 5}


def test_people_join_the_deals_team_in_a_role(client: Client, deal: Opportunity) -> None:
    path = f"/opportunities/{deal.id}"

    joined = client.put(
        f"{path}/members/{COLLEAGUE.id}", {"role": "PRESALES", "split_percent": 30}, by=REP, match=1
    )
    owner = {"user_id": REP.id, "role": "OWNER", "split_percent": 70}
    assert joined.json["team"] == [owner, {"user_id": COLLEAGUE.id, "role": "PRESALES", "split_percent": 30}]
    assert client.get(path, by=COLLEAGUE).status == 200
    left = client.delete(f"{path}/members/{COLLEAGUE.id}", by=REP, match=2)
    assert left.json["team"] == [{**owner, "split_percent": 100}]


def _list(client: Client, **query: str) -> list[str]:
    reply = client.get("/opportunities", by=COLLEAGUE, query={"member_id": COLLEAGUE.id, **query})
    assert reply.status == 200, reply.text
    return [each["name"] for each in reply.json["items"]]


def test_a_member_finds_the_deals_to_work_on_where_the_owner_finds_them(client: Client, tables: None) -> None:
    hire_everybody()
    account = an_account().id
    sold, kept, far, left = (a_deal_to_win(name=name, account_id=account) for name in "skfl")
    a_deal(name="not theirs", account_id=account)
    for each in (sold, kept, far, left):
        _join(each, COLLEAGUE.id, split_percent=0)

    service.win(sold.id, version=None, by=REP)
    service.advance(far.id, stage_id="proposal", version=None, by=REP)
    service.set_member(left.id, COLLEAGUE.id, role=None, version=None, by=REP)

    assert _list(client) == ["k", "f", "s"]
    assert (_list(client, state="OPEN"), _list(client, state="CLOSED")) == (["k", "f"], ["s"])
    assert _list(client, stage_id="proposal") == ["f"]
    service.void(kept.id, version=None, by=REP)
    assert _list(client, state="OPEN") == ["f"]
    service.restore(kept.id, version=None, by=REP)
    service.amend(kept.id, close_on=date(2020, 1, 1), version=None, by=REP)
    _join(left, COLLEAGUE.id, split_percent=5)
    assert _list(client, stage_id="qualification") == ["l", "k"]
    service.reassign(left.id, owner_id=COLLEAGUE.id, version=None, by=REP)
    assert _list(client, stage_id="qualification") == ["k"]


def test_a_members_list_is_for_them_and_costs_one_query(client: Client, deal: Opportunity) -> None:
    _join(deal, COLLEAGUE.id, split_percent=0)
    theirs = {"member_id": COLLEAGUE.id}

    with calls() as counted:
        found = service.opportunities(who=COLLEAGUE, member_id=COLLEAGUE.id, limit=50).items
    both = client.get("/opportunities", by=COLLEAGUE, query={**theirs, "owner_id": REP.id})

    assert ([each.id for each in found], counted) == ([deal.id], {"Query": 1, "BatchGetItem": 1})
    assert both.status == 400
    for who, status in ((STRANGER, 404), (REP, 404), (MANAGER, 200)):
        assert client.get("/opportunities", by=who, query=theirs).status == status


def test_who_is_put_on_a_team_by_somebody_is_told_once_and_again_when_they_come_back(
    deal: Opportunity,
) -> None:
    def tasks() -> list[Any]:
        return list(activities.tasks(who=COLLEAGUE, limit=9).items)

    _join(deal, COLLEAGUE.id, split_percent=0)
    _join(deal, COLLEAGUE.id, split_percent=20)
    service.set_member(deal.id, MANAGER.id, role="SPONSOR", version=None, by=MANAGER)
    [told] = tasks()
    service.set_member(deal.id, COLLEAGUE.id, role=None, version=None, by=REP)
    _join(deal, COLLEAGUE.id, split_percent=0)

    assert (told.about_id, told.team_id, deal.name in told.title) == (deal.id, NORTH, True)
    assert len(tasks()) == 2
    assert not activities.tasks(who=MANAGER, owner_id=MANAGER.id, limit=9).items


def test_nobody_is_taken_off_a_team_they_are_not_on(deal: Opportunity) -> None:
    service.set_member(deal.id, "user_nobody", role=None, version=None, by=REP)

    assert Membership.find(Membership.id_of(deal.id, "user_nobody")) is None
