"""Asking for an invoice 开票申请, and what finance makes of it."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.orders.invoices import Invoice, asked_for, worth_of_shipment
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.parts import added, given, known
from chalicelib.sales.orders.recording import MOST_INVOICES, record, require


def request_invoice(
    order_id: str,
    *,
    reference: str,
    title: str,
    by: Principal,
    version: int | None = None,
    instalment: int | None = None,
    shipment: str | None = None,
    tax_number: str | None = None,
    email: str | None = None,
) -> Order:
    """Ask finance for an invoice: for an instalment, a shipment, or all that was not asked for yet.

    The same reference again changes nothing (Conflict when it names something else). Invalid for an
    instalment or shipment not there, for nothing, or for more than is owed and was not asked for.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    what = given(instalment=instalment, shipment=shipment)
    details = {"title": title, **what, **given(tax_number=tax_number, email=email)}
    if known(order.invoices, reference, details):
        return order
    require("request_invoice", order, by=by, version=version)
    amount = _amount(order, **what)
    left = order.owed.minor - asked_for(order.invoices)
    if not 0 < amount <= left:
        field = next(iter(what), "reference")
        raise errors.Invalid.one(field, "more_than_to_invoice", left=Money(max(0, left), order.currency))
    part = Invoice(reference, clock.today(), by.id, Money(amount, order.currency), **details)
    rows = added(order.invoice_rows, part, beside=[], most=MOST_INVOICES)
    return record(order, "request_invoice", by=by, invoice_rows=rows)


def _amount(order: Order, *, instalment: int | None = None, shipment: str | None = None) -> int:
    if instalment is not None and shipment is not None:
        raise errors.Invalid.one("shipment", "one_of_both")
    if instalment is not None:
        if instalment > len(order.instalment_rows):
            raise errors.Invalid.one("instalment", "no_instalment", most=len(order.instalment_rows))
        return order.payment_schedule[instalment - 1].owed.minor
    if shipment is not None:
        amount = worth_of_shipment(order.line_rows, order.shipment_rows, shipment)
        if amount is None:
            raise errors.Invalid.one("shipment", "unknown_reference")
        return amount
    return order.owed.minor - asked_for(order.invoices)


def issue_invoice(
    order_id: str,
    *,
    reference: str,
    number: str,
    by: Principal,
    version: int | None = None,
    issued_on: date | None = None,
) -> Order:
    """Record the invoice that was issued, with its number. Told again it changes nothing."""
    told = {"number": number, **given(issued_on=issued_on)}
    facts = {"issued_on": clock.today(), **told}
    return _decide(order_id, reference, "issue_invoice", facts, told, by=by, version=version)


def refuse_invoice(
    order_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> Order:
    """Refuse to issue an invoice, with the reason; as much can be asked for again."""
    told = {"refusal": reason}
    return _decide(order_id, reference, "refuse_invoice", told, told, by=by, version=version)


def _decide(
    order_id: str,
    reference: str,
    verb: str,
    facts: dict[str, Any],
    told: dict[str, Any],
    *,
    by: Principal,
    version: int | None,
) -> Order:
    """Write what became of a request: `facts`, of which `told` makes one that is repeated.

    Invalid for a reference not there; Conflict when something else became of it.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    if known([each for each in order.invoices if each.status != "REQUESTED"], reference, told):
        return order
    require(verb, order, by=by, version=version)
    if all(each.reference != reference for each in order.invoices):
        raise errors.Invalid.one("reference", "unknown_reference")
    rows = [
        (replace(each, **facts) if each.reference == reference else each).row() for each in order.invoices
    ]
    return record(order, verb, by=by, invoice_rows=rows)
