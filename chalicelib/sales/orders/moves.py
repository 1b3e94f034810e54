"""The verbs that lead an order through its life. Each records what happened; the status follows."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.orders import keeping
from chalicelib.sales.orders.collecting import Instalment, Payment, one_instalment
from chalicelib.sales.orders.drafting import free_origin
from chalicelib.sales.orders.lifecycle import ORDER, payment_status_of, status_of
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.policy import needs_approval
from chalicelib.sales.orders.shipping import Shipment, open_quantities, require_open

#: Shipments, and payments, of one order (see `lines.MOST_LINES`).
MOST_PARTS: Final = 50


def submit(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Hand a draft in. Within the policy's limit it is approved at once, without anybody's name.

    Blocked, with all that is missing, without lines or when the payment schedule has another sum.
    """
    order = _ready("submit", order_id, by=by, version=version)
    if missing := list(_missing(order)):
        raise errors.Blocked(*missing)
    now = clock.now()
    approved = None if needs_approval(order.total) else now
    rejected = {"rejected_at": None, "rejected_by": None, "rejection_reason": None}
    return _record(
        order, "submit", by=by, submitted_at=now, submitted_by=by.id, approved_at=approved, **rejected
    )


def _missing(order: Order) -> Sequence[FieldError]:
    if not order.line_rows:
        return [FieldError("lines", "no_lines")]
    planned = Money(sum(part.amount.minor for part in order.payment_schedule), order.currency)
    if order.payment_schedule and planned != order.total:
        return [FieldError("payment_schedule", "schedule_sum", {"planned": planned, "total": order.total})]
    return []


