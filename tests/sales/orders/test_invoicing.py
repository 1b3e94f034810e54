"""Invoices that are asked for: for what, how much at most, and what finance makes of them."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, REP, Client
from tests.sales.orders.builders import Shop, activated, open_shop

FEES: list[dict[str, Any]] = [{"name": "Fee", "quantity": 3, "unit_price": Money(100, "CNY"), "tax_bps": 100}]


def owing(shop: Shop) -> Order:
    """Rita's order over 303 fen: 100 due in January, 203 in February."""
    parts = [(date(2027, 1, 31), 100), (date(2027, 2, 28), 203)]
    schedule = [{"due_on": day, "amount": Money(minor, "CNY")} for day, minor in parts]
    return activated(shop, lines=FEES, payment_schedule=schedule)


def asked(order: Order, reference: str = "i-1", **of: Any) -> Order:
    return service.request_invoice(order.id, reference=reference, title="Kangnai 康奈", by=REP, **of)


def issued(order: Order, reference: str = "i-1") -> Order:
    return service.issue_invoice(order.id, reference=reference, number="N7", by=FINANCE)


def corrected(order: Order, number: str = "R8", **details: Any) -> Order:
    given: dict[str, Any] = {"reference": "i-1", "reason": "Came back", "by": FINANCE}
    return service.correct_invoice(order.id, number=number, **given | details)


def amounts(order: Order) -> list[int]:
    return [each.amount.minor for each in order.invoices]


def test_an_instalment_is_invoiced_and_then_all_the_rest(shop: Shop) -> None:
    order = asked(asked(owing(shop), instalment=1), "i-2")

    assert amounts(order) == [100, 203]
    with pytest.raises(errors.Invalid) as refused:
        asked(order, "i-3", instalment=2)
    assert refused.value.errors[0].values["left"] == Money(0, "CNY")


def test_shipments_are_invoiced_to_the_last_minor_unit(shop: Shop) -> None:
    order = owing(shop)
    for at in ("s-1", "s-2", "s-3"):
        service.ship(order.id, reference=at, lines=[{"number": 1, "quantity": 1}], by=REP)
    order = asked(asked(asked(order, shipment="s-1"), "i-2", shipment="s-2"), "i-3", shipment="s-3")

    assert (amounts(order), sum(amounts(order))) == ([101, 101, 101], order.total.minor)
    with pytest.raises(errors.Invalid) as unknown:
        asked(order, "i-4", shipment="s-4")
    assert unknown.value.errors[0].code == "unknown_reference"


def test_neither_an_instalment_nor_a_shipment_is_invoiced_twice(shop: Shop) -> None:
    order = service.ship(owing(shop).id, reference="s-1", lines=[{"number": 1, "quantity": 1}], by=REP)
    order = asked(asked(order, instalment=1), "i-2", shipment="s-1")

    for field, of in (("instalment", {"instalment": 1}), ("shipment", {"shipment": "s-1"})):
        with pytest.raises(errors.Invalid) as refused:
            asked(order, "i-3", **of)
        assert (refused.value.errors[0].field, refused.value.errors[0].code) == (field, "invoiced_already")
    assert amounts(asked(order, "i-3")) == [100, 101, 102]


def test_what_was_refused_or_corrected_of_an_instalment_is_asked_for_again(shop: Shop) -> None:
    order = service.refuse_invoice(
        asked(owing(shop), instalment=1).id, reference="i-1", reason="No tax number", by=FINANCE
    )
    order = issued(asked(order, "i-2", instalment=1), "i-2")
    order = corrected(order, reference="i-2", amount=Money(30, "CNY"))

    assert amounts(asked(order, "i-3", instalment=1)) == [100, 100, 30]


def test_an_issued_invoice_is_corrected_in_parts_to_the_last_minor_unit(shop: Shop) -> None:
    order = issued(asked(service.ship(owing(shop).id, reference="s-1", by=REP)))
    service.return_goods(
        order.id, reference="r-1", reason="Broken", lines=[{"number": 1, "quantity": 1}], by=REP
    )
    order = corrected(order, amount=Money(101, "CNY"))
    again = corrected(order, amount=Money(101, "CNY"))
    with pytest.raises(errors.Invalid) as nothing:
        asked(order, "i-2")
    with pytest.raises(errors.Invalid) as too_much:
        corrected(order, "R9", amount=Money(203, "CNY"))
    standing, order = order.invoices[0].status, corrected(order, "R9")

    assert again.version + 1 == order.version
    assert nothing.value.errors[0].code == "more_than_to_invoice"
    assert (too_much.value.errors[0].field, too_much.value.errors[0].values["left"].minor) == ("amount", 202)
    assert [each.amount.minor for each in order.invoices[0].corrections] == [101, 202]
    assert (standing, order.invoices[0].status) == ("ISSUED", "CORRECTED")
    assert amounts(asked(order, "i-2")) == [303, 202]


