"""The days on which a contract is billed 开票计划, beside what its milestones bill when they are reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money

#: Instalments of a contract, those of its change orders among them.
MOST_INSTALMENTS: Final = 60


@dataclass(frozen=True, slots=True)
class Instalment:
    """An amount, without tax, and the day it is billed on; `number` names it in its contract for good."""

    number: int
    bill_on: date
    amount: Money

    def row(self) -> dict[str, Any]:
        """Return it as kept on the contract."""
        return {
            "number": self.number,
            "bill_on": self.bill_on.isoformat(),
            "amount_minor": self.amount.minor,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Instalment":
        """Return the instalment that `row` kept."""
        return cls(row["number"], date.fromisoformat(row["bill_on"]), Money(row["amount_minor"], currency))


def planned(asked: Sequence[Mapping[str, Any]], currency: str, *, after: int = 0) -> list[Instalment]:
    """Return instalments as they were asked for, by day, numbered on from `after`.

    Invalid, naming each, for an amount in another currency.
    """
    wrong = [
        FieldError(f"billing_plan.{place}.amount", "currency_mismatch")
        for place, each in enumerate(asked)
        if each["amount"].currency != currency
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    by_day = sorted(asked, key=lambda each: each["bill_on"])
    return [
        Instalment(number, each["bill_on"], each["amount"])
        for number, each in enumerate(by_day, start=after + 1)
    ]
