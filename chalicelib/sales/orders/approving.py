"""Approval 审核: handing an order in, saying yes or no to it, and taking it back."""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.orders import crediting, limits
from chalicelib.sales.orders.chain import CREDIT, Approval, needed, pending, signed
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.policy import policy
from chalicelib.sales.orders.recording import ready, record


def submit(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Hand a draft in. What the policy, the caller's limits (but for prices of a quote) and the customer's
    credit want approved becomes its `approvals`; without any it is approved at once, without anybody's name.

    Blocked, with all that is missing, without lines, when the payment schedule has another sum, or
    while the customer is stopped.
    """
    order = ready("submit", order_id, by=by, version=version)
    if missing := list(_missing(order)):
        raise errors.Blocked(*missing)
    credit = crediting.reasons_against(order)
    price = None if order.prices_agreed else limits.beyond(order.lines, role=by.role)
    approvals = needed(policy().rules, order.lines, order.currency, credit=credit, price=price)
    now = clock.now()
    facts = {
        "submitted_at": now,
        "submitted_by": by.id,
        "approval_rows": [each.row() for each in approvals],
        "approved_at": None if approvals else now,
        **_NOT_REJECTED,
    }
    return record(order, "submit", by=by, approval_reasons=credit, **facts)


def _missing(order: Order) -> Sequence[FieldError]:
    if not order.line_rows:
        return [FieldError("lines", "no_lines")]
    planned = Money(sum(part.amount.minor for part in order.payment_schedule), order.currency)
    if order.payment_schedule and planned != order.total:
        return [FieldError("payment_schedule", "schedule_sum", {"planned": planned, "total": order.total})]
    return []


def approve(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Sign a submitted order: the steps that are the caller's turn. With the last of them it is approved.

    Forbidden to who submitted it, administrators aside, and to who is not of the next step.
    """
    order = ready("approve", order_id, by=by, version=version)
    if order.submitted_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    facts = signatures(order.approvals, by=by)
    if not pending(map(Approval.of_row, facts["approval_rows"])):
        facts |= {"approved_at": clock.now(), "approved_by": by.id}
    return record(order, "approve", by=by, **facts)


def signatures(approvals: Sequence[Approval], *, by: Principal) -> dict[str, Any]:
    """Return steps with somebody's signatures, as facts of an order. Forbidden when it is not his turn."""
    now = clock.now()
    made = signed(approvals, by=by, at=now)
    if (waiting := pending(approvals)) and len(pending(made)) == len(waiting):
        raise errors.Forbidden("not_your_step", step=waiting[0].step)
    facts: dict[str, Any] = {"approval_rows": [each.row() for each in made]}
    if any(each.step == CREDIT and each.approved_at == now for each in made):
        facts |= {"credit_approved_at": now, "credit_approved_by": by.id}
    return facts


def reject(order_id: str, *, reason: str, by: Principal, version: int | None = None) -> Order:
    """Send a submitted order back to its draft, with the reason."""
    order = ready("reject", order_id, by=by, version=version)
    why = {"rejected_at": clock.now(), "rejected_by": by.id, "rejection_reason": reason}
    return record(order, "reject", by=by, **_NOT_SUBMITTED, **why)


def withdraw(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Take a submitted or approved order back to its draft; it is to be approved anew."""
    order = ready("withdraw", order_id, by=by, version=version)
    return record(order, "withdraw", by=by, **_NOT_SUBMITTED)


_NOT_REJECTED: Final = dict.fromkeys(("rejected_at", "rejected_by", "rejection_reason"))
_NOT_SUBMITTED: Final = {
    **dict.fromkeys(("submitted_at", "submitted_by", "approved_at", "approved_by")),
    "approval_rows": [],
    "amendment_document": None,
    **crediting.NOT_APPROVED,
}
