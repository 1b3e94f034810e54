"""What random items are made of: few members, so that many items meet in the same rows."""

import random
from collections.abc import Callable
from typing import Any, Final

from chalicelib.core.measures import Image

Dice = random.Random
Maker = Callable[[Dice], Image]
Part = dict[str, Any]

OWNERS: Final = {f"user_{number}": f"team_{number % 3}" for number in range(7)}
REGIONS: Final = ("North", "South", "华东 | 上海", None)
CURRENCIES: Final = ("CNY", "EUR")
PRODUCTS: Final = ("product_1", "product_2", "product_3")
ACCOUNTS: Final = tuple(f"account_{number}" for number in range(5))


def day(dice: Dice) -> str:
    """Return a day of some month."""
    return f"2026-{dice.randint(1, 5):02d}-{dice.randint(1, 28):02d}"


def instant(dice: Dice) -> str:
    """Return an instant of some month."""
    return f"{day(dice)}T{dice.randrange(24):02d}:{dice.randrange(60):02d}:00.000Z"


def owner(dice: Dice) -> Part:
    """Return whose it is."""
    owner_id, team_id = dice.choice(list(OWNERS.items()))
    return {"owner_id": owner_id, "team_id": dice.choice((team_id, None))}


def amount(dice: Dice) -> int:
    """Return minor units: nothing, little, or as much as nobody ever sold for."""
    return dice.choice((0, 1, dice.randrange(10_000), dice.randrange(10**9), 10**14 + dice.randrange(9)))
