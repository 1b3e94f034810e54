"""Invoices 发票 that are asked for, for all of an order, an instalment or a shipment, never for too much; and
corrections 红冲 of those that were issued.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.core.money import Money
from chalicelib.sales.orders.lines import worth
from chalicelib.sales.orders.shipping import pieces


@dataclass(frozen=True, slots=True)
class Correction:
    """A red-letter invoice 红字发票, by its `number`: so much of the one that was issued counts no more."""

    number: str
    corrected_on: date
    amount: Money
    reason: str

    def row(self) -> dict[str, Any]:
        """Return it as kept with its invoice."""
        return {
            "number": self.number,
            "corrected_on": self.corrected_on.isoformat(),
            "amount_minor": self.amount.minor,
            "reason": self.reason,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Correction":
        """Return the correction that `row` kept."""
        amount = Money(row["amount_minor"], currency)
        return cls(row["number"], date.fromisoformat(row["corrected_on"]), amount, row["reason"])


@dataclass(frozen=True, slots=True)
class Invoice:
    """What somebody asks finance to invoice, under a `reference` unique in the order.

    It is for an `instalment` (by number), a `shipment` (by reference), or, without either, for all that
    was not asked for before. `number` and `issued_on` are set when it is issued, `refusal` if it is not;
    `corrections` are made of one that was issued.
    """

    reference: str
    requested_on: date
    requested_by: str
    amount: Money
    title: str
    tax_number: str | None = None
    email: str | None = None
    instalment: int | None = None
    shipment: str | None = None
    number: str | None = None
    issued_on: date | None = None
    refusal: str | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def status(self) -> str:
        """REQUESTED, REFUSED, ISSUED, or CORRECTED when nothing is left of it."""
        if self.refusal:
            return "REFUSED"
        if self.corrections and not self.left.minor:
            return "CORRECTED"
        return "ISSUED" if self.number else "REQUESTED"

    @property
    def left(self) -> Money:
        """What is or will be invoiced by it: all but what was refused or corrected."""
        if self.refusal:
            return Money(0, self.amount.currency)
        return Money(
            self.amount.minor - sum(each.amount.minor for each in self.corrections), self.amount.currency
        )

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reference": self.reference,
            "requested_on": self.requested_on.isoformat(),
            "requested_by": self.requested_by,
            "amount_minor": self.amount.minor,
            "title": self.title,
            "tax_number": self.tax_number,
            "email": self.email,
            "instalment": self.instalment,
            "shipment": self.shipment,
            "number": self.number,
            "issued_on": self.issued_on and self.issued_on.isoformat(),
            "refusal": self.refusal,
            "corrections": [each.row() for each in self.corrections],
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Invoice":
        """Return the invoice that `row` kept."""
        kept = {name: value for name, value in row.items() if name != "amount_minor"}
        days = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("requested_on", "issued_on")}
        corrections = tuple(Correction.of_row(each, currency) for each in row.get("corrections", ()))
        amount = Money(row["amount_minor"], currency)
        return cls(amount=amount, **kept | days | {"corrections": corrections})


def asked_for(invoices: Sequence[Invoice], **of: Any) -> int:
    """Return what is or will be invoiced, in minor units, of all or of an `instalment` or a `shipment`."""
    theirs = (each for each in invoices if all(getattr(each, name) == wanted for name, wanted in of.items()))
    return sum(each.left.minor for each in theirs)


def worth_of_shipment(
    lines: Sequence[Mapping[str, Any]], shipments: Sequence[Mapping[str, Any]], reference: str
) -> int | None:
    """Return what a shipment comes to, in minor units, all kept as rows; None where there is no such one.

    All shipments of a line come to all of its price.
    """
    at = next((at for at, row in enumerate(shipments) if row["reference"] == reference), None)
    if at is None:
        return None
    before, after = pieces(shipments[:at]), pieces(shipments[: at + 1])
    return sum(worth(row, after[row["number"]]) - worth(row, before[row["number"]]) for row in lines)
