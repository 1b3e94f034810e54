"""The largest order that can be made still is an item that DynamoDB takes."""

from datetime import date
from typing import Any

from chalicelib.core import clock
from chalicelib.core.attributes import to_wire
from chalicelib.core.money import Money
from chalicelib.sales.orders.amendments import MOST_ADDED, Amendment
from chalicelib.sales.orders.chain import Approval
from chalicelib.sales.orders.collecting import MOST_INSTALMENTS, Instalment, Payment, Refund
from chalicelib.sales.orders.invoices import Correction, Invoice
from chalicelib.sales.orders.lines import MOST_LINES, MOST_MINOR, MOST_PARTS, Line
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.recording import MOST_GOODS, MOST_INVOICES, MOST_MONEY
from chalicelib.sales.orders.returns import Return
from chalicelib.sales.orders.shipping import Shipment

USER = f"user_{0:026}"
DAY, LONGEST, MOST = date(2026, 11, 22), "长" * 200, Money(MOST_MINOR, "CNY")
BOTH = ("price", "cost")
#: All that can speak against an order, at its longest.
_AMOUNTS = {"total": str(MOST), "limit": str(MOST)}
REASONS: list[dict[str, Any]] = [
    {"code": code, "level": 10**18, "values": _AMOUNTS} for code in ("order_amount", "order_unlisted")
]
REASONS += [
    {"code": code, "level": -(10**18), "values": {"limit_bps": 1_250, "discount_bps": 1_300}}
    for code in ("order_margin", "margin_unknown", "order_discount", "discount_unknown")
]


def test_the_largest_order_stays_below_400_kb() -> None:
    lines = [
        Line(number, f"product_{0:026}", LONGEST, 1_000_000, MOST, 1_250, 1_300, 1, 1, MOST, MOST, held, BOTH)
        for number, held in enumerate(_bundled(MOST_PARTS), start=1)
    ]
    every_line = {line.number: 1_000_000 for line in lines}
    details: dict[str, Any] = {"carrier": LONGEST, "tracking": LONGEST, "received_by": "长" * 80}
    parts = [Shipment(LONGEST, DAY, every_line, delivered_on=DAY, **details) for _ in range(MOST_GOODS)]
    payments = [
        Payment(LONGEST, DAY, MOST, "BANK", taken_back_on=DAY, reason=LONGEST, instalment=60)
        for _ in range(MOST_MONEY)
    ]
    # One that is refused takes no more room: the reason is there, and no correction.
    corrections = (Correction("9" * 40, DAY, MOST, LONGEST),)
    invoice = Invoice(
        LONGEST, DAY, USER, MOST, LONGEST, "9" * 40, "长" * 255, 60, LONGEST, "9" * 40, DAY, None, corrections
    )
    step = Approval(LONGEST, "orders:approve", ("OPERATIONS",) * 7, REASONS, USER, clock.now())
    terms = {"quantity": 10**6, "unit_price_minor": MOST_MINOR, "discount_bps": 1_250, "tax_bps": 1_300}
    amendment = Amendment(
        currency="CNY",
        reason=LONGEST,
        proposed_by=USER,
        proposed_at=clock.now(),
        change=[{"number": number, **terms} for number in every_line],
        add=lines[:MOST_ADDED],
        drop=list(every_line),
        approvals=[step] * 13,
        credit=REASONS,
    )
    order = Order(
        amendment_document=amendment.document(),
        number="SO-2026-000001",
        account_id=f"account_{0:026}",
        currency="CNY",
        channel=LONGEST,
        ordered_on=DAY,
        priced_on=DAY,
        payment_days=30,
        note="长" * 5000,
        line_rows=[line.row() for line in lines],
        shipment_rows=[part.row() for part in parts],
        invoice_rows=[invoice.row() for _ in range(MOST_INVOICES)],
        approval_rows=[step.row() for _ in range(13)],
        payment_rows=[part.row() for part in payments],
        instalment_rows=[
            Instalment(DAY, MOST).row() | {"first_due_on": "2026-11-22"} for _ in range(MOST_INSTALMENTS)
        ],
        rescheduled={"instalment": 60, "was": "2026-11-22", "reason": LONGEST},
    )

    order.created_at = order.updated_at = clock.now()
    order.updated_by = order.owner_id = USER

    assert _size({"M": order.serialize()}) < 400_000


def _bundled(parts: int) -> list[dict[str, int]]:
    """Return what the lines hold: as few on a line as comes to so many in all."""
    each, more = divmod(parts, MOST_LINES)
    return [
        {f"product_{part:026}": 10_000 for part in range(each + (line < more))} for line in range(MOST_LINES)
    ]


def test_what_goes_back_takes_no_more_room_than_what_goes_out_and_comes_in() -> None:
    every_line = dict.fromkeys(range(1, MOST_LINES + 1), 1_000_000)
    back = Return(LONGEST, DAY, every_line, MOST, LONGEST, restocked=True)
    sent = Shipment(LONGEST, DAY, every_line, carrier=LONGEST, tracking=LONGEST)
    refund = Refund(LONGEST, DAY, MOST, "BANK", LONGEST)
    payment = Payment(LONGEST, DAY, MOST, "BANK", taken_back_on=DAY, reason=LONGEST)

    assert _size(to_wire(back.row())) <= _size(to_wire(sent.row()))
    assert _size(to_wire(refund.row())) <= _size(to_wire(payment.row()))


def _size(value: dict[str, Any]) -> int:
    """Return what DynamoDB counts for a value: its bytes, 1 for each member, 3 for a list or map.

    Of a number one byte for two digits, and one more.
    """
    [(mark, inside)] = value.items()
    if mark == "M":
        return 3 + sum(len(name) + _size(member) + 1 for name, member in inside.items())
    if mark == "L":
        return 3 + sum(_size(member) + 1 for member in inside)
    if mark == "N":
        return (len(inside) + 1) // 2 + 1
    return len(str(inside).encode())
