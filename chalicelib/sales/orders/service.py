"""What one does with orders: here reading, listing and whose they are; drafting and moves beside."""

from typing import Any

from chalicelib.core import ownership
from chalicelib.core.access import Principal
from chalicelib.core.table import Page
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders.amending import amend, approve_amendment, drop_amendment
from chalicelib.sales.orders.approving import approve, reject, submit, withdraw
from chalicelib.sales.orders.cancelling import cancel
from chalicelib.sales.orders.collecting import Payment, Refund
from chalicelib.sales.orders.credit_notes import credit_note, credit_notes
from chalicelib.sales.orders.credit_notes import issue as issue_credit_note
from chalicelib.sales.orders.crediting import payment_record
from chalicelib.sales.orders.drafting import draft, draft_from, edit, free_origin, hold_deal
from chalicelib.sales.orders.from_quote import draft_from_quote, put_part, put_under
from chalicelib.sales.orders.fulfilling import activate, complete, deliver, ship
from chalicelib.sales.orders.history import PastLine, bring_in, bring_in_credit_note
from chalicelib.sales.orders.invoicing import correct_invoice, issue_invoice, refuse_invoice, request_invoice
from chalicelib.sales.orders.keeping import kept
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.paying import pay, refund, take_back
from chalicelib.sales.orders.policy import policy, set_policy
from chalicelib.sales.orders.recounting import held, restate
from chalicelib.sales.orders.rescheduling import reschedule
from chalicelib.sales.orders.returning import return_goods
from chalicelib.sales.orders.till import Till
from chalicelib.sales.orders.timeline import Event, timeline

__all__ = [
    "Event",
    "PastLine",
    "Payment",
    "Refund",
    "Till",
    "activate",
    "amend",
    "approve",
    "approve_amendment",
    "bring_in",
    "bring_in_credit_note",
    "cancel",
    "complete",
    "correct_invoice",
    "credit_note",
    "credit_notes",
    "deliver",
    "draft",
    "draft_from",
    "draft_from_quote",
    "drop_amendment",
    "edit",
    "free_origin",
    "held",
    "hold_deal",
    "issue_credit_note",
    "issue_invoice",
    "kept",
    "order",
    "orders",
    "pay",
    "payment_record",
    "policy",
    "put_part",
    "put_under",
    "reassign",
    "refund",
    "refuse_invoice",
    "reject",
    "request_invoice",
    "reschedule",
    "restate",
    "return_goods",
    "set_policy",
    "share",
    "ship",
    "submit",
    "take_back",
    "timeline",
    "withdraw",
]


def order(order_id: str, *, who: Principal, to_write: bool = False) -> Order:
    """Return an order in the caller's reach."""
    return ownership.reached(Order, order_id, who=who, to_write=to_write)


def orders(*, who: Principal, **which: Any) -> Page[Order]:
    """Return a page of orders, newest first: `opportunities.documents` says which there are."""
    return opportunities.documents(Order, who=who, **which)


def reassign(order_id: str, *, owner_id: str, by: Principal, version: int | None) -> Order:
    """Give an order to another owner."""
    found = order(order_id, who=by, to_write=True)
    ownership.reassign(found, to=people.owner_fields(owner_id), by=by, version=version)
    return found


def share(order_id: str, *, by: Principal, version: int | None, **sharing: Any) -> Order:
    """Share an order with a user or team, or end that."""
    found = order(order_id, who=by, to_write=True)
    ownership.share(found, by=by, version=version, **sharing)
    return found
