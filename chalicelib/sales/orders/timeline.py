"""The timeline of an order: all that happened to it, from the change log, in the words of the trade."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from chalicelib.core import changelog, clock, i18n
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.table import Page, Record
from chalicelib.sales.orders.lines import Line, totals
from chalicelib.sales.orders.models import Order

Row = Mapping[str, Any]
#: What is edited of a draft; one that is in force changes by its verbs.
_TERMS: Final = frozenset(
    {"lines", "payment_schedule", "payment_days", "contact_id", "ordered_on", "customer_reference", "note"}
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: recorded `at` an instant, by somebody, for the day (`on`) that was told.

    `values` fill the text ``order.event.<code>``.
    """

    code: str
    on: date
    at: datetime
    by: str | None
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return it in words."""
        return i18n.text(f"order.event.{self.code}", language, **self.values)


def timeline(order_id: str, *, who: Principal, **paging: Any) -> Page[Event]:
    """Return what happened to an order in reach, the latest first.

    A page of the log is read for each page: what one verb wrote may be several events, or none.
    """
    order = reached(Order, order_id, who=who)
    told = changelog.told(order.id, _events, **paging)
    return Page(_with_names(told.items), told.after)


def _events(entry: changelog.Entry) -> list[Event]:
    """Return what a line of the log tells, the latest first."""
    turn = _Turn(entry, entry.was, entry.after or {})
    told = (event for teller in _TELLERS for event in teller(turn))
    return list(told)[::-1]


def _with_names(events: Iterable[Event]) -> list[Event]:
    """Return events with the names of those whom an order was given to: one read for all."""
    told = list(events)
    names = Record.many_anywhere({each.values["name"] for each in told if each.code == "REASSIGNED"})
    return [
        replace(each, values={"name": getattr(names.get(each.values["name"]), "name", "–")})
        if each.code == "REASSIGNED"
        else each
        for each in told
    ]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One write of an order: how it was, how it became."""

    entry: changelog.Entry
    was: Row
    now: Row

    def event(self, code: str, on: Any = None, **values: Any) -> Event:
        at = clock.parse(self.entry.at)
        day = date.fromisoformat(on) if on else clock.business_date(at)
        return Event(code, day, at, self.entry.by, values)

    def set(self, name: str) -> bool:
        """Whether it was there for the first time, or anew."""
        return bool(self.now.get(name)) and self.now.get(name) != self.was.get(name)

    def money(self, row: Row) -> Money:
        return Money(row["amount_minor"], self.now["currency"])

    def total(self) -> Money:
        currency = self.now["currency"]
        return totals([Line.of_row(row, currency) for row in self.now["lines"]], currency).total

    def rows(self, name: str, having: str = "reference") -> Iterator[Row]:
        """Yield the parts that have something which they had not before; without more, the new ones."""
        had = {row["reference"] for row in self.was.get(name, ()) if row.get(having)}
        yield from (row for row in self.now.get(name, ()) if row.get(having) and row["reference"] not in had)


def _drafted(turn: _Turn) -> Iterator[Event]:
    if not turn.was:
        yield turn.event("DRAFTED")
        return
    if turn.was["status"] == turn.now["status"] == "DRAFT" and not _TERMS.isdisjoint(turn.entry.fields):
        yield turn.event("EDITED")
    if turn.set("rejected_at"):
        yield turn.event("REJECTED", reason=turn.now["rejection_reason"])
    elif turn.was.get("submitted_at") and not turn.now.get("submitted_at"):
        yield turn.event("WITHDRAWN")


def _approved(turn: _Turn) -> Iterator[Event]:
    if turn.set("submitted_at"):
        yield turn.event("SUBMITTED")
    had = _signatures(turn.was)
    for step, at in _signatures(turn.now):
        if (step, at) not in had:
            yield turn.event("SIGNED", step=step)
    if turn.set("approved_at"):
        # One that nobody has to approve is approved in nobody's name.
        yield replace(turn.event("APPROVED"), by=turn.now.get("approved_by"))
    if turn.set("activated_on"):
        yield turn.event("ACTIVATED", turn.now["activated_on"], total=turn.total())


