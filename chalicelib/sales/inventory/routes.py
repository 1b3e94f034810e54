"""Warehouses, stock and movements over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.inventory import batch, service
from chalicelib.sales.inventory.models import Movement, Stock, StockRule, Warehouse
from chalicelib.sales.inventory.schemas import (
    AvailabilitiesView,
    AvailabilityQuery,
    AvailabilityView,
    BatchView,
    MovementQuery,
    MovementView,
    NewMovement,
    NewMovements,
    NewWarehouse,
    RecordedView,
    Rule,
    RuleView,
    StockQuery,
    StockView,
    WarehouseChange,
    WarehouseView,
)
from chalicelib.sales.inventory.supply_routes import supplies

warehouses = Room("warehouses", prefix="/warehouses")
stock = Room("stock", prefix="/stock")
moves = Room("stock_movements", prefix="/stock-movements")
routes = (warehouses, stock, moves, supplies)


@warehouses.post("", needs="inventory:configure", body=NewWarehouse, answers=WarehouseView, status=201)
def add_warehouse(call: Call[NewWarehouse, NoQuery]) -> Answer:
    """Add a warehouse."""
    made = service.add_warehouse(**call.body.values(), by=call.who)
    return created(made)


@warehouses.get("", needs="inventory:read", query=ListQuery, answers=WarehouseView, listed=True)
def list_warehouses(call: Call[None, ListQuery]) -> Page[Warehouse]:
    """List warehouses by code."""
    return service.warehouses(**call.page)


@warehouses.get("/{warehouse_id}", needs="inventory:read", answers=WarehouseView)
def read_warehouse(call: Call[None, NoQuery], warehouse_id: str) -> Warehouse:
    """Read a warehouse."""
    return service.warehouse(warehouse_id)


@warehouses.patch("/{warehouse_id}", needs="inventory:configure", body=WarehouseChange, answers=WarehouseView)
def change_warehouse(call: Call[WarehouseChange, NoQuery], warehouse_id: str) -> Warehouse:
    """Change a warehouse."""
    return service.change_warehouse(warehouse_id, version=call.version, by=call.who, **call.body.values())


@warehouses.get(
    "/{warehouse_id}/stock", needs="inventory:read", query=ListQuery, answers=StockView, listed=True
)
def list_stock(call: Call[None, ListQuery], warehouse_id: str) -> Page[Stock]:
    """List what stands in a warehouse, product by product."""
    return service.stock_in(warehouse_id, **call.page)


@warehouses.get(
    "/{warehouse_id}/rules", needs="inventory:configure", query=ListQuery, answers=RuleView, listed=True
)
def list_rules(call: Call[None, ListQuery], warehouse_id: str) -> Page[StockRule]:
    """List how products are kept in a warehouse."""
    return service.rules(warehouse_id, **call.page)


@warehouses.get("/{warehouse_id}/rules/{product_id}", needs="inventory:configure", answers=RuleView)
def read_rule(call: Call[None, NoQuery], warehouse_id: str, product_id: str) -> StockRule:
    """Read how a product is kept in a warehouse; version 0 until operations decide."""
    return service.rule(product_id, warehouse_id)


@warehouses.put(
    "/{warehouse_id}/rules/{product_id}", needs="inventory:configure", body=Rule, answers=RuleView
)
def set_rule(call: Call[Rule, NoQuery], warehouse_id: str, product_id: str) -> StockRule:
    """Decide how a product is kept in a warehouse."""
    decided = call.body.decided()
    return service.set_rule(product_id, warehouse_id, version=call.version, by=call.who, **decided)


@stock.get("", needs="inventory:read", query=StockQuery, answers=AvailabilityView)
def read_stock(call: Call[None, StockQuery]) -> service.Availability:
    """Read what may be had of a product, by warehouse and together."""
    return service.stock(call.query.product_id)


@stock.get("/availability", needs="inventory:read", query=AvailabilityQuery, answers=AvailabilitiesView)
def read_availability(call: Call[None, AvailabilityQuery]) -> dict[str, list[service.Availability]]:
    """Read what may be had of up to 100 products, for a quote or an order."""
    asked = call.query.product_ids.split(",")
    found = service.availability(asked)
    return {"items": [found[each] for each in dict.fromkeys(asked) if each in found]}


@moves.post(
    "",
    needs="stock_movements:configure",
    body=NewMovement,
    answers=RecordedView,
    status=201,
    also={200: "Known already: it is recorded under this reference"},
    resumes=True,
)
def record_movement(call: Call[NewMovement, NoQuery]) -> Answer:
    """Record what came in, went out, was moved or counted; known references answer 200."""
    done = service.record(call.body.values(), by=call.who, origin=call.origin)
    return Answer(done, batch.status_of(done))


@moves.post("/batch", needs="stock_movements:configure", body=NewMovements, answers=BatchView, resumes=True)
def record_movements(call: Call[NewMovements, NoQuery]) -> BatchView:
    """Record up to 100 movements, each with a result of its own."""
    told = {"language": call.language, "request_id": call.request_id}
    return batch.record_all(call.body.movements, by=call.who, origin=call.origin, **told)


@moves.get("", needs="inventory:read", query=MovementQuery, answers=MovementView, listed=True)
def list_movements(call: Call[None, MovementQuery]) -> Page[Movement]:
    """List a product's movements, a warehouse's, or of one in the other, the latest first."""
    return service.movements(
        product_id=call.query.product_id, warehouse_id=call.query.warehouse_id, **call.page
    )
