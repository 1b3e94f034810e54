"""Which promotions 促销 go for a line, and what they take off it. Exact; nothing is rounded here.

Those that stack go together: first the per cents, each off what the one before has left, then the
amounts. One that does not stack goes alone. Of all these ways the one that takes most off counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Protocol

from chalicelib.core.rounding import WHOLE

#: Promotions that stack on one line: of more, those that take most off it.
MOST_STACKED: Final = 5


class Terms(Protocol):
    """What of a promotion says what it goes for and what it takes off."""

    id: Any
    product_ids: Any
    families: Any
    least_quantity: Any
    least_amount_minor: Any
    percent_bps: Any
    amount_minor: Any
    stackable: Any


@dataclass(frozen=True, slots=True)
class Bought:
    """What of a line decides: the product, the pieces of it in all lines, this line's and its price."""

    product_id: str
    parent_id: str | None
    family: str | None
    pieces_in_all: int
    quantity: int
    price: Fraction


@dataclass(frozen=True, slots=True)
class Reduction:
    """What one promotion takes off a line, in exact minor units."""

    promotion: Terms
    taken: Fraction


def best(promotions: Iterable[Terms], line: Bought) -> list[Reduction]:
    """Return what comes off a line, promotion by promotion: never more than its price."""
    fitting = [each for each in promotions if goes_for(each, line)]
    stacking = sorted((each for each in fitting if each.stackable), key=lambda each: _alone(each, line))
    ways = [_together(sorted(stacking[:MOST_STACKED], key=_order), line)]
    ways += [_together([each], line) for each in sorted(fitting, key=_order) if not each.stackable]
    return max(ways, key=_taken)


def goes_for(promotion: Terms, line: Bought) -> bool:
    """Whether a promotion goes for a line. One for a template goes for its variants."""
    if line.pieces_in_all < promotion.least_quantity or line.price < promotion.least_amount_minor:
        return False
    if not (promotion.product_ids or promotion.families):
        return True
    named = {line.product_id, line.parent_id} & set(promotion.product_ids)
    return bool(named) or (line.family is not None and line.family in promotion.families)


def _together(promotions: Sequence[Terms], line: Bought) -> list[Reduction]:
    left, found = line.price, []
    for promotion in promotions:
        taken = min(left, _reduction(promotion, left, line.quantity))
        left -= taken
        found.append(Reduction(promotion, taken))
    return [each for each in found if each.taken]


def _reduction(promotion: Terms, price: Fraction, quantity: int) -> Fraction:
    if promotion.percent_bps is not None:
        return price * Fraction(promotion.percent_bps, WHOLE)
    return Fraction(promotion.amount_minor * quantity)


def _alone(promotion: Terms, line: Bought) -> tuple[Fraction, str]:
    """Return by what the promotions that stack are chosen: those that take most off come first."""
    return -min(line.price, _reduction(promotion, line.price, line.quantity)), promotion.id


def _order(promotion: Terms) -> tuple[bool, int, str]:
    is_amount = promotion.percent_bps is None
    return is_amount, -(promotion.amount_minor if is_amount else promotion.percent_bps), promotion.id


def _taken(reductions: Sequence[Reduction]) -> Fraction:
    return sum((each.taken for each in reductions), Fraction(0))
