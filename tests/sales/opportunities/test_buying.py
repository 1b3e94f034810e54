"""The other side of a deal: the contacts who buy, and the competitors."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.opportunities import buying, service
from tests.client import REP, STRANGER, Client
from tests.organisation.people.builders import hire_everybody
from tests.sales.opportunities.builders import a_deal, a_deal_to_win, an_account


@pytest.fixture(autouse=True)
def _people(tables: None) -> None:
    hire_everybody()


def _contact(account_id: str, name: str = "Li Lei 李雷") -> Any:
    return accounts.add_contact(account_id=account_id, name=name, by=REP)


def test_a_contact_of_the_account_has_a_part_in_the_purchase_until_it_is_taken_away(client: Client) -> None:
    account = an_account()
    path, who = f"/opportunities/{a_deal(account_id=account.id).id}", _contact(account.id)
    part = {"role": "CHAMPION", "attitude": "SUPPORTIVE"}

    named = client.put(f"{path}/buyers/{who.id}", part, by=REP, match=1)
    again = client.put(f"{path}/buyers/{who.id}", {"role": "DECISION_MAKER"}, by=REP, match=2)
    gone = client.delete(f"{path}/buyers/{who.id}", by=REP, match=3)

    assert named.json["buyers"] == [{"contact_id": who.id, **part}]
    assert again.json["buyers"] == [{"contact_id": who.id, "role": "DECISION_MAKER", "attitude": None}]
    assert gone.json["buyers"] == []
    assert client.put(f"{path}/buyers/{who.id}", part, by=STRANGER, match=4).status == 404
    wrong = client.put(f"{path}/buyers/{who.id}", {"role": "KING", "attitude": "KIND"}, by=REP, match=4)
    assert {error["field"] for error in wrong.json["errors"]} == {"role", "attitude"}


def test_nobody_of_another_company_buys() -> None:
    deal, stranger = a_deal(), _contact(an_account(name="Konex").id)

    with pytest.raises(errors.Invalid) as refused:
        service.set_buyer(deal.id, stranger.id, role="USER", version=None, by=REP)

    assert (refused.value.errors[0].field, refused.value.errors[0].code) == (
        "contact_id",
        "unknown_reference",
    )


def test_with_another_account_those_who_bought_for_the_first_buy_no_more() -> None:
    account, other = an_account(), an_account(name="Konex")
    deal = a_deal(account_id=account.id)
    service.set_buyer(deal.id, _contact(account.id).id, role="USER", version=None, by=REP)

    kept = service.amend(deal.id, version=None, by=REP, account_id=account.id)
    moved = service.amend(deal.id, version=None, by=REP, account_id=other.id)

    assert (len(kept.buyers), moved.buyers) == (1, {})


def test_the_circle_of_buyers_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buying, "MOST_BUYERS", 1)
    account = an_account()
    deal = a_deal(account_id=account.id)
    service.set_buyer(deal.id, _contact(account.id).id, role="USER", version=None, by=REP)

    with pytest.raises(errors.Invalid) as full:
        service.set_buyer(deal.id, _contact(account.id, "Han").id, role="USER", version=None, by=REP)

    assert full.value.errors[0].code == "buyers_full"


def test_a_closed_deal_keeps_its_buyers_as_they_were() -> None:
    account = an_account()
    deal = a_deal_to_win(account_id=account.id)
    service.win(deal.id, version=None, by=REP)

    with pytest.raises(errors.OutOfTurn):
        service.set_buyer(deal.id, _contact(account.id).id, role="USER", version=None, by=REP)


def test_competitors_are_kept_with_what_speaks_for_them_and_their_price(client: Client) -> None:
    path = f"/opportunities/{a_deal().id}"
    price = {"amount": "99.50", "currency": "USD"}
    acme = {"name": "Acme", "strengths": "Near 近", "weaknesses": "Slow", "price": price, "status": "AHEAD"}

    kept = client.patch(path, {"competitors": [acme, {"name": "Konex"}]}, by=REP, match=1)
    twice = client.patch(path, {"competitors": [acme, {"name": "ACME"}]}, by=REP, match=2)
    many = client.patch(path, {"competitors": [{"name": str(n)} for n in range(11)]}, by=REP, match=2)

    unknown = dict.fromkeys(("strengths", "weaknesses", "price", "status"))
    assert kept.json["competitors"] == [acme, {"name": "Konex", **unknown}]
    assert client.get(path, by=REP).json["competitors"] == kept.json["competitors"]
    assert [error["field"] for error in twice.json["errors"]] == ["competitors.1.name"]
    assert (many.status, many.json["errors"][0]["field"]) == (400, "competitors")
    assert client.patch(path, {"competitors": None}, by=REP, match=2).status == 400
