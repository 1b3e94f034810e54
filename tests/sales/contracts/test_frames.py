"""Frame contracts: their customer's orders come under them one by one, and bill what is sold."""

from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.orders import service as orders
from chalicelib.sales.orders.models import Order
from tests.client import COLLEAGUE, REP, Client
from tests.sales.contracts.builders import a_customer, activated, drafted, signed
from tests.sales.quotes.builders import Shop, accepted, open_shop
from tests.streams import Stream

FRAME: dict[str, Any] = {"billed_by": "ORDERS", "milestones": []}


@pytest.fixture
def customer(tables: None) -> str:
    return a_customer()


def _order(account_id: str, **details: Any) -> Order:
    asked: dict[str, Any] = {"currency": "CNY", **details}
    return orders.draft(by=REP, account_id=account_id, **asked)


def _put(contract: Contract, order: Order) -> Contract:
    return service.call_off(contract.id, order_id=order.id, by=REP)


def _refused(contract: Contract, **asked: Any) -> list[tuple[str, str]]:
    with pytest.raises(errors.Invalid) as refused:
        service.call_off(contract.id, by=REP, **asked)
    return [(each.field, each.code) for each in refused.value.errors]


def test_orders_come_under_a_frame_contract_as_the_customer_places_them(
    customer: str, stream: Stream
) -> None:
    frame = activated(customer, **FRAME)
    first, second = _order(customer), _order(customer)

    _put(frame, first)
    assert _put(frame, second).order_ids == [first.id, second.id]
    assert orders.order(first.id, who=REP).contract_id == frame.id

    orders.cancel(first.id, reason="Not needed", by=REP)
    stream.drain()
    assert service.contract(frame.id, who=REP).order_ids == [second.id]


def test_an_order_comes_under_a_frame_contract_from_its_signature_on(customer: str) -> None:
    with pytest.raises(errors.OutOfTurn):
        _put(drafted(customer, **FRAME), _order(customer))

    assert len(_put(signed(customer, **FRAME), _order(customer)).order_ids) == 1


def test_what_does_not_fit_under_a_frame_contract_names_the_order(customer: str) -> None:
    frame, other = signed(customer, **FRAME), signed(customer, **FRAME)
    taken = _order(customer)
    _put(other, taken)
    cancelled = orders.cancel(_order(customer).id, reason="No", by=REP)
    foreign = _order(customer, currency="USD")
    strange = _order(accounts.add_account(name="Another", by=REP).id)
    named = signed(customer, **FRAME, order_ids=[(mine := _order(customer)).id])

    for order in (taken, cancelled, foreign):
        assert _refused(frame, order_id=order.id) == [("order_id", "order_does_not_fit")]
    assert _refused(named, order_id=mine.id) == [("order_id", "order_does_not_fit")]
    assert _refused(frame, order_id=strange.id) == [("order_id", "unknown_reference")]
    assert _refused(frame) == [("order_id", "missing")]
    assert _refused(frame, order_id=taken.id, note="x") == [("note", "not_of_this_contract")]


def test_a_contract_that_is_billed_itself_takes_no_order(customer: str) -> None:
    with pytest.raises(errors.Conflict, match="not_sold_by_orders"):
        _put(signed(customer), _order(customer))


def test_an_order_of_a_quote_is_under_one_contract(tables: None) -> None:
    shop: Shop = open_shop()
    quote = accepted(shop)
    order = orders.draft_from_quote(quote.id, by=REP)
    frame = signed(quote.account_id, **FRAME)
    _put(frame, order)

    with pytest.raises(errors.AlreadyExists) as refused:
        service.draft_from_quote(quote.id, by=REP)

    assert refused.value.holder == frame.id


def test_over_http_an_order_is_put_by_who_reaches_both(client: Client) -> None:
    account = a_customer()
    frame, order = signed(account, **FRAME), _order(account)
    path, asked = f"/contracts/{frame.id}/orders", {"order_id": order.id}

    assert client.post(path, asked).status == 401
    assert client.post(path, asked, by=COLLEAGUE).status == 404
    assert client.post(path, {}, by=REP).json["errors"][0]["field"] == "order_id"
    assert client.post(path, asked, by=REP).json["order_ids"] == [order.id]
    assert client.get(f"/orders/{order.id}", by=REP).json["contract_id"] == frame.id
