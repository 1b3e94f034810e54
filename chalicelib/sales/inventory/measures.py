"""What stock contributes to the figures: units and value now, what is expected, and what moved by month."""

from collections.abc import Iterator
from typing import Final

from chalicelib.core.measures import Cell, Image
from chalicelib.sales.inventory.models import OPEN

#: The number that a movement of a type counts in.
_COUNTED: Final = {
    "RECEIPT": "received",
    "ISSUE": "issued",
    "SHIPMENT": "shipped",
    "RETURN": "returned",
    "ADJUSTMENT": "adjusted",
    "COUNT": "adjusted",
    "TRANSFER": "transferred",
}


def stock(stands: Image) -> Iterator[Cell]:
    """Yield the boards ``stock|warehouse`` and ``stock|product``, rows ``<id>|<currency>``.

    `value` is what is on hand at its rule's unit cost, in minor units; without one it has no value
    and the currency ``-``.
    """
    cost = stands.get("unit_cost") or {"minor": 0, "currency": "-"}
    numbers = {name: stands[name] for name in ("on_hand", "reserved", "waiting")}
    numbers["value"] = stands["on_hand"] * cost["minor"]
    for dim in ("warehouse", "product"):
        yield Cell(f"stock|{dim}", f"{stands[f'{dim}_id']}|{cost['currency']}", numbers)


def movements(moved: Image) -> Iterator[Cell]:
    """Yield the board ``stock_moves|<warehouse>``, rows ``<month>|<product>``.

    The month is the one it happened in. Units that came in count up, those that left count down.
    """
    numbers = {_COUNTED[moved["type"]]: moved["units"]}
    yield Cell(f"stock_moves|{moved['warehouse_id']}", f"{moved['month']}|{moved['product_id']}", numbers)


def supplies(to_come: Image) -> Iterator[Cell]:
    """Yield on the boards of `stock` the units that are `expected`; they have no value yet."""
    open_units = to_come["quantity"] - to_come["received"] if to_come["status"] in OPEN else 0
    for dim in ("warehouse", "product"):
        yield Cell(f"stock|{dim}", f"{to_come[f'{dim}_id']}|-", {"expected": open_units})


MEASURES = {"stock": stock, "stock_movement": movements, "supply": supplies}
