"""Asking for an invoice 开票申请, what finance makes of it, and correcting it 红冲."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.sales.orders.invoices import Correction, Invoice, asked_for, worth_of_shipment
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
    """Ask finance for an invoice: of an instalment, a shipment, or all, what was not asked for yet.

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
    field = next(iter(what), "reference")
    if what and amount <= 0:
        raise errors.Invalid.one(field, "invoiced_already")
    if not 0 < amount <= left:
        raise errors.Invalid.one(field, "more_than_to_invoice", left=Money(max(0, left), order.currency))
    part = Invoice(reference, clock.today(), by.id, Money(amount, order.currency), **details)
    rows = added(order.invoice_rows, part, beside=[], most=MOST_INVOICES)
    return record(order, "request_invoice", by=by, invoice_rows=rows)


def _amount(order: Order, **what: Any) -> int:
    return _worth(order, **what) - asked_for(order.invoices, **what)


def _worth(order: Order, *, instalment: int | None = None, shipment: str | None = None) -> int:
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
    return order.owed.minor


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


def correct_invoice(
    order_id: str,
    *,
    reference: str,
    number: str,
    reason: str,
    by: Principal,
    version: int | None = None,
    amount: Money | None = None,
    corrected_on: date | None = None,
) -> Order:
    """Record the red-letter invoice (`number`) by which an issued one, or an `amount` of it, counts no more.

    The same number again changes nothing (Conflict when it tells something else). Invalid for a
    reference under which nothing was issued, another currency, or more than is left of it.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    told = {"reason": reason, **given(amount=amount, corrected_on=corrected_on)}
    if _is_corrected(order, reference, number, told):
        return order
    require("correct_invoice", order, by=by, version=version)
    invoice = next((each for each in order.invoices if each.reference == reference and each.number), None)
    if invoice is None:
        raise errors.Invalid.one("reference", "not_issued")
    amount = amount or invoice.left
    if amount.currency != order.currency:
        raise errors.Invalid.one("amount", "currency_mismatch")
    if not 0 < amount.minor <= invoice.left.minor:
        raise errors.Invalid.one("amount", "more_than_invoiced", left=invoice.left)
    if sum(len(each.corrections) for each in order.invoices) >= MOST_INVOICES:
        raise errors.Conflict("too_many_parts", most=MOST_INVOICES)
    made = Correction(number, corrected_on or clock.today(), amount, reason)
    rows = _with(order, reference, corrections=(*invoice.corrections, made))
    return record(order, "correct_invoice", by=by, invoice_rows=rows)


def _is_corrected(order: Order, reference: str, number: str, told: Mapping[str, Any]) -> bool:
    """Whether a red-letter invoice is recorded. Conflict when its number is that of another one."""
    for invoice in order.invoices:
        for each in invoice.corrections:
            if each.number == number:
                same = invoice.reference == reference
                if not same or any(getattr(each, name) != value for name, value in told.items()):
                    raise errors.Conflict("reference_taken", reference=number)
                return True
    return False


def _with(order: Order, reference: str, **facts: Any) -> list[dict[str, Any]]:
    """Return the invoices as kept, with facts about one of them."""
    return [
        (replace(each, **facts) if each.reference == reference else each).row() for each in order.invoices
    ]


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
    return record(order, verb, by=by, invoice_rows=_with(order, reference, **facts))
