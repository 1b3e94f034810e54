"""What an order has to do with stock 库存: promised when it is activated, out when it ships, in again when
it comes back, free when it is cancelled; always in the order's own transaction. Of a bundle it is the parts.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
    inventory.reserve(step, order_id=order.id, units=_goods(order.lines))


def follow(step: Step, order: Order, *, before: Sequence[Line]) -> None:
    """Add to a step that what is promised follows the lines of an order in force, which were others before.

    Blocked, with the units missing, when there are not enough. A product that was not stock-kept when
    it was promised stays without a promise.
    """
    if order.status == "APPROVED":
        return
    had, wanted = _goods(before), _goods(order.lines)
    stood = inventory.promised(order.id, had | wanted)
    promised = {each.product_id for each in stood}
    more = {each: n for each, n in (wanted - had).items() if not had[each] or each in promised}
    inventory.reserve(step, order_id=order.id, units=more, stood=stood)
    inventory.give_back(step, stood, units=had - wanted)


def send(step: Step, order: Order, *, reference: str, quantities: Mapping[int, int]) -> None:
    """Add to a step that units (by line number) leave the warehouses. Blocked with those still awaited."""
    units = _goods(order.lines, quantities)
    inventory.take_out(step, order_id=order.id, reference=reference, quantities=units)


def take_in(step: Step, order: Order, *, reference: str, quantities: Mapping[int, int]) -> None:
    """Add to a step that units (by line number) come back to the warehouses that they had left."""
    units = _goods(order.lines, quantities)
    inventory.put_back(step, order_id=order.id, reference=reference, quantities=units)


def let_go(step: Step, order: Order) -> None:
    """Add to a step that nothing is kept for the order any more."""
    inventory.release(step, order_id=order.id, product_ids=_goods(order.lines))


def kept(order: Order) -> list[inventory.Reservation]:
    """Return what is kept for the order, by product and warehouse: there, awaited, gone out."""
    return inventory.promised(order.id, _goods(order.lines))


def _goods(lines: Sequence[Line], quantities: Mapping[int, int] | None = None) -> Counter[str]:
    """Return the units, by product, of so many pieces of lines by number; without `quantities` of all."""
    units: Counter[str] = Counter()
    for line in lines:
        units.update(line.goods(line.quantity if quantities is None else quantities.get(line.number, 0)))
    return +units
