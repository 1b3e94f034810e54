"""Orders that do not say what their customer owes by them (those from before that was kept), written anew."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

from chalicelib.core import access, errors, ids
from chalicelib.core.contention import tries
from chalicelib.core.step import Step
from chalicelib.core.table import scan
from chalicelib.sales.credit import service as credit
from chalicelib.sales.orders import crediting
from chalicelib.sales.orders.models import Order

#: How often an order is read anew because somebody changed it.
TRIES: Final = 5


def held() -> Iterator[credit.Held]:
    """Yield what accounts owe by what their orders say."""
    return credit.held_by(Order)


def restate(report: credit.Report, *, repair: bool = True) -> None:
    """See that each order says what is owed by it, and what is owed moves with it; else only tell."""
    for order in _orders():
        mend = partial(_restated, order.id) if repair else None
        report.note(is_wrong=_is_misstated(order), mend=mend)


def _orders() -> Iterator[Any]:
    for raw in scan(Order.Meta.table_name):
        if ids.kind_of(raw["id"]["S"]) == Order.kind:
            yield Order.from_raw_data(raw)


def _is_misstated(order: Order) -> bool:
    return any(getattr(order, name) != fact for name, fact in crediting.facts_of(order).items())


def _restated(order_id: str) -> bool:
    """Write what follows from an order for its customer's credit; False when it never comes to rest."""
    for _ in tries(TRIES):
        order = Order.fetch(order_id)
        facts, held = crediting.facts_of(order), order.credit_held
        step = Step(by=access.SYSTEM.id)
        step.change(order, **facts)
        crediting.count(step, order, more=order.credit_held - held, standing=None)
        with suppress(errors.Stale):
            step.commit()
            return True
    return False
