"""What an order has to do with stock 库存: promised when it is activated, out when it ships, in again when
it comes back, free when it is cancelled; always in the order's own transaction.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from chalicelib.core import errors
from chalicelib.core.contention import tries
from chalicelib.core.step import Step
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.orders.lines import Line
from chalicelib.sales.orders.models import Order

#: How often a verb is done anew because others were faster at the same stock.
TRIES: Final = 4


def while_stock_moves(act: Callable[[], Order]) -> Order:
    """Do something that counts on what stands; again, from reading on, when that moved meanwhile.

    Stale when the order itself is another than the caller saw, or stock never comes to rest.
    """
    for _ in tries(TRIES - 1):
        try:
            return act()
        except errors.Stale:
            continue
    return act()


def promise(step: Step, order: Order) -> None:
    """Add to a step that the order's stock-kept units are promised to it. Blocked with those missing."""
    inventory.reserve(step, order_id=order.id, lines=_units(order))


def follow(step: Step, order: Order, *, before: Sequence[Line]) -> None:
    """Add to a step that what is promised follows the lines of an order in force, which were others before.

    Blocked, with the units missing, when there are not enough. A product that was not stock-kept when
    it was promised stays without a promise.
    """
    if order.status == "APPROVED":
        return
    had, wanted = _of_lines(before), _of_lines(order.lines)
    promised = {each.product_id for each in inventory.promised(order.id, had)}
    more = {each: n for each in wanted if (n := wanted[each] - had[each]) > 0}
    kept = [(each, n) for each, n in more.items() if not had[each] or each in promised]
    inventory.reserve(step, order_id=order.id, lines=kept, again=True)
    less = {each: n for each in had if (n := had[each] - wanted[each]) > 0}
    inventory.give_back(step, order_id=order.id, quantities=less)


def _of_lines(lines: Sequence[Line]) -> Counter[str]:
    units: Counter[str] = Counter()
    for line in lines:
        if line.product_id:
            units[line.product_id] += line.quantity
    return units


def send(step: Step, order: Order, *, reference: str, quantities: Mapping[int, int]) -> None:
    """Add to a step that units (by line number) leave the warehouses. Blocked with those still awaited."""
    wanted = _of_products(order, quantities)
    inventory.take_out(step, order_id=order.id, reference=reference, quantities=wanted)


def take_in(step: Step, order: Order, *, reference: str, quantities: Mapping[int, int]) -> None:
    """Add to a step that units (by line number) come back to the warehouses that they had left."""
    came = _of_products(order, quantities)
    inventory.put_back(step, order_id=order.id, reference=reference, quantities=came)


def _of_products(order: Order, quantities: Mapping[int, int]) -> dict[str, int]:
    units: dict[str, int] = {}
    for line in order.lines:
        if line.product_id and line.number in quantities:
            units[line.product_id] = units.get(line.product_id, 0) + quantities[line.number]
    return units


def let_go(step: Step, order: Order) -> None:
    """Add to a step that nothing is kept for the order any more."""
    inventory.release(step, order_id=order.id, product_ids=[product for product, _ in _units(order)])


def kept(order: Order) -> list[inventory.Reservation]:
    """Return what is kept for the order, by product and warehouse: there, awaited, gone out."""
    return inventory.promised(order.id, [product for product, _ in _units(order)])


def _units(order: Order) -> Iterable[tuple[str, int]]:
    return [(line.product_id, line.quantity) for line in order.lines if line.product_id]
