"""Which warehouse serves what: pure rules.

A product comes from the first warehouse that has all of it, so that it leaves in one piece; where
none has, from each in turn. What then is missing waits where a back-order is allowed. Where it is
allowed nowhere, it is told, and nothing of the order is promised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shelf:
    """What another order may have of a product in a warehouse, and whether it may wait there."""

    product_id: str
    warehouse_id: str
    available: int
    back_order: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Units of a product from one warehouse: there for the order, and to come."""

    product_id: str
    warehouse_id: str
    reserved: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything comes from; `missing` units by product are nowhere."""

    parts: list[Part] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)


def plan(wanted: Mapping[str, int], shelves: Sequence[Shelf]) -> Plan:
    """Plan where the units wanted of each product come from; `shelves` in the order of serving."""
    made = Plan()
    for product_id, units in wanted.items():
        of_product = [shelf for shelf in shelves if shelf.product_id == product_id]
        parts, left = _served(units, of_product)
        if left and not (parts := _with_waiting(parts, left, of_product)):
            made.missing[product_id] = left
        made.parts.extend(parts)
    return made


def _served(units: int, shelves: Sequence[Shelf]) -> tuple[list[Part], int]:
    whole = next((shelf for shelf in shelves if shelf.available >= units), None)
    parts, left = [], units
    for shelf in [whole] if whole else shelves:
        if (given := min(left, shelf.available)) > 0:
            parts.append(Part(shelf.product_id, shelf.warehouse_id, given))
            left -= given
    return parts, left


def _with_waiting(parts: list[Part], left: int, shelves: Sequence[Shelf]) -> list[Part]:
    """Return the parts and what waits, in the first warehouse where it may; none when it may nowhere."""
    at = next((shelf for shelf in shelves if shelf.back_order), None)
    if at is None:
        return []
    there = next((part.reserved for part in parts if part.warehouse_id == at.warehouse_id), 0)
    others = [part for part in parts if part.warehouse_id != at.warehouse_id]
    return [*others, Part(at.product_id, at.warehouse_id, there, left)]
