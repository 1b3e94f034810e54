"""What revenue follows from: an order or a contract, read as the same few facts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from chalicelib.core import ids
from chalicelib.core.access import SYSTEM
from chalicelib.core.errors import NotFound
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue.billing import Bill, Reached, by_instalments
from chalicelib.sales.revenue.recognition import Earned, Span, Target, delivered_part

#: What each kind of source can be recognised by; the first needs nothing but the source.
METHODS: Final = {
    "order": ("ON_DELIVERY", "STRAIGHT_LINE"),
    "credit_note": ("ON_DELIVERY",),
    "contract": ("MILESTONE", "STRAIGHT_LINE"),
}


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came in (less than nothing: went back) on a day; `key` names it in its source."""

    key: str
    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Source:
    """The facts of an order, a credit note or a contract.

    Amounts are minor units of `currency`; `value` is without tax. `bills` and what is `paid` of each
    are an order's; a contract's are made of what was `reached` and of its plan, with their part of the
    `tax`, and kept on its schedule. `stopped_on` is the day it was cancelled or terminated.
    """

    id: str
    version: int
    document: str
    account_id: str
    contact_id: str | None
    currency: str
    owner: Mapping[str, Any]
    value: int
    started_on: date
    stopped_on: date | None = None
    span: Span | None = None
    bills: Sequence[Bill] = ()
    paid: Sequence[int] = ()
    payments: Sequence[Paid] = ()
    delivered: Sequence[Earned] = ()
    targets: Sequence[Target] = ()
    reached: Sequence[Reached] = field(default=())
    agreed: Sequence[Reached] = field(default=())
    tax: int = 0

    @property
    def kind(self) -> str:
        """``order``, ``credit_note`` or ``contract``."""
        return ids.kind_of(self.id)


def source(source_id: str) -> Source | None:
    """Return the facts as they are now; None for what never was in force or is accounted for elsewhere.

    A contract that its orders bill is recognised by them too, and has nothing of its own: the same
    sale would count twice.
    """
    read = {"order": _order, "credit_note": _credit_note, "contract": _contract}[ids.kind_of(source_id)]
    try:
        return read(source_id)
    except NotFound:
        return None


def _order(order_id: str) -> Source | None:
    order = orders.order(order_id, who=SYSTEM)
    activated_on: date | None = order.activated_on
    if activated_on is None:
        return None
    kept = _pieces(order)
    value = sum(delivered_part(line.net.minor, line.quantity, kept[line.number]) for line in order.lines)
    schedule = order.payment_schedule
    owed = [(part.first_due_on or part.due_on, part.owed.minor) for part in schedule]
    bills = by_instalments(owed, net=value, first=activated_on, days=order.payment_days)
    return Source(
        **_common(order),
        contact_id=order.contact_id,
        value=value,
        started_on=activated_on,
        stopped_on=order.cancelled_on if order.is_cancelled else None,
        # Another day to pay by is no other day of billing.
        bills=[replace(bill, due_on=part.due_on) for bill, part in zip(bills, schedule, strict=True)],
        paid=[part.paid.minor for part in schedule],
        payments=list(_payments(order)),
        delivered=list(_delivered(order)),
    )


def _credit_note(note_id: str) -> Source:
    note = orders.credit_note(note_id, who=SYSTEM)
    net = sum(line.net.minor for line in note.lines)
    bill = Bill(1, "credit|1", note.issued_on, note.issued_on, -net, net - note.total.minor)
    return Source(
        **_common(note),
        contact_id=None,
        value=-net,
        started_on=note.issued_on,
        bills=[bill],
        paid=[0],
        delivered=[Earned(f"return|{note.number}", note.issued_on, -net)],
    )


def _common(record: Any, currency: str | None = None) -> dict[str, Any]:
    owner = {name: getattr(record, name) for name in ("owner_id", "team_id", "shared_with")}
    return {
        "id": record.id,
        "version": record.version,
        "document": record.number,
        "account_id": record.account_id,
        "currency": currency or record.currency,
        "owner": owner,
    }


def _pieces(order: Any) -> dict[int, int]:
    """Return how many pieces of each line were sold for good: neither cancelled nor sent back."""
    back: Counter[int] = Counter()
    for returned in order.returns:
        back.update(returned.quantities)
    there = 0 if order.is_cancelled else 1
    return {line.number: there * (line.quantity - line.cancelled - back[line.number]) for line in order.lines}


def _payments(order: Any) -> Iterator[Paid]:
    for payment in order.payments:
        if payment.taken_back_on is None:
            yield Paid(f"payment|{payment.reference}", payment.paid_on, payment.amount.minor)
    for refund in order.refunds:
        yield Paid(f"refund|{refund.reference}", refund.refunded_on, -refund.amount.minor)


def _delivered(order: Any) -> Iterator[Earned]:
    """Yield what went out and what came back, in the order of days, each with what it brings or takes."""
    out = [(part.shipped_on, 0, f"shipment|{part.reference}", part.quantities, 1) for part in order.shipments]
    back = [(part.returned_on, 1, f"return|{part.reference}", part.quantities, -1) for part in order.returns]
    lines = {line.number: line for line in order.lines}
    there = dict.fromkeys(lines, 0)
    for on, _, key, quantities, sign in sorted(out + back, key=lambda each: each[:2]):
        minor = 0
        for number, quantity in quantities.items():
            line, before = lines[number], there[number]
            there[number] = before + sign * quantity
            parts = [delivered_part(line.net.minor, line.quantity, gone) for gone in (before, there[number])]
            minor += parts[1] - parts[0]
        yield Earned(key, on, minor)


def _contract(contract_id: str) -> Source | None:
    contract = contracts.contract(contract_id, who=SYSTEM)
    activated_on: date | None = contract.activated_on
    if activated_on is None or contract.billed_by == "ORDERS" or contract.order_ids:
        return None
    started_on = max(contract.starts_on, activated_on)
    steps = [(f"milestone|{step.number}", step) for step in contract.milestones]
    return Source(
        **_common(contract, currency=contract.value.currency),
        contact_id=contract.contact_id,
        value=contract.value.minor,
        tax=contract.tax_on_top.minor,
        started_on=started_on,
        stopped_on=contract.ended_on if contract.status == "TERMINATED" else None,
        span=Span(contract.starts_on, contract.ends_on),
        targets=[
            Target(key, step.due_on, step.amount.minor if step.amount else None, step.done_on)
            for key, step in steps
        ],
        reached=[
            Reached(key, step.done_on, step.amount.minor)
            for key, step in steps
            if step.done_on and step.amount
        ],
        agreed=[
            Reached(f"plan|{part.number}", max(part.bill_on, started_on), part.amount.minor)
            for part in contract.billing_plan
        ],
    )


def beforehand(facts: Source) -> int:
    """Return what of a contract neither a milestone nor its plan names: it is billed on its first day."""
    named = sum(target.minor or 0 for target in facts.targets) + sum(part.minor for part in facts.agreed)
    return facts.value - named


def billable(facts: Source, day: date) -> int:
    """Return what of a contract is to be billed by a day, of its value at the most."""
    if day < facts.started_on:
        return 0
    dated = sum(part.minor for part in (*facts.agreed, *facts.reached) if part.on <= day)
    return min(facts.value, max(0, beforehand(facts)) + dated)
