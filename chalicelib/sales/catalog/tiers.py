"""Volume tiers 阶梯价: the price of one piece, by how many pieces are bought.

Rows ``{"from": pieces, "price_minor": price of one}``; the first is from 1 piece.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.core.errors import FieldError

#: Tiers of one price.
MOST_TIERS: Final = 20

Tier = Mapping[str, Any]


def tier_at(tiers: Sequence[Tier], quantity: int) -> Tier:
    """Return the tier that a quantity (from 1) reaches."""
    return [tier for tier in tiers if tier["from"] <= quantity][-1]


def kept(asked: Sequence[Mapping[str, Any]]) -> list[dict[str, int]]:
    """Return tiers asked for (``from_quantity``, ``unit_price``) as a price keeps them, in order."""
    rows = [{"from": tier["from_quantity"], "price_minor": tier["unit_price"].minor} for tier in asked]
    return sorted(rows, key=_start)


def wrong(asked: Sequence[Mapping[str, Any]], *, currency: str, field: str) -> list[FieldError]:
    """Return what is wrong with tiers asked for, by field; `field` names the list."""
    starts = [tier["from_quantity"] for tier in asked]
    found = [
        FieldError(f"{field}.{at}.unit_price", "currency_mismatch")
        for at, tier in enumerate(asked)
        if tier["unit_price"].currency != currency
    ]
    found += [
        FieldError(f"{field}.{at}.from_quantity", "tier_twice")
        for at, start in enumerate(starts)
        if start in starts[:at]
    ]
    if starts and min(starts) != 1:
        found.append(FieldError(field, "tier_from_one"))
    return found


def _start(row: Mapping[str, int]) -> int:
    return row["from"]
