"""The one place that counts: what stands of a product in a warehouse, under conditions that hold exactly.

Nobody has to have read what stands: it is added to where the condition holds at that very moment, so
thousands may reserve at once without being in each other's way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.core import errors
from chalicelib.core.attributes import plain
from chalicelib.core.errors import FieldError
from chalicelib.core.step import RawItem, Step
from chalicelib.sales.inventory.models import Stock, stock_id


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added, in units, to what stands."""

    on_hand: int = 0
    reserved: int = 0
    waiting: int = 0

    @property
    def numbers(self) -> dict[str, int]:
        """All counters that move, those that follow from the others too."""
        free = self.on_hand - self.reserved
        return {
            "on_hand": self.on_hand,
            "reserved": self.reserved,
            "waiting": self.waiting,
            "free": free,
            "available": free - self.waiting,
        }


def shift(
    step: Step,
    product_id: str,
    warehouse_id: str,
    by: Shift,
    *,
    where: Any = None,
    refusal: Callable[[RawItem | None], errors.SalesError] | None = None,
    **also: Any,
) -> None:
    """Add to a step that what stands changes, where a condition holds; `also` are attributes to set.

    Stale, or what `refusal` says, when it does not hold.
    """
    place = {"product_id": product_id, "warehouse_id": warehouse_id}
    stock = Stock(stock_id(product_id, warehouse_id))
    step.add(stock, by.numbers, where=where, refusal=refusal, **place, **also)


def short(wanted: int, counter: str) -> Callable[[RawItem | None], errors.SalesError]:
    """Return the refusal that tells how many units were missing of those wanted."""

    def refusal(stood: RawItem | None) -> errors.SalesError:
        there = max(0, plain(stood or {}).get(counter, 0))
        told = {"wanted": wanted, "there": there, "missing": wanted - there}
        return errors.Blocked(FieldError("quantity", "not_there", told))

    return refusal
