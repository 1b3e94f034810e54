"""What one does with stock: here reading what stands; the rest beside, each named for what it does."""

from typing import Any

from chalicelib.core.table import Page, page
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory.availability import Availability, availability, parts_in
from chalicelib.sales.inventory.low import Low, low
from chalicelib.sales.inventory.models import Reservation, Stock, Supply, Warehouse
from chalicelib.sales.inventory.movements import movements, record
from chalicelib.sales.inventory.promises import give_back, promised, put_back, release, reserve, take_out
from chalicelib.sales.inventory.rules import rule, rules, set_rule
from chalicelib.sales.inventory.supplies import (
    add_supply,
    awaited,
    cancel_supply,
    change_supply,
    supplies,
    supply,
)
from chalicelib.sales.inventory.warehouses import (
    add_warehouse,
    change_warehouse,
    everywhere,
    warehouse,
    warehouses,
)

__all__ = [
    "Availability",
    "Low",
    "Reservation",
    "Supply",
    "add_supply",
    "add_warehouse",
    "availability",
    "awaited",
    "cancel_supply",
    "change_supply",
    "change_warehouse",
    "everywhere",
    "give_back",
    "low",
    "movements",
    "parts_in",
    "promised",
    "put_back",
    "record",
    "release",
    "reserve",
    "rule",
    "rules",
    "set_rule",
    "stock",
    "stock_in",
    "supplies",
    "supply",
    "take_out",
    "warehouse",
    "warehouses",
]


def stock(product_id: str) -> Availability:
    """Return what may be had of a product, by warehouse and together. NotFound when there is none."""
    catalog.product(product_id)
    return availability([product_id])[product_id]


def stock_in(warehouse_id: str, **paging: Any) -> Page[Stock]:
    """Return a page of what stands in a warehouse. One Query."""
    Warehouse.fetch(warehouse_id)
    of_kind = Stock.id.between("stock_", "stock_Z~")
    query = Stock.by_warehouse.query
    return page(query, warehouse_id, between=of_kind, newest_first=False, **paging)
