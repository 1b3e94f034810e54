"""Supplies 供货: what suppliers are to deliver, when, and what has come of it.

EXPECTED ──receive──▶ PARTIALLY_RECEIVED ──receive──▶ RECEIVED
   └─cancel─▶ CANCELLED         └────────cancel (the rest)──▲
What comes is a movement (`movements`), which may be more than was ordered: it is what it is.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core import clock, due, errors, ids
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.lifecycle import Lifecycle, Move
from chalicelib.core.step import RawItem, Step
from chalicelib.core.table import Page, all_of, expect, page
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory.models import OPEN, Supply, Warehouse
from chalicelib.sales.inventory.names import REFERENCE, Names, wrong

_STILL: Final = " ".join(sorted(OPEN))
LIFE: Final = Lifecycle(
    Move("change", _STILL, f"{_STILL} RECEIVED", needs="supplies:configure"),
    Move("cancel", _STILL, "CANCELLED RECEIVED", needs="supplies:configure"),
    Move("receive", _STILL, "PARTIALLY_RECEIVED RECEIVED", needs="stock_movements:configure"),
)


def add_supply(asked: Mapping[str, Any], *, by: Principal) -> Supply:
    """Note what a supplier is to deliver.

    `asked`: reference, product and warehouse (ids or codes), quantity, expected_on, supplier, note.
    Invalid for a product or warehouse not there, or a product not stock-kept. AlreadyExists, with the
    supply, when there is one of this reference.
    """
    names = Names.of({asked["product"]})
    product, place = names.products.get(asked["product"]), names.warehouses.get(asked["warehouse"])
    if mistakes := wrong(product=product, at=place):
        raise errors.Invalid(*mistakes)
    assert product is not None
    assert place is not None
    told: dict[str, Any] = {
        name: asked.get(name) for name in ("reference", "quantity", "expected_on", "supplier", "note")
    }
    made = Supply(supply_id(asked["reference"]), product_id=product.id, warehouse_id=place.id, **told)
    for name, value in following(made).items():
        setattr(made, name, value)
    step = Step(by=by.id)
    step.create(made, refusal=_known)
    step.commit()
    return made


def _known(stood: RawItem | None) -> errors.SalesError:
    return errors.AlreadyExists(holder=(stood or {})["id"]["S"])


def supply_id(reference: str) -> str:
    """Return the id of the supply of a supplier's order."""
    return ids.derived("supply", REFERENCE, reference)


def change_supply(supply_id: str, *, version: int | None, by: Principal, **changes: Any) -> Supply:
    """Change what is to come and when; `changes`: quantity, expected_on, supplier, note.

    Invalid for a quantity below what has come, OutOfTurn when nothing more is to come.
    """
    found = _ready("change", supply_id, version=version, by=by)
    if changes.get("quantity", found.quantity) < found.received:
        raise errors.Invalid.one("quantity", "below_received", received=found.received)
    step = Step(by=by.id)
    _write(step, found, "change", **changes)
    step.commit()
    return found


def cancel_supply(supply_id: str, *, reason: str, version: int | None, by: Principal) -> Supply:
    """Expect nothing more of a supply. OutOfTurn when nothing more is to come anyway."""
    found = _ready("cancel", supply_id, version=version, by=by)
    step = Step(by=by.id)
    _write(step, found, "cancel", cancelled_on=clock.today(), cancel_reason=reason)
    step.commit()
    return found


def receive(step: Step, supply_id: str, units: int) -> None:
    """Add to a step that units of a supply have come. Blocked (`supply`) when nothing more was to come."""
    found = Supply.fetch(supply_id)
    if not found.is_open:
        raise errors.Blocked(FieldError("supply", "supply_closed", {"reference": found.reference}))
    _write(step, found, "receive", received=found.received + units)


def _ready(verb: str, supply_id: str, *, version: int | None, by: Principal) -> Supply:
    found = supply(supply_id)
    expect(found, version)
    LIFE.require(verb, found.status, by=by)
    return found


def _write(step: Step, found: Supply, verb: str, **facts: Any) -> None:
    before, after = found.status, following(found, **facts)
    LIFE.check(verb, before, after["status"])
    step.change(found, **facts, **after)


def following(supply: Supply, **facts: Any) -> dict[str, Any]:
    """Return what follows from a supply with new facts: its status, its place in lists, when it is due."""
    names = ("quantity", "received", "expected_on", "cancelled_on")
    now = {name: facts.get(name, getattr(supply, name)) for name in names}
    status, day = _status(now), now["expected_on"]
    state = "OPEN" if status in OPEN else "CLOSED"
    return {
        "status": status,
        "warehouse_list": f"{supply.warehouse_id}|{state}",
        "product_list": f"{supply.product_id}|{state}",
        "turn": f"{day.isoformat()}_{supply.id}",
        "due_minute": _overdue_from(day) if state == "OPEN" else None,
    }


def _status(facts: Mapping[str, Any]) -> str:
    if facts["received"] >= facts["quantity"]:
        return "RECEIVED"
    if facts["cancelled_on"]:
        return "RECEIVED" if facts["received"] else "CANCELLED"
    return "PARTIALLY_RECEIVED" if facts["received"] else "EXPECTED"


def _overdue_from(expected_on: date) -> str:
    # Told late that it is late: the next sweep sees it.
    return due.minute(max(clock.start_of(expected_on + timedelta(days=1)), clock.now()))


def supply(supply_id: str) -> Supply:
    """Return a supply. NotFound when there is none."""
    return Supply.fetch(supply_id)


def named(name: str) -> Supply | None:
    """Return the supply with this id or reference, or None."""
    return Supply.find(name) or Supply.find(supply_id(name))


def supplies(
    *, product_id: str | None = None, warehouse_id: str | None = None, state: str, **paging: Any
) -> Page[Supply]:
    """Return a page of a product's or a warehouse's supplies, OPEN or CLOSED, the soonest first.

    One Query. Invalid unless one of the two is named, NotFound for one that is not there.
    """
    if bool(product_id) == bool(warehouse_id):
        raise errors.Invalid(*(FieldError(name, "one_of_two") for name in ("product_id", "warehouse_id")))
    if warehouse_id:
        Warehouse.fetch(warehouse_id)
        query, key = Supply.by_warehouse_expected.query, warehouse_id
    else:
        key = catalog.product(str(product_id)).id
        query = Supply.by_product_expected.query
    return page(query, f"{key}|{state}", newest_first=state == "CLOSED", **paging)


def awaited(warehouse_id: str) -> list[Supply]:
    """Return all that is still to come into a warehouse, the soonest first. One Query."""
    return all_of(Supply.by_warehouse_expected.query, f"{warehouse_id}|OPEN")
