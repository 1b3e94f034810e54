"""Which offers hold for a customer on a day, and which of them comes first.

The most specific book wins: the one that names more of customer grade, channel and region; of as
many, first the one that names the grade, then the channel, then the region; then one for a period
before one without end, then the one that began later, then the newer one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Market:
    """For whom and when a price is asked: None where it is not known, or does not apply."""

    currency: str
    on: date
    grade: str | None = None
    channel: str | None = None
    region: str | None = None


class Terms(Protocol):
    """What of an offer says for whom and when it holds."""

    id: Any
    currency: Any
    grades: Any
    channels: Any
    regions: Any
    valid_from: Any
    valid_until: Any


T = TypeVar("T", bound=Terms)


def holds(offer: Terms, market: Market) -> bool:
    """Whether an offer holds in a market. One that names grades does not for a customer without."""
    named = ((offer.grades, market.grade), (offer.channels, market.channel), (offer.regions, market.region))
    if offer.currency != market.currency or any(wanted and has not in wanted for wanted, has in named):
        return False
    began = offer.valid_from is None or offer.valid_from <= market.on
    return began and (offer.valid_until is None or market.on <= offer.valid_until)


def by_precedence(offers: Iterable[T], market: Market) -> list[T]:
    """Return the offers that hold, the one that wins first."""
    return sorted((each for each in offers if holds(each, market)), key=_weight, reverse=True)


def _weight(offer: Terms) -> tuple[Any, ...]:
    named = [bool(each) for each in (offer.grades, offer.channels, offer.regions)]
    ends = offer.valid_until is not None
    return (sum(named), *named, ends, offer.valid_from or date.min, offer.id)