def _signatures(image: Row) -> list[tuple[str, str]]:
    waiting = (image.get("amendment") or {}).get("approvals", ())
    steps = (*image.get("approvals", ()), *waiting)
    return [(each["step"], each["approved_at"]) for each in steps if each["approved_at"]]


def _amended(turn: _Turn) -> Iterator[Event]:
    was, now = turn.was.get("amendment"), turn.now.get("amendment")
    if now and not was:
        yield turn.event("AMENDMENT_PROPOSED", reason=now["reason"])
    if turn.set("amended_at"):
        yield turn.event("AMENDED", reason=turn.now["amendment_reason"], total=turn.total())
    elif was and not now:
        yield turn.event("AMENDMENT_DROPPED", reason=was["reason"])


def _goods(turn: _Turn) -> Iterator[Event]:
    for row in turn.rows("shipments"):
        yield turn.event("SHIPPED", row["shipped_on"], reference=row["reference"], pieces=_pieces(row))
    for row in turn.rows("shipments", "delivered_on"):
        told = {"reference": row["reference"], "name": row["received_by"] or "–"}
        yield turn.event("DELIVERED", row["delivered_on"], **told)
    for row in turn.rows("returns"):
        told = {"reference": row["reference"], "pieces": _pieces(row), "reason": row["reason"]}
        yield turn.event("RETURNED", row["returned_on"], amount=turn.money(row), **told)


def _pieces(row: Row) -> int:
    return sum(line["quantity"] for line in row["lines"])


def _parts(turn: _Turn, code: str, name: str, day: str, having: str = "reference") -> Iterator[Event]:
    """Tell of parts with a sum: payments, refunds, invoices."""
    for row in turn.rows(name, having):
        told = {each: row.get(each) for each in ("reference", "reason", "number", "refusal")}
        yield turn.event(code, row.get(day), amount=turn.money(row), **told)


def _corrected(turn: _Turn) -> Iterator[Event]:
    had = {row["number"] for each in turn.was.get("invoices", ()) for row in each.get("corrections", ())}
    for invoice in turn.now.get("invoices", ()):
        for row in invoice.get("corrections", ()):
            if row["number"] not in had:
                told = {"number": row["number"], "invoice": invoice["number"], "reason": row["reason"]}
                yield turn.event("INVOICE_CORRECTED", row["corrected_on"], amount=turn.money(row), **told)


def _rescheduled(turn: _Turn) -> Iterator[Event]:
    if turn.set("rescheduled"):
        told = turn.now["rescheduled"]
        due_on = turn.now["payment_schedule"][told["instalment"] - 1]["due_on"]
        yield turn.event("RESCHEDULED", due_on=due_on, **told)


def _ended(turn: _Turn) -> Iterator[Event]:
    if turn.set("cancelled_on"):
        code = "REST_CANCELLED" if turn.now.get("shipments") else "CANCELLED"
        yield turn.event(code, turn.now["cancelled_on"], reason=turn.now["cancel_reason"])
    if turn.set("completed_on"):
        yield turn.event("COMPLETED", turn.now["completed_on"])


def _owned(turn: _Turn) -> Iterator[Event]:
    if turn.was and turn.set("owner_id"):
        yield turn.event("REASSIGNED", name=turn.now["owner_id"])
    if turn.was and "shared_with" in turn.entry.fields:
        yield turn.event("SHARED")


#: Of one write in the order in which orders go.
_TELLERS: Final = (
    _drafted,
    _approved,
    _amended,
    _goods,
    partial(_parts, code="PAID", name="payments", day="paid_on"),
    partial(_parts, code="TAKEN_BACK", name="payments", day="taken_back_on", having="taken_back_on"),
    partial(_parts, code="REFUNDED", name="refunds", day="refunded_on"),
    partial(_parts, code="INVOICE_REQUESTED", name="invoices", day="requested_on"),
    partial(_parts, code="INVOICE_ISSUED", name="invoices", day="issued_on", having="number"),
    partial(_parts, code="INVOICE_REFUSED", name="invoices", day="", having="refusal"),
    _rescheduled,
    _corrected,
    _ended,
    _owned,
)
