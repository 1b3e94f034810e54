"""How a product is kept in a warehouse: back-orders, the reorder point, ordering anew."""

from typing import Any

from chalicelib.core import decisions, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory.counters import Shift, shift
from chalicelib.sales.inventory.models import StockRule, Warehouse, rule_id


def rule(product_id: str, warehouse_id: str) -> StockRule:
    """Return how a product is kept in a warehouse; until operations decide (version 0), the defaults.

    NotFound without such a product or warehouse.
    """
    found_id = rule_id(product_id, warehouse_id)
    if found := StockRule.find(found_id):
        return found
    catalog.product(product_id)
    Warehouse.fetch(warehouse_id)
    return StockRule(found_id, product_id=product_id, warehouse_id=warehouse_id, version=0)


def set_rule(
    product_id: str, warehouse_id: str, *, version: int | None, by: Principal, **decided: Any
) -> StockRule:
    """Decide how a product is kept in a warehouse. Its unit cost values what is there from now on.

    Blocked for a product that is not stock-kept.
    """
    found = rule(product_id, warehouse_id)
    expect(found, version)
    if not catalog.product(product_id).stocked:
        raise errors.Blocked(FieldError("product_id", "not_stocked"))
    step = Step(by=by.id)
    decisions.put(step, found, **decided)
    shift(step, product_id, warehouse_id, Shift(), unit_cost=decided.get("unit_cost"))
    step.commit()
    return found


def rules(warehouse_id: str, **paging: Any) -> Page[StockRule]:
    """Return a page of how products are kept in a warehouse. One Query."""
    Warehouse.fetch(warehouse_id)
    of_kind = StockRule.id.between("stock_rule_", "stock_rule_Z~")
    query = StockRule.by_warehouse.query
    return page(query, warehouse_id, between=of_kind, newest_first=False, **paging)
