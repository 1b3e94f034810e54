"""Fulfilment 履约: making an order binding, sending it out in parts till it arrives, closing it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step
from chalicelib.sales.orders import crediting, keeping
from chalicelib.sales.orders.collecting import one_instalment
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.parts import added, given, known
from chalicelib.sales.orders.recording import MOST_GOODS, note, ready, record, require
from chalicelib.sales.orders.shipping import Shipment, open_quantities, require_within


def activate(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Make an approved order binding: from now on it counts, is owed, and can be shipped.

    Without an agreed schedule all of it is due `payment_days` from today, and all of it at once from
    a customer who buys for cash only. What is stock-kept is promised to it. Blocked, with the units
    missing, when there are not enough; or with the reason, when the customer's credit does not reach.
    """
    return keeping.while_stock_moves(partial(_activate, order_id, by=by, version=version))


def _activate(order_id: str, *, by: Principal, version: int | None) -> Order:
    order = ready("activate", order_id, by=by, version=version)
    today = clock.today()
    standing = crediting.standing(order)
    cash_only = crediting.is_cash_only(order, standing)
    agreed = [] if cash_only else order.payment_schedule
    days = 0 if cash_only else order.payment_days
    due = [part.row() for part in agreed or one_instalment(order.total, start=today, days=days)]
    step = Step(by=by.id)
    facts = {"activated_on": today, "instalment_rows": due, "cash_only": cash_only}
    note(step, order, "activate", standing=standing, **facts)
    keeping.promise(step, order)
    step.commit()
    return order


def ship(
    order_id: str,
    *,
    reference: str,
    by: Principal,
    version: int | None = None,
    lines: Sequence[Mapping[str, int]] | None = None,
    shipped_on: date | None = None,
    carrier: str | None = None,
    tracking: str | None = None,
) -> Order:
    """Record that a part went out; without `lines` all that is open.

    The same reference again changes nothing (Conflict when it names something else). Invalid for
    more than is open; Blocked, with the units missing, while some of it is not in stock, and while the
    customer is stopped or has not paid what goes out for cash only.
    """
    details = given(shipped_on=shipped_on, carrier=carrier, tracking=tracking)
    wanted = {part["number"]: part["quantity"] for part in lines or ()}
    return keeping.while_stock_moves(
        partial(_ship, order_id, reference, wanted, details, by=by, version=version)
    )


def _ship(
    order_id: str,
    reference: str,
    wanted: Mapping[int, int],
    details: dict[str, Any],
    *,
    by: Principal,
    version: int | None,
) -> Order:
    order = reached(Order, order_id, who=by, to_write=True)
    if known(order.shipments, reference, details | ({"quantities": wanted} if wanted else {})):
        return order
    require("ship", order, by=by, version=version)
    still = open_quantities(order.lines, order.shipments)
    require_within(still, wanted, code="more_than_open")
    quantities = wanted or still
    part = Shipment(reference, quantities=quantities, **({"shipped_on": clock.today()} | details))
    step = Step(by=by.id)
    rows = added(order.shipment_rows, part, beside=order.return_rows, most=MOST_GOODS)
    note(step, order, "ship", shipment_rows=rows)
    crediting.require_to_ship(step, order)
    keeping.send(step, order, reference=reference, quantities=quantities)
    step.commit()
    return order


def deliver(
    order_id: str,
    *,
    reference: str,
    by: Principal,
    version: int | None = None,
    delivered_on: date | None = None,
    received_by: str | None = None,
) -> Order:
    """Record that a shipment, by its reference, reached the customer.

    Told again it changes nothing (Conflict when it tells something else). Invalid for a shipment not
    there, or a day before it went out.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    told = given(delivered_on=delivered_on, received_by=received_by)
    if known([each for each in order.shipments if each.delivered_on], reference, told):
        return order
    require("deliver", order, by=by, version=version)
    sent = next((each for each in order.shipments if each.reference == reference), None)
    if sent is None:
        raise errors.Invalid.one("reference", "unknown_reference")
    arrived = replace(sent, delivered_on=delivered_on or clock.today(), received_by=received_by)
    if arrived.arrived_on < sent.shipped_on:
        raise errors.Invalid.one("delivered_on", "before_shipment", shipped_on=sent.shipped_on)
    rows = [arrived.row() if row["reference"] == reference else row for row in order.shipment_rows]
    return record(order, "deliver", by=by, shipment_rows=rows)


def complete(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Close an order that has gone out in full; it may still be paid."""
    order = ready("complete", order_id, by=by, version=version)
    return record(order, "complete", by=by, completed_on=clock.today())