def approve(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Approve a submitted order. Forbidden to who submitted it, administrators aside."""
    order = _ready("approve", order_id, by=by, version=version)
    if order.submitted_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    return _record(order, "approve", by=by, approved_at=clock.now(), approved_by=by.id)


def reject(order_id: str, *, reason: str, by: Principal, version: int | None = None) -> Order:
    """Send a submitted order back to its draft, with the reason."""
    order = _ready("reject", order_id, by=by, version=version)
    why = {"rejected_at": clock.now(), "rejected_by": by.id, "rejection_reason": reason}
    return _record(order, "reject", by=by, **_NOT_SUBMITTED, **why)


def withdraw(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Take a submitted or approved order back to its draft; it is to be approved anew."""
    order = _ready("withdraw", order_id, by=by, version=version)
    return _record(order, "withdraw", by=by, **_NOT_SUBMITTED)


_NOT_SUBMITTED: Final = dict.fromkeys(("submitted_at", "submitted_by", "approved_at", "approved_by"))


def activate(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Make an approved order binding: from now on it counts, is owed, and can be shipped.

    Without an agreed schedule all of it is due `payment_days` from today. What is stock-kept is
    promised to it; Blocked, with the units missing, when there are not enough.
    """
    return keeping.while_stock_moves(partial(_activate, order_id, by=by, version=version))


def _activate(order_id: str, *, by: Principal, version: int | None) -> Order:
    order = _ready("activate", order_id, by=by, version=version)
    today = clock.today()
    due = order.payment_schedule or one_instalment(order.total, start=today, days=order.payment_days)
    step = Step(by=by.id)
    _note(step, order, "activate", activated_on=today, instalment_rows=_rows(due))
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
    more than is open; Blocked, with the units missing, while some of it is not in stock.
    """
    details = _given(shipped_on=shipped_on, carrier=carrier, tracking=tracking)
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
    if _known(order.shipments, reference, details | ({"quantities": wanted} if wanted else {})):
        return order
    _require("ship", order, by=by, version=version)
    require_open(order.lines, order.shipments, wanted)
    quantities = wanted or open_quantities(order.lines, order.shipments)
    part = Shipment(reference, quantities=quantities, **({"shipped_on": clock.today()} | details))
    step = Step(by=by.id)
    _note(step, order, "ship", shipment_rows=_with(order.shipment_rows, part))
    keeping.send(step, order, reference=reference, quantities=quantities)
    step.commit()
    return order


def complete(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Close an order that has gone out in full; it may still be paid."""
    order = _ready("complete", order_id, by=by, version=version)
    return _record(order, "complete", by=by, completed_on=clock.today())


def pay(
    order_id: str,
    *,
    reference: str,
    amount: Money,
    method: str,
    by: Principal,
    version: int | None = None,
    paid_on: date | None = None,
) -> Order:
    """Record that money came in.

    The same reference again changes nothing (Conflict when it names something else). Invalid for
    another currency or more than is open.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    asked = {"amount": amount, "method": method, "taken_back_on": None, **_given(paid_on=paid_on)}
    if _known(order.payments, reference, asked):
        return order
    _require("pay", order, by=by, version=version)
    if amount.currency != order.currency:
        raise errors.Invalid.one("amount", "currency_mismatch")
    if amount.minor > order.open.minor:
        raise errors.Invalid.one("amount", "more_than_owed", open=order.open)
    part = Payment(reference, paid_on or clock.today(), amount, method)
    return _record(order, "pay", by=by, payment_rows=_with(order.payment_rows, part))


def take_back(
    order_id: str, *, reference: str, reason: str, by: Principal, version: int | None = None
) -> Order:
    """Let a payment that was recorded by mistake count no more. Invalid for a reference not there."""
    order = _ready("take_back", order_id, by=by, version=version)
    rows = [dict(row) for row in order.payment_rows]
    standing = [row for row in rows if row["reference"] == reference and not row["taken_back_on"]]
    if not standing:
        raise errors.Invalid.one("reference", "unknown_reference")
    standing[0] |= {"taken_back_on": clock.today().isoformat(), "reason": reason}
    return _record(order, "take_back", by=by, payment_rows=rows)


def cancel(order_id: str, *, reason: str, by: Principal, version: int | None = None) -> Order:
    """Cancel an order of which nothing has gone out. Blocked while money for it is here.

    Its opportunity, or quote, can be made an order of again; what was kept for it is free.
    """
    return keeping.while_stock_moves(partial(_cancel, order_id, reason=reason, by=by, version=version))


def _cancel(order_id: str, *, reason: str, by: Principal, version: int | None) -> Order:
    order = _ready("cancel", order_id, by=by, version=version)
    if order.paid.minor:
        raise errors.Blocked(FieldError("payments", "money_received", {"paid": order.paid}))
    step = Step(by=by.id)
    _note(step, order, "cancel", cancelled_on=clock.today(), cancel_reason=reason)
    free_origin(step, order)
    keeping.let_go(step, order)
    step.commit()
    return order


def _ready(verb: str, order_id: str, *, by: Principal, version: int | None) -> Order:
    order = reached(Order, order_id, who=by, to_write=True)
    _require(verb, order, by=by, version=version)
    return order


def _require(verb: str, order: Order, *, by: Principal, version: int | None) -> None:
    expect(order, version)
    ORDER.require(verb, order.status, by=by)


def _record(order: Order, verb: str, *, by: Principal, **facts: Any) -> Order:
    step = Step(by=by.id)
    _note(step, order, verb, **facts)
    step.commit()
    return order


def _note(step: Step, order: Order, verb: str, **facts: Any) -> None:
    """Write what happened, and the statuses that follow from it."""
    before = order.status
    for name, fact in facts.items():
        setattr(order, name, fact)
    after = status_of(order)
    ORDER.check(verb, before, after)
    step.change(order, **facts, status=after, payment_status=payment_status_of(order))


def _known(parts: Sequence[Any], reference: str, asked: dict[str, Any]) -> bool:
    """Whether the part with this reference is recorded. Conflict when it is another one."""
    found = next((part for part in parts if part.reference == reference), None)
    if found is None:
        return False
    if any(getattr(found, name) != value for name, value in asked.items()):
        raise errors.Conflict("reference_taken", reference=reference)
    return True


def _given(**asked: Any) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}


def _with(rows: list[Any], part: Shipment | Payment) -> list[Any]:
    if len(rows) >= MOST_PARTS:
        raise errors.Conflict("too_many_parts", most=MOST_PARTS)
    return [*rows, part.row()]


def _rows(parts: Sequence[Instalment]) -> list[dict[str, Any]]:
    return [part.row() for part in parts]
