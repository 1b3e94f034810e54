"""Money: integer minor units plus an ISO 4217 code. No float ever."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from chalicelib.core import errors


@cache
def exponents() -> dict[str, int]:
    """Return every currency's number of decimals: ISO 4217, as the `iso4217` package lists it.

    Without the codes that are no currency or have no minor unit (XXX, XTS, gold).
    Kept as data: importing that package costs a cold start 0.2 s. A test compares the two.
    """
    listed: dict[str, int] = json.loads(Path(__file__).with_name("currencies.json").read_text("utf-8"))
    return listed


def exponent(currency: str) -> int:
    """Return the number of decimals of a currency (CNY 2, JPY 0). ValueError when unknown."""
    try:
        return exponents()[currency]
    except KeyError:
        raise ValueError(f"{currency} is no ISO 4217 currency") from None


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` units (fen, cents) of a `currency`."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | Decimal | int, currency: str) -> "Money":
        """Return the amount of a decimal text. ValueError when it has more decimals than the currency."""
        try:
            scaled = Decimal(amount).scaleb(exponent(currency))
        except InvalidOperation as cause:
            raise ValueError("not a decimal number") from cause
        if not scaled.is_finite() or scaled != scaled.to_integral_value():
            raise ValueError(f"at most {exponent(currency)} decimals")
        return cls(int(scaled), currency)

    @property
    def amount(self) -> str:
        """The decimal text, with exactly the currency's decimals."""
        return f"{Decimal(self.minor).scaleb(-exponent(self.currency)):f}"

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def times(minor: int, factor: Decimal) -> int:
    """Return minor units multiplied and rounded half up, as invoices are."""
    return int((minor * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def allocate(minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts sum to it exactly (largest remainder first)."""
    total = sum(weights)
    if total <= 0:
        raise ValueError("weights must sum to more than zero")
    shares = [minor * weight // total for weight in weights]
    remainders = [minor * weight % total for weight in weights]
    for index in sorted(range(len(weights)), key=lambda i: -remainders[i])[: minor - sum(shares)]:
        shares[index] += 1
    return shares


def limits(given: Sequence[Money], *, field: str) -> dict[str, int]:
    """Return limits as minor units by currency. Invalid, naming the field, when a currency has two."""
    found = {limit.currency: limit.minor for limit in given}
    if len(found) < len(given):
        raise errors.Invalid.one(field, "duplicate_currency")
    return found
