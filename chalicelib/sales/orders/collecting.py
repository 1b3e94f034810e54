"""Collecting 回款 in parts: the schedule of what is due when, what came in, and what was paid back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Self

from chalicelib.core.money import Money

#: Instalments of an order: five years of monthly ones.
MOST_INSTALMENTS: Final = 60


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in, under a `reference` unique in the order.

    `instalment` is the number of the one it is for; without, it settles the oldest. One that was
    recorded by mistake is taken back: it stays, with the day and the reason, and counts no more.
    """

    reference: str
    paid_on: date
    amount: Money
    method: str
    taken_back_on: date | None = None
    reason: str | None = None
    instalment: int | None = None

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reference": self.reference,
            "paid_on": self.paid_on.isoformat(),
            "amount_minor": self.amount.minor,
            "method": self.method,
            "taken_back_on": self.taken_back_on and self.taken_back_on.isoformat(),
            "reason": self.reason,
            "instalment": self.instalment,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str, **more: Any) -> Self:
        """Return the payment that `row` kept."""
        taken_back_on = row["taken_back_on"]
        return cls(
            reference=row["reference"],
            paid_on=date.fromisoformat(row["paid_on"]),
            amount=Money(row["amount_minor"], currency),
            method=row["method"],
            taken_back_on=taken_back_on and date.fromisoformat(taken_back_on),
            reason=row["reason"],
            instalment=row.get("instalment"),
            **more,
        )


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that was paid back, under a `reference` of its own."""

    reference: str
    refunded_on: date
    amount: Money
    method: str
    reason: str

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reference": self.reference,
            "refunded_on": self.refunded_on.isoformat(),
            "amount_minor": self.amount.minor,
            "method": self.method,
            "reason": self.reason,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Refund":
        """Return the refund that `row` kept."""
        return cls(
            reference=row["reference"],
            refunded_on=date.fromisoformat(row["refunded_on"]),
            amount=Money(row["amount_minor"], currency),
            method=row["method"],
            reason=row["reason"],
        )


@dataclass(frozen=True, slots=True)
class Instalment:
    """An amount that is due on a day; on which one at first, where another was agreed since."""

    due_on: date
    amount: Money
    first_due_on: date | None = field(default=None, kw_only=True)

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order, before another day is agreed."""
        return {"due_on": self.due_on.isoformat(), "amount_minor": self.amount.minor}

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str, **more: Any) -> Self:
        """Return the instalment that `row` kept."""
        first = row.get("first_due_on")
        more["first_due_on"] = first and date.fromisoformat(first)
        return cls(date.fromisoformat(row["due_on"]), Money(row["amount_minor"], currency), **more)


def one_instalment(total: Money, *, start: date, days: int) -> list[Instalment]:
    """Return the plain schedule: all of it, `days` after the start."""
    return [Instalment(start + timedelta(days=days), total)]
