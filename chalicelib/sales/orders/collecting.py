"""Collecting 回款 in parts: the schedule of what is due when, and the payments against it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core.money import Money

#: Instalments of an order: five years of monthly ones.
MOST_INSTALMENTS: Final = 60


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in, under a `reference` unique in the order.

    One that was recorded by mistake is taken back: it stays, with the day and the reason, and
    counts no more.
    """

    reference: str
    paid_on: date
    amount: Money
    method: str
    taken_back_on: date | None = None
    reason: str | None = None

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reference": self.reference,
            "paid_on": self.paid_on.isoformat(),
            "amount_minor": self.amount.minor,
            "method": self.method,
            "taken_back_on": self.taken_back_on and self.taken_back_on.isoformat(),
            "reason": self.reason,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Payment":
        """Return the payment that `row` kept."""
        taken_back_on = row["taken_back_on"]
        return cls(
            reference=row["reference"],
            paid_on=date.fromisoformat(row["paid_on"]),
            amount=Money(row["amount_minor"], currency),
            method=row["method"],
            taken_back_on=taken_back_on and date.fromisoformat(taken_back_on),
            reason=row["reason"],
        )


@dataclass(frozen=True, slots=True)
class Instalment:
    """An amount that is due on a day."""

    due_on: date
    amount: Money

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {"due_on": self.due_on.isoformat(), "amount_minor": self.amount.minor}

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Instalment":
        """Return the instalment that `row` kept."""
        return cls(date.fromisoformat(row["due_on"]), Money(row["amount_minor"], currency))


def one_instalment(total: Money, *, start: date, days: int) -> list[Instalment]:
    """Return the plain schedule: all of it, `days` after the start."""
    return [Instalment(start + timedelta(days=days), total)]


def received(rows: Iterable[Mapping[str, Any]]) -> int:
    """Return what came in and stayed, in minor units, of payments as kept."""
    return sum(row["amount_minor"] for row in rows if not row["taken_back_on"])


def settled(due: Sequence[int], paid: int) -> Iterator[int]:
    """Yield how much of each amount due is paid when what came in settles the first ones first."""
    for amount in due:
        part = min(amount, paid)
        paid -= part
        yield part


def payment_status(*, total: int, paid: int) -> str:
    """Return UNPAID, PARTLY_PAID or PAID; an order that costs nothing is paid."""
    if paid >= total:
        return "PAID"
    return "PARTLY_PAID" if paid else "UNPAID"
