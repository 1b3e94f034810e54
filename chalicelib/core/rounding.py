"""Rounding to minor units: the one place that says how, for each currency. No float.

Halves go up (away from zero), as invoices do it, except in the currencies that the installation
lists in ``SALESTREAM_HALF_EVEN`` (``ILS,SEK``): there they go to the even neighbour.
"""

from fractions import Fraction
from typing import Final

from chalicelib.core.settings import settings

#: Basis points of a whole: 10,000 are 100 %.
WHOLE: Final = 10_000
_HALF: Final = Fraction(1, 2)


def rounded(exact: Fraction, currency: str) -> int:
    """Return an exact number of minor units as whole ones."""
    if currency in settings().half_even:
        return round(exact)  # a Fraction's own rule, exactly
    scaled = abs(exact) + _HALF
    whole = scaled.numerator // scaled.denominator
    return whole if exact >= 0 else -whole


def share(minor: int, bps: int, currency: str) -> int:
    """Return so many basis points of an amount, rounded once."""
    return rounded(Fraction(minor * bps, WHOLE), currency)
