"""Thousands of orders at the same instant, on an emulator that takes writes in parallel."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from chalicelib.core import errors
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Reservation, Warehouse
from tests.organisation.people.builders import hire_everybody
from tests.sales.inventory.builders import (
    all_of,
    allow_back_orders,
    moved,
    product,
    reserve,
    stands,
    warehouse,
)

AT_ONCE: Final = 16


def attempt(number: int, units: dict[str, int]) -> int:
    """Reserve as an order does: again when somebody else was faster. Return the units it got."""
    while True:
        try:
            reserve(number, *units.items())
        except errors.Blocked:
            return 0
        except (errors.Stale, errors.Busy):
            continue
        return sum(units.values())


def orders_at_once(product_id: str, number: int) -> list[tuple[int, int]]:
    """Let so many orders of 1 to 3 units come at once; return what each wanted and got."""
    chance = random.Random(number)
    wanted = [chance.randint(1, 3) for _ in range(number)]
    with ThreadPoolExecutor(AT_ONCE) as visitors:
        got = visitors.map(attempt, range(number), [{product_id: units} for units in wanted])
        return list(zip(wanted, got, strict=True))


def fill(units_near: int, units_far: int) -> tuple[str, Warehouse, Warehouse]:
    hire_everybody()
    product_id, near, far = product(), warehouse("SZ", rank=1), warehouse("GZ", rank=2)
    moved("RECEIPT", units_near)
    moved("RECEIPT", units_far, at="GZ")
    return product_id, near, far


def assert_exact(product_id: str, places: tuple[Warehouse, Warehouse], orders: list[tuple[int, int]]) -> None:
    """Every unit promised is there, each once, and nobody went away while there was enough."""
    counted = [stands(product_id, place) for place in places]
    promised = all_of(Reservation)
    got = sum(units for _, units in orders)
    assert sum(reserved for _, reserved, _, _ in counted) == sum(each.reserved for each in promised) == got
    for place, (on_hand, reserved, waiting, available) in zip(places, counted, strict=True):
        mine = [each.reserved for each in promised if each.warehouse_id == place.id]
        assert (sum(mine), waiting, available) == (reserved, 0, on_hand - reserved)
        assert 0 <= reserved <= on_hand
    left = sum(available for *_, available in counted)
    assert left < min((wanted for wanted, units in orders if units == 0), default=left + 1)
    by_order = {each.order_id for each in promised}
    assert len(by_order) == sum(units > 0 for _, units in orders)


def test_no_unit_is_promised_twice_however_many_reserve_at_once(emulated: str) -> None:
    product_id, near, far = fill(250, 150)

    orders = orders_at_once(product_id, 300)

    assert any(units == 0 for _, units in orders)
    assert_exact(product_id, (near, far), orders)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_unit_is_promised_twice_by_ten_thousand_who_reserve_at_once(emulated: str) -> None:
    product_id, near, far = fill(9_000, 6_000)

    orders = orders_at_once(product_id, 10_000)

    assert any(units == 0 for _, units in orders)
    assert_exact(product_id, (near, far), orders)


def test_of_the_parts_of_bundles_an_order_gets_all_or_none_however_many_reserve_at_once(
    emulated: str,
) -> None:
    meter, near, far = fill(90, 60)
    case = product("CASE")
    moved("RECEIPT", 70, of="CASE")

    def order(number: int) -> bool:
        return bool(attempt(number, {meter: 3, case: 1}))

    with ThreadPoolExecutor(AT_ONCE) as visitors:
        got = sum(visitors.map(order, range(80)))

    promised = [(each.order_id, each.product_id, each.reserved) for each in all_of(Reservation)]
    for product_id, pieces in ((meter, 3), (case, 1)):
        by_order = Counter[str]()
        for order_id, of, reserved in promised:
            by_order[order_id] += reserved if of == product_id else 0
        assert list(by_order.values()) == [pieces] * got
    assert got == 50
    assert sum(stands(meter, place)[1] for place in (near, far)) == 150
    assert stands(case, near)[:2] == (70, 50)


def test_with_a_back_order_everybody_is_promised_and_what_is_there_is_given_once(emulated: str) -> None:
    product_id, near, far = fill(40, 20)
    allow_back_orders(product_id, near.id)

    orders = orders_at_once(product_id, 100)

    (on_hand, reserved, waiting, available), rest = stands(product_id, near), stands(product_id, far)
    assert all(units == wanted for wanted, units in orders)
    assert reserved + waiting + rest[1] == sum(wanted for wanted, _ in orders)
    assert available == on_hand - reserved - waiting
    assert reserved <= on_hand == 40
    assert rest[1] <= 20
    assert rest[2] == 0
    assert service.stock(product_id).waiting == waiting
