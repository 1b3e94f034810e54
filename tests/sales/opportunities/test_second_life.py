"""The second life of a deal: reopened with a reason, or cloned."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import boards, errors
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.opportunities import service
from tests.client import COLLEAGUE, MANAGER, OPERATIONS, REP, SOUTH, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_deal_to_win, an_account
from tests.streams import Stream

WHY = "The budget came after all 预算批下来了"
DAY = date(2099, 3, 31)


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _count(board: str, number: str) -> int:
    return boards.total(boards.read(board)).get(number, 0)


def test_a_deal_is_reopened_for_a_reason_and_its_history_keeps_the_loss(
    client: Client, stream: Stream
) -> None:
    deal = a_deal()
    path = f"/opportunities/{deal.id}"
    client.post(f"{path}/lose", {"reason": "timing"}, by=REP)

    unsaid = client.post(f"{path}/reopen", {}, by=REP)
    again = client.post(f"{path}/reopen", {"reason": WHY}, by=REP)
    stream.drain()
    turns = client.get(f"{path}/history", by=REP).json["items"]

    assert [error["field"] for error in unsaid.json["errors"]] == ["reason"]
    assert (again.json["status"], again.json["reopen_reason"], again.json["lost_reason"]) == (
        "OPEN",
        WHY,
        None,
    )
    assert (turns[0]["after"]["reopen_reason"], turns[0]["before"]["lost_reason"]) == (WHY, "timing")
    assert turns[1]["after"]["lost_reason"] == "timing"


def test_a_reopened_deal_is_counted_as_open_and_no_longer_as_lost(stream: Stream) -> None:
    deal = a_deal()
    service.lose(deal.id, reason="timing", version=None, by=REP)
    stream.drain()
    lost = _count("sales|team", "lost_count")

    service.reopen(deal.id, reason=WHY, version=None, by=REP)
    stream.drain()

    assert (lost, _count("sales|team", "lost_count")) == (1, 0)
    assert _count(f"pipeline|{deal.pipeline_id}|team", "qualification.count") == 1


def test_the_reason_of_a_reopening_ends_when_the_deal_closes_again() -> None:
    deal = a_deal_to_win()
    service.lose(deal.id, reason="timing", version=None, by=REP)
    service.reopen(deal.id, reason=WHY, version=None, by=REP)

    assert service.win(deal.id, version=None, by=REP).reopen_reason is None


def test_a_clone_is_an_open_deal_with_the_same_lines_and_none_of_the_history(client: Client) -> None:
    account = an_account()
    who = accounts.add_contact(account_id=account.id, name="Li", by=REP)
    press = catalog.add_product(code="P1", name="Press", list_price=Money(50_000, "CNY"), by=OPERATIONS)
    line = {"product_id": press.id, "quantity": 2, "unit_price": Money(45_000, "CNY")}
    deal = a_deal(account_id=account.id, lines=[line], source="fair", contact_id=who.id)
    service.set_buyer(deal.id, who.id, role="CHAMPION", version=None, by=REP)
    service.set_member(deal.id, COLLEAGUE.id, role="PRESALES", version=None, by=REP)
    service.amend(deal.id, version=None, by=REP, competitors=[{"name": "Acme"}], next_step="Sign")
    service.win(deal.id, version=None, by=REP)

    reply = client.post(f"/opportunities/{deal.id}/clone", {"close_on": "2099-03-31"}, by=REP)

    made, pattern = reply.json, client.get(f"/opportunities/{deal.id}", by=REP).json
    assert (reply.status, reply.headers["location"]) == (201, f"/opportunities/{made['id']}")
    same = ("name", "account_id", "contact_id", "source", "lines", "amount", "buyers", "competitors")
    assert {name: made[name] for name in same} == {name: pattern[name] for name in same}
    assert (made["cloned_from"], made["status"], made["stage_id"]) == (deal.id, "OPEN", "qualification")
    assert (made["close_on"], made["closed_on"], made["next_step"]) == ("2099-03-31", None, None)
    assert [member["user_id"] for member in made["team"]] == [REP.id]
    assert list(made["journey"]) == ["qualification"]


def _clone(deal_id: str, by: Any = REP, **instead: Any) -> Any:
    return service.clone(deal_id, close_on=DAY, version=None, by=by, **instead)


def test_a_clone_is_the_callers_own_and_may_be_otherwise() -> None:
    deal = a_deal()
    press = catalog.add_product(code="P1", name="Press", list_price=Money(50_000, "CNY"), by=OPERATIONS)

    other = _clone(deal.id, by=MANAGER, name="Again", lines=[{"product_id": press.id, "quantity": 1}])

    assert (other.owner_id, other.name, other.amount) == (MANAGER.id, "Again", Money(50_000, "CNY"))
    assert _clone(deal.id).amount == deal.amount
    with pytest.raises(errors.NotFound):
        _clone(deal.id, by=STRANGER)


def test_what_cannot_be_opened_anew_is_not_cloned() -> None:
    bare = service.bring_in(external_id="x:1", name="A", stage_id="proposal", owner_id=REP.id, team_id=SOUTH)
    gone = a_deal()
    service.void(gone.id, version=None, by=REP)
    assert bare is not None

    with pytest.raises(errors.Blocked):
        _clone(bare.id)
    with pytest.raises(errors.Conflict):
        _clone(gone.id)
