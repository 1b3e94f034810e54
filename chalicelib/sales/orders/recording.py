"""What every verb of an order does: read it, see whether it may, write what happened, all in one place."""

from typing import Any, Final

from chalicelib.core.access import Principal
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import crediting
from chalicelib.sales.orders.lifecycle import ORDER, payment_status_of, status_of
from chalicelib.sales.orders.models import Order

#: Shipments and returns of one order, payments and refunds, invoices of it (see `lines.MOST_LINES`).
MOST_GOODS: Final = 30
MOST_MONEY: Final = 50
MOST_INVOICES: Final = 15


def ready(verb: str, order_id: str, *, by: Principal, version: int | None) -> Order:
    """Return an order for a verb. NotFound out of reach, Stale, Forbidden, OutOfTurn."""
    order = reached(Order, order_id, who=by, to_write=True)
    require(verb, order, by=by, version=version)
    return order


def require(verb: str, order: Order, *, by: Principal, version: int | None) -> None:
    """Raise Stale, Forbidden or OutOfTurn unless somebody may do it to the order as it is."""
    expect(order, version)
    ORDER.require(verb, order.status, by=by)


def record(order: Order, verb: str, *, by: Principal, **facts: Any) -> Order:
    """Write what happened as a step of its own."""
    step = Step(by=by.id)
    note(step, order, verb, **facts)
    step.commit()
    return order


def note(step: Step, order: Order, verb: str, *, standing: Any = None, **facts: Any) -> None:
    """Write what happened, the statuses that follow from it, and what the customer owes by it.

    `standing` is the customer's where credit is asked for (`crediting.count`).
    """
    before, held = order.status, order.credit_held
    for name, fact in facts.items():
        setattr(order, name, fact)
    after = status_of(order)
    ORDER.check(verb, before, after)
    facts |= {"status": after, "payment_status": payment_status_of(order), **crediting.facts_of(order)}
    order.status = after
    facts["waiting_list"] = opportunities.WAITING if order.waits_for else None
    step.change(order, **facts)
    crediting.count(step, order, more=order.credit_held - held, standing=standing)
