"""What stock needs around it: a product that is kept, warehouses, units in them, orders for them."""

from typing import Any

from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import service
from chalicelib.sales.inventory.models import Movement, Reservation, Stock, Warehouse, stock_id
from tests.client import OPERATIONS


def product(code: str = "GTX", *, stocked: bool = True, **details: Any) -> str:
    """Return the id of a product that is kept in warehouses."""
    price = Money(100_000, "CNY")
    made = catalog.add_product(
        code=code, name=f"{code} 仪器", list_price=price, stocked=stocked, by=SYSTEM, **details
    )
    return made.id


def bundle(code: str, *, stocked: bool = False, **pieces: int) -> str:
    """Return the id of a bundle of products, by code, with so many pieces of each."""
    known = catalog.by_codes(pieces)
    parts = [{"product_id": known[each], "quantity": n, "least": n, "most": n} for each, n in pieces.items()]
    return product(code, stocked=stocked, components=parts)


def warehouse(code: str = "SZ", *, rank: int = 100) -> Warehouse:
    """Return a warehouse that Olga of operations keeps."""
    return service.add_warehouse(
        code=code, name=f"{code} 仓", rank=rank, keeper_id=OPERATIONS.id, by=OPERATIONS
    )


def moved(kind: str, quantity: int, *, at: str = "SZ", of: str = "GTX", **told: Any) -> Any:
    """Record a movement; its reference is its own unless told."""
    asked = {"type": kind, "product": of, "warehouse": at, "quantity": quantity}
    return service.record({"reference": f"{kind} {quantity} {at} {of}", **asked, **told}, by=OPERATIONS)


def allow_back_orders(product_id: str, warehouse_id: str, **decided: Any) -> None:
    """Let a product be promised by a warehouse when it is not there."""
    service.set_rule(product_id, warehouse_id, version=0, by=OPERATIONS, **({"back_order": True} | decided))


def order_id(number: int) -> str:
    """Return the id of an order; the later the larger."""
    return f"order_{number:026d}"


def reserve(number: int, *lines: tuple[str, int]) -> None:
    """Promise units to an order."""
    step = Step(by=SYSTEM.id)
    service.reserve(step, order_id=order_id(number), units=dict(lines))
    step.commit()


def release(number: int, *product_ids: str) -> None:
    """Let an order's units go."""
    step = Step(by=SYSTEM.id)
    service.release(step, order_id=order_id(number), product_ids=product_ids)
    step.commit()


def take_out(number: int, product: str, units: int, reference: str = "s-1") -> None:
    """Send units of an order out."""
    step = Step(by=SYSTEM.id)
    service.take_out(step, order_id=order_id(number), reference=reference, quantities={product: units})
    step.commit()


def stands(product_id: str, at: Warehouse) -> tuple[int, int, int, int]:
    """Return what is on hand, reserved, waiting and available."""
    found = Stock.fetch(stock_id(product_id, at.id))
    return found.on_hand, found.reserved, found.waiting, found.available


def kept(number: int, *product_ids: str) -> list[tuple[int, int, int]]:
    """Return what is there for an order, awaited, and gone, by warehouse."""
    found = service.promised(order_id(number), product_ids)
    return [(each.reserved, each.waiting, each.taken) for each in found]


def all_of(model: type[Stock] | type[Movement] | type[Reservation]) -> list[Any]:
    """Return every item of a kind."""
    return [
        each
        for each in model.scan(model.id.startswith(f"{model.kind}_"))
        if len(each.id) == len(model.kind) + 27
    ]
