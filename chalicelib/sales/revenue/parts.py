"""What schedules and postings are made of, as they are read: months, sides, a contract's payments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.core.money import Money


@dataclass(frozen=True, slots=True)
class Monthly:
    """An amount of a month; ``undated``: of none that anybody could name."""

    month: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Side:
    """A line of a posting: a debit or a credit of an account, the other one nothing."""

    account: str
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class ContractPayment:
    """Money that came in for a contract, under a `reference` unique in it; taken back it counts no more."""

    reference: str
    paid_on: date
    amount: Money
    method: str
    taken_back_on: date | None
    reason: str | None

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "ContractPayment":
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
