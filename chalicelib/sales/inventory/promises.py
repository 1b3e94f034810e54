"""Promises 预留: units that are kept for an order, in the transaction of what the order does.

A promise is made for all of an order or not at all: what is there is reserved, the rest waits where
a back-order is allowed, and where it is not, the order is refused with the units that are missing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.core import clock, errors, ids
from chalicelib.core.errors import FieldError
from chalicelib.core.step import Step
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import warehouses
from chalicelib.sales.inventory.allocation import Part, plan
from chalicelib.sales.inventory.availability import shelves
from chalicelib.sales.inventory.counters import Shift, shift, short
from chalicelib.sales.inventory.models import Movement, Reservation, Stock, place, stock_id

#: A promise is two writes for each product and warehouse, going out three, of the hundred that a
#: transaction takes; some are left to the caller.
MOST_PROMISED: Final = 45
MOST_TAKEN: Final = 30


def reserve(
    step: Step, *, order_id: str, units: Mapping[str, int], stood: Sequence[Reservation] = ()
) -> None:
    """Add to a step that units of products (by id) are promised to an order, beside what `stood` before.

    Products that are not stock-kept are left out. Blocked, naming each product and the units
    missing, when there are not enough, or when it would be more parts than a transaction takes; then
    nothing is promised. Stale from the commit when somebody else was faster: plan anew.
    """
    products = catalog.known(units)
    kept = {product_id: n for product_id, n in units.items() if _stocked(products, product_id)}
    if not kept:
        return
    made = plan(kept, shelves(list(kept), warehouses.serving()))
    if made.missing:
        raise errors.Blocked(*_missing(made.missing, kept, products))
    parts = {_promise_id(order_id, part.product_id, part.warehouse_id): part for part in made.parts}
    # All that is promised to it is let go in one transaction when the order is cancelled.
    _require_few(parts.keys() | {each.id for each in stood if each.reserved or each.waiting}, MOST_PROMISED)
    had = {each.id: each for each in stood}
    for promise_id, part in parts.items():
        _promise(step, order_id, part, had.get(promise_id))


def _stocked(products: Mapping[str, Any], product_id: str) -> bool:
    return product_id in products and products[product_id].stocked


def _missing(
    missing: Mapping[str, int], wanted: Mapping[str, int], products: Mapping[str, Any]
) -> list[FieldError]:
    return [
        FieldError(
            "lines",
            "out_of_stock",
            {"product": products[each].name, "wanted": wanted[each], "missing": units},
        )
        for each, units in missing.items()
    ]


def _require_few(parts: Collection[Any], most: int) -> None:
    if len(parts) > most:
        raise errors.Blocked(FieldError("lines", "too_many_stock_parts", {"most": most, "parts": len(parts)}))


def _promise(step: Step, order_id: str, part: Part, stood: Reservation | None) -> None:
    if stood:
        reserved, waiting = stood.reserved + part.reserved, stood.waiting + part.waiting
        keep(step, stood, reserved=reserved, waiting=waiting)
    else:
        made = Reservation(
            _promise_id(order_id, part.product_id, part.warehouse_id),
            order_id=order_id,
            product_id=part.product_id,
            warehouse_id=part.warehouse_id,
            since=place(clock.now(), order_id),
            **_standing(part.product_id, part.warehouse_id, part.reserved, part.waiting),
        )
        step.create(made)
    enough = Stock.available >= part.reserved if part.reserved else None
    counted = Shift(reserved=part.reserved, waiting=part.waiting)
    shift(step, part.product_id, part.warehouse_id, counted, where=enough)


def release(step: Step, *, order_id: str, product_ids: Iterable[str]) -> None:
    """Add to a step that nothing of these products is promised to an order; what has gone out stays gone."""
    for kept in promised(order_id, product_ids):
        if kept.reserved or kept.waiting:
            counted = Shift(reserved=-kept.reserved, waiting=-kept.waiting)
            keep(step, kept, reserved=0, waiting=0)
            shift(step, kept.product_id, kept.warehouse_id, counted)


def give_back(step: Step, stood: Sequence[Reservation], *, units: Mapping[str, int]) -> None:
    """Add to a step that so many units less of products (by id) are promised to an order than `stood`.

    First those that wait are let go.
    """
    for product_id, left in units.items():
        parts = [kept for kept in stood if kept.product_id == product_id]
        for kept in sorted(parts, key=_waiting, reverse=True):
            waiting = min(left, kept.waiting)
            reserved = min(left - waiting, kept.reserved)
            left -= waiting + reserved
            if waiting or reserved:
                keep(step, kept, reserved=kept.reserved - reserved, waiting=kept.waiting - waiting)
                shift(step, product_id, kept.warehouse_id, Shift(reserved=-reserved, waiting=-waiting))


def _waiting(kept: Reservation) -> int:
    return kept.waiting


def take_out(step: Step, *, order_id: str, reference: str, quantities: Mapping[str, int]) -> None:
    """Add to a step that units of products (by id) go out to an order, as a movement each.

    Products of which nothing was promised are left out: they are not stock-kept, or were not then.
    Blocked, naming each product and the units still waited for, when not all of it is there.
    """
    of_order = promised(order_id, quantities)
    taken: list[tuple[Reservation, int]] = []
    missing: list[FieldError] = []
    for product_id, quantity in quantities.items():
        left, parts = quantity, [kept for kept in of_order if kept.product_id == product_id]
        for kept in parts:
            if given := min(left, kept.reserved):
                taken.append((kept, given))
                left -= given
        if parts and left:
            name = catalog.product(product_id).name
            told = {"product": name, "wanted": quantity, "missing": left}
            missing.append(FieldError("lines", "out_of_stock", told))
    if missing:
        raise errors.Blocked(*missing)
    _require_few(taken, MOST_TAKEN)
    for kept, units in taken:
        _take(step, kept, units, reference)


def _take(step: Step, kept: Reservation, units: int, reference: str) -> None:
    keep(step, kept, reserved=kept.reserved - units, waiting=kept.waiting, taken=kept.taken + units)
    # A count may have found less than was promised, and the promise not been taken back yet.
    there, gone = Stock.on_hand >= units, Shift(on_hand=-units, reserved=-units)
    shift(step, kept.product_id, kept.warehouse_id, gone, where=there, refusal=short(units, "on_hand"))
    step.create(_moved("SHIPMENT", kept, -units, reference))


def _moved(kind: str, kept: Reservation, units: int, reference: str) -> Movement:
    """Return the movement of an order's units; shipments and returns have references of their own."""
    told = (reference,) if kind == "SHIPMENT" else (kind, reference)
    return Movement.at(
        clock.now(),
        ids.derived("stock_movement", kept.order_id, *told, kept.stock_id),
        type=kind,
        reference=reference,
        product_id=kept.product_id,
        warehouse_id=kept.warehouse_id,
        quantity=abs(units),
        units=units,
        order_id=kept.order_id,
    )


