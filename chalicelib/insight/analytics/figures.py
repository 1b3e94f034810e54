"""Figures that are exact: shares, means and quantiles of whole numbers, as decimal text. No float.

A share or a mean carries the two whole numbers it was made of, so that a reader can check it,
and whoever adds two of them adds the right numbers. Nothing to divide by gives None.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chalicelib.core.money import Money, exponent

#: Decimals of a percentage and of a mean number of days, minutes or pieces.
PLACES: Final = 4


def decimal_text(number: Fraction, places: int) -> str:
    """Return a rational number with exactly so many decimals, rounded half away from zero."""
    scaled = abs(number) * 10**places + Fraction(1, 2)
    digits = str(scaled.numerator // scaled.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 and digits.strip("0") else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def percent(self) -> str | None:
        """The part in hundredths of the whole, with four decimals."""
        return decimal_text(Fraction(100 * self.part, self.whole), PLACES) if self.whole else None


@dataclass(frozen=True, slots=True)
class Mean:
    """A sum over a number of cases. `per` divides it once more (86,400 for seconds shown in days)."""

    total: int
    count: int
    per: int = 1

    @property
    def value(self) -> str | None:
        """The sum for one case, with four decimals."""
        return decimal_text(Fraction(self.total, self.count * self.per), PLACES) if self.count else None


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount that need not be whole in minor units: a mean, a quantile."""

    minor: Fraction
    currency: str

    @property
    def amount(self) -> str:
        """The decimal text, with four decimals more than the currency has."""
        decimals = exponent(self.currency)
        return decimal_text(self.minor / 10**decimals, decimals + PLACES)


def mean_amount(total: Money, count: int) -> Amount | None:
    """Return a sum of money for one case."""
    return Amount(Fraction(total.minor, count), total.currency) if count else None


def places_of(quantile: Fraction, count: int) -> tuple[int, int, Fraction]:
    """Return the two ranks (from 0) that a quantile of so many values lies between, and how far.

    They are the same where it falls on one. Linear interpolation at (count − 1) × quantile, as NumPy and
    pandas do by default.
    """
    position = (count - 1) * quantile
    lower = position.numerator // position.denominator
    way = position - lower
    return lower, lower + bool(way), way


def interpolated(quantile: Fraction, values: Mapping[int, int], count: int) -> Fraction:
    """Return a quantile from the values at the ranks it needs."""
    lower, upper, way = places_of(quantile, count)
    return values[lower] + (values[upper] - values[lower]) * way


def at_ranks(counted: Mapping[int, int], ranks: Iterable[int]) -> dict[int, int]:
    """Return the values at ranks (from 0) of a sorted collection given as value → how often."""
    found: dict[int, int] = {}
    wanted = sorted(set(ranks))
    passed = 0
    for value in sorted(counted):
        passed += counted[value]
        while wanted and wanted[0] < passed:
            found[wanted.pop(0)] = value
    return found
