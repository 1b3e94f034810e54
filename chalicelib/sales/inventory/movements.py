"""Movements 出入库: what came in, went out, was moved, or was found when somebody counted.

Told by the systems that run the warehouses, each under a `reference` of theirs: told again, nothing
happens. Each is one transaction with what stands afterwards.
"""

from collections.abc import Callable, Iterator, Mapping
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
from chalicelib.sales.inventory import supplies
from chalicelib.sales.inventory.counters import Shift, shift, short
from chalicelib.sales.inventory.models import Movement, Stock, Supply, Warehouse, stock_id
from chalicelib.sales.inventory.names import REFERENCE, Names, wrong

#: How often a count is set against what stands, when that changes at the same moment.
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as it was told, with what it names looked up. `into` only of a TRANSFER, a supply only of a
    RECEIPT.

    `origin` is the request that tells it: with it told again, it is not a repetition.
    """

    type: str
    reference: str
    product_id: str
    warehouse: Warehouse
    quantity: int
    into: Warehouse | None = None
    supply_id: str | None = None
    happened_at: datetime | None = None
    note: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of it: its movements (a TRANSFER has two), and whether they were known before."""

    reference: str
    movements: list[Movement]
    repeated: bool = False


def record(
    asked: Mapping[str, Any], *, by: Principal, origin: str | None = None, names: Names | None = None
) -> Recorded:
    """Record a movement. The same reference again changes nothing; Conflict when it tells something else.

    Invalid for what is not there, not stock-kept, or a transfer to where it is. Blocked, with the
    missing units, when more is to go out than is there and promised to nobody; of an ADJUSTMENT:
    than is there; or when it is to be part of a supply of which nothing more was to come.
    """
    told = _told(asked, names or Names.of({asked["product"]}), origin)
    for _ in tries(TRIES):
        step = Step(by=by.id)
        made = _movements(told)
        for movement in made:
            step.create(movement)
            _move(step, movement)
        try:
            if told.supply_id:
                supplies.receive(step, told.supply_id, told.quantity)
            step.commit()
        except errors.AlreadyExists:
            return _repeated(told)
        except errors.Blocked:
            # What closed the supply may have been this very movement, told before.
            if told.supply_id and Movement.find(made[0].id):
                return _repeated(told)
            raise
        except errors.Stale:
            continue
        return Recorded(told.reference, made)
    raise errors.Busy


def _told(asked: Mapping[str, Any], names: Names, origin: str | None) -> Told:
    product = names.products.get(asked["product"])
    at, into = (names.warehouses.get(asked.get(name) or "") for name in ("warehouse", "into"))
    supply = supplies.named(asked["supply"]) if asked.get("supply") else None
    mistakes = [*wrong(product=product, at=at), *_wrong(asked, at=at, into=into)]
    mistakes += _wrong_supply(asked, supply, product=product, at=at)
    if mistakes:
        raise errors.Invalid(*mistakes)
    assert product is not None
    assert at is not None
    kept = ("type", "reference", "quantity", "happened_at", "note")
    details = {name: asked[name] for name in kept if name in asked} | {"origin": origin, "into": into}
    return Told(product_id=product.id, warehouse=at, supply_id=supply.id if supply else None, **details)


def _wrong(asked: Mapping[str, Any], *, at: Any, into: Any) -> Iterator[FieldError]:
    if asked["type"] == "TRANSFER":
        if into is None:
            yield FieldError("into", "unknown_reference")
        elif into is at:
            yield FieldError("into", "same_warehouse")
    elif asked.get("into"):
        yield FieldError("into", "only_transfer")
    if not _fits(asked["type"], asked["quantity"]):
        yield FieldError("quantity", "unfit_quantity")


def _wrong_supply(
    asked: Mapping[str, Any], supply: Supply | None, *, product: Any, at: Any
) -> Iterator[FieldError]:
    if not asked.get("supply"):
        return
    if asked["type"] != "RECEIPT":
        yield FieldError("supply", "only_receipt")
    elif supply is None:
        yield FieldError("supply", "unknown_reference")
    elif product and at and (supply.product_id, supply.warehouse_id) != (product.id, at.id):
        yield FieldError("supply", "other_supply", {"reference": supply.reference})


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
        supply_id=told.supply_id,
        note=told.note,
        origin=told.origin,
    )


def _leg_id(reference: str, leg: int) -> str:
    return ids.derived("stock_movement", REFERENCE, reference, str(leg))


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
        "supply_id": told.supply_id,
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
