"""Goods of orders over HTTP: what goes out, comes back, and is kept."""

from typing import Any

from chalicelib.core.endpoint import Call
from chalicelib.core.shapes import NoQuery
from chalicelib.core.web import Room
from chalicelib.sales.orders import service
from chalicelib.sales.orders.goods_schemas import Delivery, NewReturn, NewShipment, OrderStockView
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.schemas import OrderView

goods = Room("order_goods", prefix="/orders")


@goods.get("/{order_id}/stock", needs="orders:read", answers=OrderStockView)
def read_order_stock(call: Call[None, NoQuery], order_id: str) -> dict[str, Any]:
    """Read what the warehouses keep for an order: there, awaited, gone out."""
    return {"items": service.kept(service.order(order_id, who=call.who))}


@goods.post("/{order_id}/shipments", needs="orders:write", body=NewShipment, answers=OrderView)
def ship_order(call: Call[NewShipment, NoQuery], order_id: str) -> Order:
    """Record that a part, or all that is open, went out."""
    return service.ship(order_id, **call.body.values(), version=call.version, by=call.who)


@goods.post("/{order_id}/shipments/deliver", needs="orders:write", body=Delivery, answers=OrderView)
def deliver_order(call: Call[Delivery, NoQuery], order_id: str) -> Order:
    """Confirm that a shipment reached the customer."""
    return service.deliver(order_id, **call.body.values(), version=call.version, by=call.who)


@goods.post("/{order_id}/returns", needs="orders:write", body=NewReturn, answers=OrderView)
def return_order(call: Call[NewReturn, NoQuery], order_id: str) -> Order:
    """Record that a part, or all that may, came back."""
    return service.return_goods(order_id, **call.body.values(), version=call.version, by=call.who)
