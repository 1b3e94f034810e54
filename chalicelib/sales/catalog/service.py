"""What one does with products."""

from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.catalog.models import Product


def add_product(*, code: str, name: str, list_price: Money, by: Principal, **details: Any) -> Product:
    """Add a product. AlreadyExists when another has its code."""
    product = Product(code=code, name=name, list_price=list_price, **details)
    step = Step(by=by.id)
    step.create(product)
    step.claim(_code_key(code), product.id)
    step.commit()
    return product


def change_product(product_id: str, *, version: int | None, by: Principal, **changes: Any) -> Product:
    """Change a product's name, price, family, description or status."""
    product = Product.fetch(product_id)
    expect(product, version)
    step = Step(by=by.id)
    step.change(product, **changes)
    step.commit()
    return product


def product(product_id: str) -> Product:
    """Return a product. NotFound when there is none."""
    return Product.fetch(product_id)


def products(*, status: str, **paging: Any) -> Page[Product]:
    """Return products of a status, by name."""
    return page(Product.by_status.query, status, newest_first=False, **paging)


def sellable(product_ids: list[str], *, field: str) -> dict[str, Product]:
    """Return these products by id, or Invalid naming `field` when one is missing or retired."""
    found = Product.fetch_many(product_ids)
    for position, product_id in enumerate(product_ids):
        if product_id not in found or found[product_id].status != "ACTIVE":
            raise errors.Invalid.one(f"{field}.{position}.product_id", "unknown_reference")
    return found


def _code_key(code: str) -> str:
    return f"product|code|{code.lower()}"
