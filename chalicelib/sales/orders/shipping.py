"""Shipping in parts: what has gone out, what is open, and that never more goes than was ordered."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.sales.orders.lines import Line


@dataclass(frozen=True, slots=True)
class Shipment:
    """One part that went out: `quantities` by line number, under a `reference` unique in the order.

    Who `received_by` it on which day is known once somebody confirmed the delivery.
    """

    reference: str
    shipped_on: date
    quantities: Mapping[int, int]
    carrier: str | None = None
    tracking: str | None = None
    delivered_on: date | None = None
    received_by: str | None = None

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reference": self.reference,
            "shipped_on": self.shipped_on.isoformat(),
            "lines": self.lines,
            "carrier": self.carrier,
            "tracking": self.tracking,
            "delivered_on": self.delivered_on and self.delivered_on.isoformat(),
            "received_by": self.received_by,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Shipment":
        """Return the shipment that `row` kept."""
        delivered_on = row.get("delivered_on")
        return cls(
            reference=row["reference"],
            shipped_on=date.fromisoformat(row["shipped_on"]),
            quantities={line["number"]: line["quantity"] for line in row["lines"]},
            carrier=row["carrier"],
            tracking=row["tracking"],
            delivered_on=delivered_on and date.fromisoformat(delivered_on),
            received_by=row.get("received_by"),
        )

    @property
    def lines(self) -> list[dict[str, int]]:
        """The quantities as a list, as clients see them."""
        return in_lines(self.quantities)

    @property
    def arrived_on(self) -> date:
        """The day it was delivered, as far as somebody told; else the day it went out."""
        return self.delivered_on or self.shipped_on


def in_lines(quantities: Mapping[int, int]) -> list[dict[str, int]]:
    """Return quantities by line number as a list, as clients see them."""
    return [{"number": number, "quantity": n} for number, n in sorted(quantities.items())]


def shipped(shipments: Sequence[Shipment]) -> Counter[int]:
    """Return the pieces that went out, by line number."""
    gone: Counter[int] = Counter()
    for shipment in shipments:
        gone.update(shipment.quantities)
    return gone


def pieces(rows: Iterable[Mapping[str, Any]]) -> Counter[int]:
    """Return the pieces of parts as kept (shipments, returns), by line number."""
    moved: Counter[int] = Counter()
    for row in rows:
        for line in row["lines"]:
            moved[line["number"]] += line["quantity"]
    return moved


def open_quantities(lines: Sequence[Line], shipments: Sequence[Shipment]) -> dict[int, int]:
    """Return the pieces still to ship, by line number; lines that are done are left out."""
    gone = shipped(shipments)
    still = {line.number: line.quantity - line.cancelled - gone[line.number] for line in lines}
    return {number: left for number, left in still.items() if left}


def require_within(left: Mapping[int, int], wanted: Mapping[int, int], *, code: str) -> None:
    """Raise Invalid, naming each line of which more is `wanted` than is left; `code` says of what."""
    wrong = [
        FieldError(f"lines.{position}.quantity", code, {"number": number, "left": left.get(number, 0)})
        for position, (number, quantity) in enumerate(wanted.items())
        if quantity > left.get(number, 0)
    ]
    if wrong:
        raise errors.Invalid(*wrong)
