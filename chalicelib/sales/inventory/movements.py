"""Movements 出入库: what came in, went out, was moved, or was found when somebody counted.

Told by the systems that run the warehouses, each under a `reference` of theirs: told again, nothing
happens. Each is one transaction with what stands afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.core import clock, errors, ids
from chalicelib.core.access import Principal
from chalicelib.core.contention import tries
from chalicelib.core.errors import FieldError
from chalicelib.core.step import Step
from chalicelib.core.table import Page, page
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import warehouses
from chalicelib.sales.inventory.counters import Shift, shift, short
from chalicelib.sales.inventory.models import Movement, Stock, Warehouse, stock_id

#: How often a count is set against what stands, when that changes at the same moment.
TRIES: Final = 5
#: A reference stands for itself: what is derived from it has no parent to take a time from.
_REFERENCE: Final = "reference_" + "0" * 26


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as it was told, with what it names looked up. `into` only of a TRANSFER.

    `origin` is the request that tells it: with it told again, it is not a repetition.
    """

    type: str
    reference: str
    product_id: str
    warehouse: Warehouse
    quantity: int
    into: Warehouse | None = None
    happened_at: datetime | None = None
    note: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of it: its movements (a TRANSFER has two), and whether they were known before."""

    reference: str
    movements: list[Movement]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What movements may name: products by id or code, warehouses by id or code."""

    products: Mapping[str, Any]
    warehouses: Mapping[str, Warehouse]

    @classmethod
    def of(cls, named: set[str]) -> "Names":
        """Look products up, many in a few reads, and all warehouses."""
        codes = catalog.by_codes(name for name in named if not ids.is_id(name))
        found = catalog.known({*codes.values(), *filter(ids.is_id, named)})
        by_code = {code: found[product_id] for code, product_id in codes.items() if product_id in found}
        return cls({**found, **by_code}, warehouses.by_name(warehouses.everywhere()))


def record(
    asked: Mapping[str, Any], *, by: Principal, origin: str | None = None, names: Names | None = None
) -> Recorded:
    """Record a movement. The same reference again changes nothing; Conflict when it tells something else.

    Invalid for what is not there, not stock-kept, or a transfer to where it is. Blocked, with the
    missing units, when more is to go out than is there and promised to nobody; of an ADJUSTMENT:
    than is there.
    """
    told = _told(asked, names or Names.of({asked["product"]}), origin)
    for _ in tries(TRIES):
        step = Step(by=by.id)
        made = _movements(told)
        for movement in made:
            step.create(movement)
            _move(step, movement)
        try:
            step.commit()
        except errors.AlreadyExists:
            return _repeated(told)
        except errors.Stale:
            continue
        return Recorded(told.reference, made)
    raise errors.Busy


def _told(asked: Mapping[str, Any], names: Names, origin: str | None) -> Told:
    product = names.products.get(asked["product"])
    at, into = (names.warehouses.get(asked.get(name) or "") for name in ("warehouse", "into"))
    if wrong := list(_wrong(asked, product=product, at=at, into=into)):
        raise errors.Invalid(*wrong)
    assert product is not None
    assert at is not None
    kept = ("type", "reference", "quantity", "happened_at", "note")
    details = {name: asked[name] for name in kept if name in asked}
    return Told(product_id=product.id, warehouse=at, into=into, origin=origin, **details)


def _wrong(asked: Mapping[str, Any], *, product: Any, at: Any, into: Any) -> list[FieldError]:
    wrong = []
    if product is None:
        wrong.append(FieldError("product", "unknown_reference"))
    elif not product.stocked:
        wrong.append(FieldError("product", "not_stocked"))
    if at is None:
        wrong.append(FieldError("warehouse", "unknown_reference"))
    if asked["type"] == "TRANSFER":
        if into is None:
            wrong.append(FieldError("into", "unknown_reference"))
        elif into is at:
            wrong.append(FieldError("into", "same_warehouse"))
    elif asked.get("into"):
        wrong.append(FieldError("into", "only_transfer"))
    if not _fits(asked["type"], asked["quantity"]):
        wrong.append(FieldError("quantity", "unfit_quantity"))
    return wrong


