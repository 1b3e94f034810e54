"""Goods that come back 退货: what is owed less for them, and where they stand again."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, may
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step
from chalicelib.sales.orders import keeping
from chalicelib.sales.orders.balance import balance
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.parts import added, given, known
from chalicelib.sales.orders.policy import policy
from chalicelib.sales.orders.recording import MOST_GOODS, note, require
from chalicelib.sales.orders.returns import Return, first_day, gone_by, returnable, went_on
from chalicelib.sales.orders.shipping import require_within


def return_goods(
    order_id: str,
    *,
    reference: str,
    reason: str,
    by: Principal,
    version: int | None = None,
    lines: Sequence[Mapping[str, int]] | None = None,
    returned_on: date | None = None,
    restock: bool = True,
) -> Order:
    """Record that a part came back; without `lines` all that may. What is owed falls with it.

    With `restock` its stock-kept units stand again where they were taken from. The same reference
    again changes nothing (Conflict when it names something else). Invalid for more than has gone out
    and not come back, for a day before it went out, or, from those who may not approve, after the
    policy's days.
    """
    details = {"reason": reason, "restocked": restock, **given(returned_on=returned_on)}
    wanted = {part["number"]: part["quantity"] for part in lines or ()}
    return keeping.while_stock_moves(
        partial(_return, order_id, reference, wanted, details, by=by, version=version)
    )


def _return(
    order_id: str,
    reference: str,
    wanted: Mapping[int, int],
    details: Mapping[str, Any],
    *,
    by: Principal,
    version: int | None,
) -> Order:
    order = reached(Order, order_id, who=by, to_write=True)
    if known(order.returns, reference, {**details, **({"quantities": wanted} if wanted else {})}):
        return order
    require("return_goods", order, by=by, version=version)
    facts = {"returned_on": clock.today(), **details}
    quantities = _allowed(order, wanted, facts["returned_on"], by=by)
    part = Return(reference, quantities=quantities, amount=_amount(order, quantities), **facts)
    step = Step(by=by.id)
    rows = added(order.return_rows, part, beside=order.shipment_rows, most=MOST_GOODS)
    note(step, order, "return_goods", return_rows=rows)
    if part.restocked:
        keeping.take_in(step, order, reference=reference, quantities=quantities)
    step.commit()
    return order


def _allowed(order: Order, wanted: Mapping[int, int], on: date, *, by: Principal) -> Mapping[int, int]:
    """Return the quantities that may come back: those wanted, or all there are. Invalid for more."""
    require_within(returnable(order.shipments, order.returns), wanted, code="more_than_gone")
    if on < (gone_on := went_on(order.shipments, order.returns, wanted)):
        raise errors.Invalid.one("returned_on", "before_shipment", shipped_on=gone_on)
    days = None if may(by, "orders:approve") else policy().return_days
    since = first_day(on, days, today=clock.today())
    in_time = returnable(gone_by(order.shipments, on), order.returns, since=since)
    require_within(in_time, wanted, code="too_late_to_return")
    if not in_time:
        raise errors.Invalid.one("lines", "nothing_to_return")
    return wanted or in_time


def _amount(order: Order, quantities: Mapping[int, int]) -> Money:
    """Return what is owed less when so much comes back."""
    back = [{"lines": [{"number": number, "quantity": n} for number, n in quantities.items()]}]
    after = balance(
        lines=order.line_rows,
        returns=[*order.return_rows, *back],
        payments=(),
        refunds=(),
        cancelled=False,
    )
    return Money(order.balance.owed - after.owed, order.currency)
