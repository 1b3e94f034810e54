"""What becomes of an accepted quote: a contract with its lines, orders under it, and nothing twice."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors, files
from chalicelib.core.money import Money
from chalicelib.sales.clauses import service as clauses
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.lines import CallOff, Line, left, taken
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes
from chalicelib.sales.quotes.models import Quote
from tests.client import MANAGER, OPERATIONS, REP, STRANGER, Client
from tests.platform.imports.bringing import make_bucket
from tests.sales.opportunities.builders import a_deal_to_win
from tests.sales.quotes.builders import Shop, accepted, open_shop, sent
from tests.streams import Stream


@pytest.fixture
def shop(tables: None) -> Iterator[Shop]:
    make_bucket()
    yield open_shop()
    files.forget()


def _quote(quote: Quote) -> Quote:
    return quotes.quote(quote.id, who=REP)


def _signed(contract: Contract) -> Contract:
    service.submit(contract.id, by=REP)
    service.approve(contract.id, by=MANAGER)
    service.send(contract.id, by=REP)
    return service.sign(contract.id, signed_by="Li Wei 李伟", by=REP)


def test_an_accepted_quote_becomes_one_contract_of_its_parties_lines_and_value(shop: Shop) -> None:
    quote = accepted(shop, title="Press line 压力机", terms="Net 30")

    contract = service.draft_from_quote(quote.id, by=REP)

    assert (contract.title, contract.terms, contract.owner_id) == ("Press line 压力机", "Net 30", REP.id)
    assert (contract.value, contract.tax, contract.billed_by) == (quote.net, quote.tax, "CONTRACT")
    assert [(line.name, line.quantity, line.net) for line in contract.lines] == [
        (line.name, line.quantity, line.net) for line in quote.lines
    ]
    assert (contract.quote_id, _quote(quote).contract_id) == (quote.id, contract.id)
    for sell in (service.draft_from_quote, orders.draft_from_quote):
        with pytest.raises(errors.AlreadyExists) as taken_before:
            sell(quote.id, by=REP)
        assert taken_before.value.holder == contract.id


def test_only_an_accepted_quote_becomes_a_contract(shop: Shop) -> None:
    with pytest.raises(errors.Conflict, match="quote_not_accepted"):
        service.draft_from_quote(sent(shop).id, by=REP)


def test_its_text_is_made_in_the_same_step_or_nothing_is(shop: Shop) -> None:
    body = "{{customer_name}} pays {{contract_total}} for:\n{{contract_lines}}\n{{bank}}"
    clause = clauses.add_clause(name="Price", language="en", body=body, by=OPERATIONS)
    template = clauses.add_template(name="Sale", language="en", clause_ids=[clause.id], by=OPERATIONS)
    quote = accepted(shop)

    with pytest.raises(errors.Invalid):
        service.draft_from_quote(quote.id, template_id=clause.id, by=REP)
    assert _quote(quote).contract_id is None
    contract = service.draft_from_quote(
        quote.id, template_id=template.id, values_by_field={"bank": "ICBC"}, by=REP
    )

    text = service.text(contract.id, "1", who=REP)
    assert (contract.text_version, str(quote.total) in text, text.endswith("ICBC")) == (1, True, True)
    assert "1. Press 压力机 × 10: " in text


def test_a_contract_that_was_given_up_lets_its_quote_and_its_deal_be_sold_again(shop: Shop) -> None:
    line = {"product_id": shop.press_id, "quantity": 2, "unit_price": Money(95_000, "CNY")}
    deal = a_deal_to_win(lines=[line])
    draft = quotes.draft_from(deal.id, by=REP)
    quotes.approve(quotes.submit(draft.id, by=REP).id, by=MANAGER)
    quotes.send(draft.id, by_mail=False, by=REP)
    quote = quotes.accept(draft.id, name="Li Wei", by=REP)
    deals.win(deal.id, version=None, by=REP)
    contract = service.draft_from_quote(quote.id, by=REP)
    with pytest.raises(errors.AlreadyExists):
        orders.draft_from(deal.id, by=REP)

    service.cancel(contract.id, reason="They want an order alone", by=REP)

    assert _quote(quote).contract_id is None
    order = orders.draft_from_quote(quote.id, by=REP)
    assert _quote(quote).order_id == order.id


def _refused(quote: Quote, **terms: Any) -> list[str]:
    with pytest.raises(errors.Invalid) as refused:
        service.draft_from_quote(quote.id, by=REP, **terms)
    return [each.field for each in refused.value.errors]


def test_an_order_made_before_stands_under_the_contract_which_is_billed_by_it(shop: Shop) -> None:
    quote = accepted(shop)
    order = orders.draft_from_quote(quote.id, by=REP)

    assert _refused(quote, billed_by="CONTRACT") == ["billed_by"]
    contract = service.draft_from_quote(quote.id, by=REP)

    assert (contract.billed_by, contract.order_ids) == ("ORDERS", [order.id])
    assert orders.order(order.id, who=REP).contract_id == contract.id
    with pytest.raises(errors.Conflict, match="all_ordered"):
        service.call_off(_signed(contract).id, by=REP)


def test_orders_are_made_under_a_contract_part_by_part_up_to_what_it_sells(
    shop: Shop, stream: Stream
) -> None:
    quote = accepted(shop)
    contract = service.draft_from_quote(quote.id, billed_by="ORDERS", by=REP)
    with pytest.raises(errors.OutOfTurn):
        service.call_off(contract.id, by=REP)
    _signed(contract)

    first = _ordered(contract, lines=[{"number": 1, "quantity": 3}])
    with pytest.raises(errors.Invalid) as refused:
        service.call_off(contract.id, lines=[{"number": 1, "quantity": 8}], by=REP)
    rest = _ordered(contract)

    [wrong] = refused.value.errors
    assert (wrong.field, wrong.code, wrong.values["left"]) == ("lines.0.quantity", "more_than_to_order", 7)
    assert [line.quantity for line in first.lines + rest.lines] == [3, 7, 7]
    assert first.net + rest.net == quote.net
    assert (first.contract_id, first.quote_id, first.opportunity_id) == (contract.id, quote.id, None)
    orders.cancel(first.id, reason="Later", by=REP)
    stream.drain()
    again = _ordered(contract)
    assert again.net == first.net
    assert service.contract(contract.id, who=REP).order_ids == [rest.id, again.id]


def _ordered(contract: Contract, **details: Any) -> Any:
    made = service.call_off(contract.id, by=REP, **details).calls[-1]
    return orders.order(made.order_id, who=REP)


def test_a_contract_that_is_billed_itself_takes_no_orders_and_one_of_orders_no_plan(shop: Shop) -> None:
    plan = [{"bill_on": date(2030, 1, 1), "amount": Money(1, "CNY")}]
    contract = service.draft_from_quote(accepted(shop).id, billing_plan=plan, by=REP)
    with pytest.raises(errors.Conflict, match="not_sold_by_orders"):
        service.call_off(_signed(contract).id, by=REP)
    assert _refused(accepted(shop), billed_by="ORDERS", billing_plan=plan) == ["billing_plan"]


def test_a_draft_of_a_quote_keeps_to_the_currency_and_orders_of_its_lines(shop: Shop) -> None:
    contract = service.draft_from_quote(accepted(shop).id, by=REP)
    plan = [{"bill_on": date(2030, 1, 1), "amount": contract.value}]

    assert service.edit(contract.id, billing_plan=plan, by=REP, version=1).billing_plan[0].number == 1
    wrongs: list[dict[str, Any]] = [
        {"order_ids": []},
        {"value": Money(1, "USD")},
        {"tax": Money(1, "USD")},
    ]
    for wrong in wrongs:
        with pytest.raises(errors.Invalid) as refused:
            service.edit(contract.id, by=REP, version=2, **wrong)
        assert [each.field for each in refused.value.errors] == list(wrong)
    service.edit(contract.id, value=Money(1, "CNY"), by=REP, version=2)
    with pytest.raises(errors.Blocked):
        service.submit(contract.id, by=REP)


LINES = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10**9)), min_size=1, max_size=4)


@given(lines=LINES, cuts=st.lists(st.integers(0, 50), max_size=6))
def test_parts_of_a_contract_come_to_its_very_price_whatever_they_are(
    lines: list[tuple[int, int]], cuts: list[int]
) -> None:
    sold = [
        Line(n, None, "x", pieces, Money(net, "CNY"), 0) for n, (pieces, net) in enumerate(lines, start=1)
    ]
    calls: list[CallOff] = []
    for number, cut in enumerate(cuts):
        still = left(sold, calls)
        wanted = {at: min(cut, pieces) for at, (pieces, _) in still.items() if min(cut, pieces)}
        if wanted:
            calls.append(CallOff(str(number), taken(still, wanted)))
    if still := left(sold, calls):
        calls.append(CallOff("rest", taken(still, {})))

    for line in sold:
        parts = [call.parts[line.number] for call in calls if line.number in call.parts]
        assert (sum(n for n, _ in parts), sum(net for _, net in parts)) == (line.quantity, line.net.minor)
        assert all(net >= 0 for _, net in parts)


def test_over_http_first_the_stranger_then_wrong_input_then_all_of_it(client: Client) -> None:
    shop = open_shop()
    quote = accepted(shop)
    asked = {"quote_id": quote.id, "billed_by": "ORDERS"}

    assert client.post("/contracts/from-quote", asked).status == 401
    assert client.post("/contracts/from-quote", asked, by=STRANGER).status == 404
    wrong = {"quote_id": quote.id, "billing_plan": [{"bill_on": "x", "amount": 1}], "value": 1}
    named = client.post("/contracts/from-quote", wrong, by=REP).json["errors"]
    assert {each["field"] for each in named} == {
        "billing_plan.0.bill_on",
        "billing_plan.0.amount",
        "value",
    }
    made = client.post("/contracts/from-quote", asked, by=REP)
    assert (made.status, made.json["quote_id"], made.json["calls"]) == (201, quote.id, [])
    assert client.get(f"/quotes/{quote.id}", by=REP).json["contract_id"] == made.json["id"]
    path = f"/contracts/{made.json['id']}"
    _signed(service.contract(made.json["id"], who=REP))
    twice = {"lines": [{"number": 1, "quantity": 1}, {"number": 1, "quantity": 2}]}
    assert client.post(f"{path}/orders", twice, by=REP).json["errors"][0]["code"] == "line_twice"
    assert client.post(f"{path}/orders", {}, by=STRANGER).status == 404
    ordered = client.post(f"{path}/orders", {"lines": twice["lines"][:1]}, by=REP)
    [call] = ordered.json["calls"]
    order = client.get(f"/orders/{call['order_id']}", by=REP).json
    assert (order["contract_id"], order["lines"][0]["quantity"]) == (made.json["id"], 1)
