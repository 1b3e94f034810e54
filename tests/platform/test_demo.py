"""The demo company: what people would look for stands in it, and its figures agree."""

import pytest

from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.credit import service as credit
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.quotes.models import Quote
from infra.demo import business, deals, order
from infra.demo.__main__ import tell_history
from infra.recount import recount


def test_the_demo_company_has_offers_contracts_stock_credit_and_books(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deals, "MONTHS", 2)
    monkeypatch.setattr(deals, "AT_ONCE", 1)  # moto takes one at a time
    monkeypatch.setattr(business, "ENQUIRIES", 1)
    monkeypatch.setattr(business, "INTERACTIONS", 1)

    tell_history(order.set_up())

    offers = {each.status for each in Quote.scan(Quote.id.startswith("quote_0"))}
    assert offers >= {"DRAFT", "PRESENTED", "ACCEPTED"}
    agreed = {each.status for each in Contract.scan(Contract.id.startswith("contract_0"))}
    assert agreed == {"DRAFT", "ACTIVATED"}
    assert all(each.limits or each.cash_only for each in credit.policy().grades)
    places = inventory.everywhere()
    stands = [stood for place in places for stood in inventory.stock_in(place.id, limit=50).items]
    assert all(stood.on_hand and stood.unit_cost for stood in stands)
    assert any(stood.reserved for stood in stands)
    assert all(inventory.awaited(place.id) for place in places)
    found = recount(look=True)
    assert (found["exposure"]["drift"], found["books"]["left"]) == (0, 0)
    assert found["books"]["in_force"] > 2
