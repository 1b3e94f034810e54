"""Random items of stock, as plain images: what stands, what moved, what is to come."""

from typing import Final

from chalicelib.core.measures import Image
from tests.faults.dice import CURRENCIES, PRODUCTS, Dice, day

WAREHOUSES: Final = ("warehouse_1", "warehouse_2")


def stock(dice: Dice) -> Image:
    """Return what stands of a product in a warehouse, with a cost decided or not."""
    on_hand, reserved, waiting = (dice.choice((0, dice.randrange(10**6))) for _ in range(3))
    cost = {"minor": dice.randrange(10**6), "currency": dice.choice(CURRENCIES)}
    return {
        "product_id": dice.choice(PRODUCTS),
        "warehouse_id": dice.choice(WAREHOUSES),
        "on_hand": on_hand,
        "reserved": reserved,
        "waiting": waiting,
        "unit_cost": dice.choice((cost, None)),
    }


def stock_movement(dice: Dice) -> Image:
    """Return units that came into a warehouse or left it."""
    return {
        "type": dice.choice(("RECEIPT", "ISSUE", "SHIPMENT", "RETURN", "ADJUSTMENT", "COUNT", "TRANSFER")),
        "product_id": dice.choice(PRODUCTS),
        "warehouse_id": dice.choice(WAREHOUSES),
        "units": dice.randint(-(10**6), 10**6),
        "month": day(dice)[:7],
    }


def supply(dice: Dice) -> Image:
    """Return what a supplier is to deliver, of which some has come, or all, or more."""
    quantity = dice.randint(1, 10**6)
    return {
        "product_id": dice.choice(PRODUCTS),
        "warehouse_id": dice.choice(WAREHOUSES),
        "status": dice.choice(("EXPECTED", "PARTIALLY_RECEIVED", "RECEIVED", "CANCELLED")),
        "quantity": quantity,
        "received": dice.randint(0, 2 * quantity),
    }