def _fits(kind: str, quantity: int) -> bool:
    if kind == "ADJUSTMENT":
        return quantity != 0
    return quantity >= (0 if kind == "COUNT" else 1)


def _movements(told: Told) -> list[Movement]:
    match told.type:
        case "TRANSFER":
            assert told.into is not None
            legs = [(told.warehouse, told.into, -told.quantity), (told.into, told.warehouse, told.quantity)]
            return [_movement(told, leg, at, other, units) for leg, (at, other, units) in enumerate(legs)]
        case "COUNT":
            stands = Stock.find(stock_id(told.product_id, told.warehouse.id))
            return [
                _movement(told, 0, told.warehouse, None, told.quantity - (stands.on_hand if stands else 0))
            ]
        case "ISSUE":
            return [_movement(told, 0, told.warehouse, None, -told.quantity)]
    return [_movement(told, 0, told.warehouse, None, told.quantity)]


def _movement(told: Told, leg: int, at: Warehouse, other: Warehouse | None, units: int) -> Movement:
    return Movement.at(
        told.happened_at or clock.now(),
        _leg_id(told.reference, leg),
        type=told.type,
        reference=told.reference,
        product_id=told.product_id,
        warehouse_id=at.id,
        other_warehouse_id=other.id if other else None,
        quantity=told.quantity,
        units=units,
        note=told.note,
        origin=told.origin,
    )


def _leg_id(reference: str, leg: int) -> str:
    return ids.derived("stock_movement", _REFERENCE, reference, str(leg))


def _move(step: Step, movement: Movement) -> None:
    """Add what stands afterwards. What is found (COUNT, ADJUSTMENT) is a fact, also when it was promised."""
    where, refusal, units = None, None, movement.units
    if movement.type == "COUNT":
        seen = movement.quantity - units
        where = Stock.on_hand == seen
        if seen == 0:
            where |= Stock.on_hand.does_not_exist()
    elif units < 0:
        counter = "on_hand" if movement.type == "ADJUSTMENT" else "free"
        where, refusal = getattr(Stock, counter) >= -units, short(-units, counter)
    shift(
        step, movement.product_id, movement.warehouse_id, Shift(on_hand=units), where=where, refusal=refusal
    )


def _repeated(told: Told) -> Recorded:
    """Return what stands under the reference. Conflict when it is something else than was told."""
    wanted = [_leg_id(told.reference, leg) for leg in range(2 if told.type == "TRANSFER" else 1)]
    stood = [found for found in map(Movement.find, wanted) if found]
    expected = {
        "type": told.type,
        "product_id": told.product_id,
        "warehouse_id": told.warehouse.id,
        "other_warehouse_id": told.into.id if told.into else None,
        "quantity": told.quantity,
        "note": told.note,
    } | ({"happened_at": told.happened_at} if told.happened_at else {})
    if not stood or any(getattr(stood[0], name) != value for name, value in expected.items()):
        raise errors.Conflict("reference_taken", reference=told.reference)
    known_before = told.origin is None or stood[0].origin != told.origin
    return Recorded(told.reference, stood, repeated=known_before)


def movements(
    *, product_id: str | None = None, warehouse_id: str | None = None, **paging: Any
) -> Page[Movement]:
    """Return a page of movements, the latest first: a product's, a warehouse's, or of one in the other.

    One Query. Invalid when neither is named, NotFound for one that is not there.
    """
    if product_id:
        catalog.product(product_id)
    if warehouse_id:
        Warehouse.fetch(warehouse_id)
    query, key = _list(product_id, warehouse_id)
    return page(query, key, **paging)


def _list(product_id: str | None, warehouse_id: str | None) -> tuple[Callable[..., Any], str]:
    if product_id and warehouse_id:
        return Movement.by_stock_when.query, stock_id(product_id, warehouse_id)
    if product_id:
        return Movement.by_product_when.query, product_id
    if warehouse_id:
        return Movement.by_warehouse_when.query, warehouse_id
    raise errors.Invalid(*(FieldError(name, "one_needed") for name in ("product_id", "warehouse_id")))