def put_back(step: Step, *, order_id: str, reference: str, quantities: Mapping[str, int]) -> None:
    """Add to a step that units of products (by id) come back from an order, as a movement each.

    They go where they came from. Those that no warehouse had sent out are left out.
    """
    of_order = promised(order_id, quantities)
    came: list[tuple[Reservation, int]] = []
    for product_id, quantity in quantities.items():
        left = quantity
        for kept in of_order:
            if kept.product_id == product_id and (given := min(left, kept.taken)):
                came.append((kept, given))
                left -= given
    _require_few(came, MOST_TAKEN)
    for kept, units in came:
        keep(step, kept, reserved=kept.reserved, waiting=kept.waiting, taken=kept.taken - units)
        shift(step, kept.product_id, kept.warehouse_id, Shift(on_hand=units))
        step.create(_moved("RETURN", kept, units, reference))


def promised(order_id: str, product_ids: Iterable[str]) -> list[Reservation]:
    """Return what is and was promised to an order of these products, in the order of serving.

    As it is now: an index would follow a moment later, and what was just promised be forgotten.
    """
    products = list(dict.fromkeys(product_ids))
    wanted = [
        _promise_id(order_id, product_id, place.id)
        for place in warehouses.everywhere()
        for product_id in products
    ]
    read = Reservation.batch_get(wanted, consistent_read=True) if wanted else ()
    found = {each.id: each for each in read}
    return [found[each] for each in wanted if each in found]


def _promise_id(order_id: str, product_id: str, warehouse_id: str) -> str:
    return ids.derived("reservation", order_id, product_id, warehouse_id)


def keep(step: Step, kept: Reservation, *, reserved: int, waiting: int, **also: Any) -> None:
    """Add to a step what of a promise is there and what waits from now on; `also`: taken."""
    step.change(kept, **_standing(kept.product_id, kept.warehouse_id, reserved, waiting), **also)


def _standing(product_id: str, warehouse_id: str, reserved: int, waiting: int) -> dict[str, Any]:
    of = stock_id(product_id, warehouse_id)
    return {
        "reserved": reserved,
        "waiting": waiting,
        "holding": of if reserved else None,
        "waiting_for": of if waiting else None,
    }
