"""The life of an order: the moves, and the status that follows from what happened.

             withdraw, reject
  ┌──────────────────────────────────┐
  ▼                                  │
DRAFT ──submit──▶ IN_APPROVAL ──approve──▶ APPROVED ──activate──▶ ACTIVATED
  └──submit (nothing to approve)────────────▲                        │ ship
                                                                     ▼
COMPLETED ◀──complete── SHIPPED ◀──ship── PARTIALLY_SHIPPED ◀────────┤
                           ▲─────────────────────ship────────────────┘
`approve` signs one step of the approval after the other (`chain`); the last leads on.
CANCELLED: from any status before the first shipment. Afterwards `cancel` gives up what has not gone
out, and leads to SHIPPED. Money and goods that come, and go back, change no status of this picture.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from chalicelib.core.lifecycle import STAYS, Lifecycle, Move
from chalicelib.sales.orders.balance import Balance, payment_status
from chalicelib.sales.orders.lines import Line
from chalicelib.sales.orders.shipping import Shipment, open_quantities

_GONE: Final = "PARTIALLY_SHIPPED SHIPPED COMPLETED"
#: Amended, it may be that nothing is left to ship.
_AMENDED: Final = "APPROVED ACTIVATED PARTIALLY_SHIPPED SHIPPED"
ORDER: Final = Lifecycle(
    Move("edit", "DRAFT", STAYS, needs="orders:write"),
    Move("submit", "DRAFT", "IN_APPROVAL APPROVED", needs="orders:write"),
    Move("approve", "IN_APPROVAL", "IN_APPROVAL APPROVED", needs="orders:approve"),
    Move("reject", "IN_APPROVAL", "DRAFT", needs="orders:approve"),
    Move("withdraw", "IN_APPROVAL APPROVED", "DRAFT", needs="orders:write"),
    Move("activate", "APPROVED", "ACTIVATED", needs="orders:write"),
    Move("amend", "APPROVED ACTIVATED PARTIALLY_SHIPPED", _AMENDED, needs="orders:write"),
    Move("approve_amendment", "APPROVED ACTIVATED PARTIALLY_SHIPPED", _AMENDED, needs="orders:approve"),
    Move("drop_amendment", f"APPROVED ACTIVATED {_GONE}", STAYS, needs="orders:write"),
    Move("ship", "ACTIVATED PARTIALLY_SHIPPED", "PARTIALLY_SHIPPED SHIPPED", needs="orders:write"),
    Move("complete", "SHIPPED", "COMPLETED", needs="orders:write"),
    Move("deliver", _GONE, STAYS, needs="orders:write"),
    Move("return_goods", _GONE, STAYS, needs="orders:write"),
    Move("pay", f"ACTIVATED {_GONE}", STAYS, needs="orders:write"),
    Move("take_back", f"ACTIVATED {_GONE} CANCELLED", STAYS, needs="orders:approve"),
    Move("refund", f"ACTIVATED {_GONE} CANCELLED", STAYS, needs="orders:approve"),
    Move("reschedule", f"ACTIVATED {_GONE}", STAYS, needs="orders:approve"),
    Move("request_invoice", f"ACTIVATED {_GONE}", STAYS, needs="orders:write"),
    Move("issue_invoice", f"ACTIVATED {_GONE} CANCELLED", STAYS, needs="orders:approve"),
    Move("refuse_invoice", f"ACTIVATED {_GONE} CANCELLED", STAYS, needs="orders:approve"),
    Move("correct_invoice", f"ACTIVATED {_GONE} CANCELLED", STAYS, needs="orders:approve"),
    Move(
        "cancel",
        "DRAFT IN_APPROVAL APPROVED ACTIVATED PARTIALLY_SHIPPED",
        "CANCELLED SHIPPED",
        needs="orders:write",
    ),
)


class Facts(Protocol):
    """What happened to an order, as far as its status follows from it."""

    submitted_at: Any
    approved_at: Any
    activated_on: Any
    completed_on: Any

    @property
    def is_cancelled(self) -> bool:
        """Whether all of it was cancelled."""

    @property
    def lines(self) -> Sequence[Line]:
        """What was ordered."""

    @property
    def shipments(self) -> Sequence[Shipment]:
        """What went out."""

    @property
    def balance(self) -> Balance:
        """What is owed, what is here."""


def status_of(order: Facts) -> str:
    """Return the status that follows from the facts, the last of them first."""
    if order.is_cancelled:
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
    """Return the payment status that follows from the facts (`balance.payment_status`)."""
    return payment_status(order.balance, active=bool(order.activated_on), cancelled=order.is_cancelled)
