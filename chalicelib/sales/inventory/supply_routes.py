"""Supplies over HTTP. What comes of them is told as movements (`routes`)."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Supply
from chalicelib.sales.inventory.supply_schemas import (
    NewSupply,
    SupplyCancelled,
    SupplyChange,
    SupplyQuery,
    SupplyView,
)

supplies = Room("supplies", prefix="/supplies")


@supplies.post("", needs="supplies:configure", body=NewSupply, answers=SupplyView, status=201)
def add_supply(call: Call[NewSupply, NoQuery]) -> Answer:
    """Note what a supplier is to deliver, and when."""
    made = service.add_supply(call.body.values(), by=call.who)
    return created(made)


@supplies.get("", needs="inventory:read", query=SupplyQuery, answers=SupplyView, listed=True)
def list_supplies(call: Call[None, SupplyQuery]) -> Page[Supply]:
    """List what is to come of a product or into a warehouse, the soonest first; or what is through."""
    which = {name: getattr(call.query, name) for name in ("product_id", "warehouse_id", "state")}
    return service.supplies(**which, **call.page)


@supplies.get("/{supply_id}", needs="inventory:read", answers=SupplyView)
def read_supply(call: Call[None, NoQuery], supply_id: str) -> Supply:
    """Read a supply."""
    return service.supply(supply_id)


@supplies.patch("/{supply_id}", needs="supplies:configure", body=SupplyChange, answers=SupplyView)
def change_supply(call: Call[SupplyChange, NoQuery], supply_id: str) -> Supply:
    """Change what is to come of a supply, and when."""
    return service.change_supply(supply_id, version=call.version, by=call.who, **call.body.values())


@supplies.post("/{supply_id}/cancel", needs="supplies:configure", body=SupplyCancelled, answers=SupplyView)
def cancel_supply(call: Call[SupplyCancelled, NoQuery], supply_id: str) -> Supply:
    """Expect nothing more of a supply."""
    return service.cancel_supply(supply_id, reason=call.body.reason, version=call.version, by=call.who)
