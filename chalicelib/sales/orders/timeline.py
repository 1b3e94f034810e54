"""The timeline of an order: all that happened to it, in the order of the days, from the order itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chalicelib.core import clock, i18n
from chalicelib.core.money import Money
from chalicelib.sales.orders.models import Order


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day; `at` is the instant and `by` whose doing it was, where known.

    `values` fill the text ``order.event.<code>``.
    """

    code: str
    on: date
    at: datetime | None = None
    by: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return it in words."""
        return i18n.text(f"order.event.{self.code}", language, **self.values)


def timeline(order: Order) -> list[Event]:
    """Return what happened, the oldest first; of one day in the order in which orders go."""
    events = (*_drafted(order), *_approved(order), *_goods(order), *_money(order), *_invoices(order))
    return sorted((*events, *_ended(order)), key=_day)


def _day(event: Event) -> date:
    return event.on


def _at(code: str, at: datetime | None, by: str | None = None, **values: Any) -> Iterator[Event]:
    if at is not None:
        yield Event(code, clock.business_date(at), at, by, values)


def _on(code: str, on: date | None, **values: Any) -> Iterator[Event]:
    if on is not None:
        yield Event(code, on, values=values)


def _drafted(order: Order) -> Iterator[Event]:
    yield from _at("DRAFTED", order.created_at)
    yield from _at("REJECTED", order.rejected_at, order.rejected_by, reason=order.rejection_reason)
    yield from _at("SUBMITTED", order.submitted_at, order.submitted_by)


def _approved(order: Order) -> Iterator[Event]:
    for each in order.approvals:
        yield from _at("SIGNED", each.approved_at, each.approved_by, step=each.step)
    yield from _at("APPROVED", order.approved_at, order.approved_by)
    yield from _on("ACTIVATED", order.activated_on, total=order.total)
    yield from _at("AMENDED", order.amended_at, order.amended_by, reason=order.amendment_reason)


def _goods(order: Order) -> Iterator[Event]:
    for sent in order.shipments:
        told = {"reference": sent.reference, "pieces": sum(sent.quantities.values())}
        yield from _on("SHIPPED", sent.shipped_on, **told)
        yield from _on("DELIVERED", sent.delivered_on, reference=sent.reference, name=sent.received_by or "–")
    for back in order.returns:
        told = {"reference": back.reference, "pieces": sum(back.quantities.values()), "reason": back.reason}
        yield from _on("RETURNED", back.returned_on, amount=back.amount, **told)


def _money(order: Order) -> Iterator[Event]:
    for came in order.payments:
        told: dict[str, str | Money] = {"reference": came.reference, "amount": came.amount}
        yield from _on("PAID", came.paid_on, **told)
        yield from _on("TAKEN_BACK", came.taken_back_on, **told, reason=came.reason)
    for went in order.refunds:
        told = {"reference": went.reference, "amount": went.amount, "reason": went.reason}
        yield from _on("REFUNDED", went.refunded_on, **told)


def _invoices(order: Order) -> Iterator[Event]:
    for each in order.invoices:
        told = {"reference": each.reference, "amount": each.amount}
        asked = Event("INVOICE_REQUESTED", each.requested_on, by=each.requested_by, values=told)
        yield asked
        yield from _on("INVOICE_ISSUED", each.issued_on, number=each.number, **told)


def _ended(order: Order) -> Iterator[Event]:
    code = "CANCELLED" if order.is_cancelled else "REST_CANCELLED"
    yield from _on(code, order.cancelled_on, reason=order.cancel_reason)
    yield from _on("COMPLETED", order.completed_on)