def test_only_finance_corrects_and_only_what_was_issued(shop: Shop) -> None:
    order = asked(owing(shop))
    for reference in ("i-1", "i-9"):
        with pytest.raises(errors.Invalid) as refused:
            corrected(order, reference=reference)
        assert (refused.value.errors[0].field, refused.value.errors[0].code) == ("reference", "not_issued")
    issued(order)
    with pytest.raises(errors.Forbidden):
        corrected(order, by=REP)
    with pytest.raises(errors.Invalid) as foreign:
        corrected(order, amount=Money(1, "USD"))
    order = corrected(order)

    assert foreign.value.errors[0].code == "currency_mismatch"
    for other in ({"reason": "Other"}, {"reference": "i-9"}, {"amount": Money(1, "CNY")}):
        with pytest.raises(errors.Conflict):
            corrected(order, **other)


def test_what_came_back_is_not_invoiced(shop: Shop) -> None:
    order = service.ship(owing(shop).id, reference="s-1", by=REP)
    service.return_goods(
        order.id, reference="r-1", reason="Broken", lines=[{"number": 1, "quantity": 1}], by=REP
    )

    with pytest.raises(errors.Invalid):
        asked(order, shipment="s-1")
    assert amounts(asked(order)) == [202]


def test_the_same_request_told_twice_is_one(shop: Shop) -> None:
    order = asked(owing(shop), instalment=1)

    assert asked(order, instalment=1).version == order.version
    with pytest.raises(errors.Conflict):
        asked(order, instalment=2)


def test_what_was_refused_can_be_asked_for_again_and_what_was_issued_stands(shop: Shop) -> None:
    order = asked(owing(shop))
    with pytest.raises(errors.Forbidden):
        service.issue_invoice(order.id, reference="i-1", number="7", by=REP)
    order = service.refuse_invoice(order.id, reference="i-1", reason="No tax number", by=FINANCE)
    assert (order.invoices[0].status, order.invoices[0].refusal) == ("REFUSED", "No tax number")

    order = service.issue_invoice(asked(order, "i-2").id, reference="i-2", number="7", by=FINANCE)
    again = service.issue_invoice(order.id, reference="i-2", number="7", by=FINANCE)

    assert [each.status for each in order.invoices] == ["REFUSED", "ISSUED"]
    assert again.version == order.version
    for wrong in ({"number": "8"}, {"number": "7", "issued_on": date(2020, 1, 1)}):
        with pytest.raises(errors.Conflict):
            service.issue_invoice(order.id, reference="i-2", by=FINANCE, **wrong)
    with pytest.raises(errors.Conflict):
        service.refuse_invoice(order.id, reference="i-2", reason="Late", by=FINANCE)


def test_invoices_are_asked_for_and_issued_over_http(client: Client) -> None:
    order = owing(open_shop())
    at = f"/orders/{order.id}/invoices"
    body = {"reference": "i-1", "title": "Kangnai", "tax_number": "91330300X", "email": "a@kangnai.cn"}

    both = client.post(at, {**body, "instalment": 1, "shipment": "s-1"}, by=REP)
    told = client.post(at, {**body, "instalment": 2}, by=REP).json["invoices"]
    issued = client.post(f"{at}/issue", {"reference": "i-1", "number": "N7"}, by=FINANCE).json["invoices"]
    red = {"reference": "i-1", "number": "R8", "reason": "Wrong title"}
    [corrected] = client.post(f"{at}/correct", red, by=FINANCE).json["invoices"]

    assert (both.status, both.json["errors"][0]["code"]) == (400, "one_of_both")
    assert (told[0]["amount"]["amount"], told[0]["status"], told[0]["requested_by"]) == (
        "2.03",
        "REQUESTED",
        REP.id,
    )
    assert (issued[0]["status"], issued[0]["number"]) == ("ISSUED", "N7")
    assert (corrected["status"], corrected["left"]["amount"]) == ("CORRECTED", "0.00")
    assert corrected["corrections"][0]["amount"]["amount"] == "2.03"
    assert client.post(f"{at}/issue", {"reference": "i-1", "number": "N7"}, by=REP).status == 403
    assert client.post(f"{at}/correct", {**red, "amount": {}}, by=FINANCE).status == 400
