"""What one does with products."""

from collections.abc import Iterable
from typing import Any, cast

from chalicelib.core import errors, guards
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.core.table import Page, all_of, expect, page
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


def find_by_name_or_code(text: str) -> Product | None:
    """Return the product that has this name, or this code, or None."""
    named = all_of(Product.by_status.query, "ACTIVE", range_key_condition=Product.name == text, limit=1)
    if named:
        return cast(Product, named[0])
    holder = guards.holders([_code_key(text)]).get(_code_key(text))
    return Product.find(holder) if holder else None


def by_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return the ids of products by code, of those that exist. One read up to 100 codes."""
    keys = {code: _code_key(code) for code in codes}
    held = guards.holders(keys.values())
    return {code: held[key] for code, key in keys.items() if key in held}


def products(*, status: str, **paging: Any) -> Page[Product]:
    """Return products of a status, by name."""
    return page(Product.by_status.query, status, newest_first=False, **paging)


def known(product_ids: Iterable[str]) -> dict[str, Product]:
    """Return by id those of these products that exist, retired ones too."""
    return Product.fetch_many(product_ids)


def on_sale(product_ids: Iterable[str]) -> dict[str, Product]:
    """Return by id those of these products that exist and are ACTIVE."""
    found = known(product_ids)
    return {product_id: product for product_id, product in found.items() if product.status == "ACTIVE"}


def sellable(product_ids: list[str], *, field: str) -> dict[str, Product]:
    """Return these products by id, or Invalid naming `field` at each that is missing or retired."""
    found = on_sale(product_ids)
    wrong = [
        errors.FieldError(f"{field}.{position}.product_id", "unknown_reference")
        for position, product_id in enumerate(product_ids)
        if product_id not in found
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    return found


def _code_key(code: str) -> str:
    return f"product|code|{code.lower()}"
