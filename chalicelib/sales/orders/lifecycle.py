"""The life of an order: the moves, and the status that follows from what happened.

             withdraw, reject
  ┌──────────────────────────────────┐
  ▼                                  │
DRAFT ──submit──▶ IN_APPROVAL ──approve──▶ APPROVED ──activate──▶ ACTIVATED
  └──submit (within the limit)──────────────▲                        │ ship
                                                                     ▼
COMPLETED ◀──complete── SHIPPED ◀──ship── PARTIALLY_SHIPPED ◀────────┤
                           ▲─────────────────────ship────────────────┘
CANCELLED: from any status before the first shipment, while nothing is paid.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from chalicelib.core.lifecycle import STAYS, Lifecycle, Move
from chalicelib.core.money import Money
from chalicelib.sales.orders.collecting import payment_status
from chalicelib.sales.orders.lines import Line
from chalicelib.sales.orders.shipping import Shipment, open_quantities

ORDER: Final = Lifecycle(
    Move("edit", "DRAFT", STAYS, needs="orders:write"),
    Move("submit", "DRAFT", "IN_APPROVAL APPROVED", needs="orders:write"),
    Move("approve", "IN_APPROVAL", "APPROVED", needs="orders:approve"),
    Move("reject", "IN_APPROVAL", "DRAFT", needs="orders:approve"),
    Move("withdraw", "IN_APPROVAL APPROVED", "DRAFT", needs="orders:write"),
    Move("activate", "APPROVED", "ACTIVATED", needs="orders:write"),
    Move("ship", "ACTIVATED PARTIALLY_SHIPPED", "PARTIALLY_SHIPPED SHIPPED", needs="orders:write"),
    Move("complete", "SHIPPED", "COMPLETED", needs="orders:write"),
    Move("pay", "ACTIVATED PARTIALLY_SHIPPED SHIPPED COMPLETED", STAYS, needs="orders:write"),
    Move("take_back", "ACTIVATED PARTIALLY_SHIPPED SHIPPED COMPLETED", STAYS, needs="orders:approve"),
    Move("cancel", "DRAFT IN_APPROVAL APPROVED ACTIVATED", "CANCELLED", needs="orders:write"),
)


class Facts(Protocol):
    """What happened to an order, as far as its status follows from it."""

    submitted_at: Any
    approved_at: Any
    activated_on: Any
    completed_on: Any
    cancelled_on: Any

    @property
    def lines(self) -> Sequence[Line]:
        """What was ordered."""

    @property
    def paid(self) -> Money:
        """What came in and stayed."""

    @property
    def total(self) -> Money:
        """What is owed."""

    @property
    def shipments(self) -> Sequence[Shipment]:
        """What went out."""


def status_of(order: Facts) -> str:
    """Return the status that follows from the facts, the last of them first."""
    if order.cancelled_on:
        return "CANCELLED"
    if order.completed_on:
        return "COMPLETED"
    if order.shipments:
        return "PARTIALLY_SHIPPED" if open_quantities(order.lines, order.shipments) else "SHIPPED"
    if order.activated_on:
        return "ACTIVATED"
    if order.approved_at:
        return "APPROVED"
    return "IN_APPROVAL" if order.submitted_at else "DRAFT"


def payment_status_of(order: Facts) -> str:
    """Return UNPAID, PARTLY_PAID or PAID. Nothing is owed before the order is activated."""
    if not order.activated_on:
        return "UNPAID"
    return payment_status(total=order.total.minor, paid=order.paid.minor)
