"""Approval 审核: handing an order in, saying yes or no to it, and taking it back."""

from collections.abc import Sequence
from typing import Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.orders import crediting
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.policy import needs_approval
from chalicelib.sales.orders.recording import ready, record


def submit(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Hand a draft in. Within the policy's and the customer's limits it is approved at once, without
    anybody's name.

    Blocked, with all that is missing, without lines, when the payment schedule has another sum, or
    while the customer is stopped.
    """
    order = ready("submit", order_id, by=by, version=version)
    if missing := list(_missing(order)):
        raise errors.Blocked(*missing)
    now = clock.now()
    reasons = crediting.reasons_against(order)
    approved = None if reasons or needs_approval(order.total) else now
    facts = {"submitted_at": now, "submitted_by": by.id, "approved_at": approved, **_NOT_REJECTED}
    return record(order, "submit", by=by, approval_reasons=reasons, **facts)


def _missing(order: Order) -> Sequence[FieldError]:
    if not order.line_rows:
        return [FieldError("lines", "no_lines")]
    planned = Money(sum(part.amount.minor for part in order.payment_schedule), order.currency)
    if order.payment_schedule and planned != order.total:
        return [FieldError("payment_schedule", "schedule_sum", {"planned": planned, "total": order.total})]
    return []


def approve(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Approve a submitted order. Forbidden to who submitted it, administrators aside; and, where the
    customer's credit is a reason to ask, to who may not approve credit.
    """
    order = ready("approve", order_id, by=by, version=version)
    if order.submitted_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    credit = crediting.approval(order, by=by)
    return record(order, "approve", by=by, approved_at=clock.now(), approved_by=by.id, **credit)


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
    **crediting.NOT_APPROVED,
}
