"""A request that succeeds, as the rows of `tests.faults.verbs` make it: by whom, on what, with what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core.access import Principal
from chalicelib.core.table import Record
from tests.client import COLLEAGUE, REP
from tests.faults.world import World


@dataclass(frozen=True)
class Ask:
    """A request: who asks, the ids in the path, the body, and the version they saw."""

    by: Principal
    ids: tuple[str, ...] = ()
    body: Any = None
    match: int | None = None


def on(record: Record, *, by: Principal = REP, body: Any = None, below: tuple[str, ...] = ()) -> Ask:
    """Ask for something to be done with a record, as it is now."""
    return Ask(by, (record.id, *below), body, record.version)


def new(body: Any, *, by: Principal = REP) -> Ask:
    """Ask for something new."""
    return Ask(by, body=body)


def as_json(stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return stages as a client sends them."""
    return [{**each, "entry": [], "exit": []} for each in stages]


def shared(record: Record, *, by: Principal = REP) -> Ask:
    """Ask for a record to be shared with Rob."""
    return on(record, by=by, body={"with_id": COLLEAGUE.id, "right": "write"})


def given(record: Record, *, by: Principal = REP) -> Ask:
    """Ask for a record to be given to Rob."""
    return on(record, by=by, body={"owner_id": COLLEAGUE.id})


def voided(model: Any, verb: Callable[..., Any]) -> Any:
    """Return a record of Rita's as it is after she voided it."""
    return verb(model.id, version=None, by=REP)


def a_transfer(world: World) -> dict[str, Any]:
    """Return four pieces on their way from one warehouse to another."""
    product, near, far = world.kept_product(), world.warehouse(), world.warehouse()
    world.received(product.id, near.id, 10)
    return {
        "type": "TRANSFER",
        "reference": world.name("T"),
        "product": product.code,
        "warehouse": near.code,
        "into": far.code,
        "quantity": 4,
    }


def a_receipt(world: World) -> dict[str, Any]:
    """Return all of a supply coming in."""
    supply = world.supply()
    return {
        "type": "RECEIPT",
        "reference": world.name("GRN"),
        "product": supply.product_id,
        "warehouse": supply.warehouse_id,
        "quantity": supply.quantity,
        "supply": supply.reference,
    }


PRICE: Final = {"amount": "10.00", "currency": "CNY"}
WHY: Final = {"reason": "no budget"}

Row = Callable[[World], Ask]
