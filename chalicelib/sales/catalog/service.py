"""What one does with products; prices (`pricing`), books and promotions, and limits stand beside."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from chalicelib.core import errors, guards
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.core.table import Page, all_of, expect, page
from chalicelib.sales.catalog import configuration, variants
from chalicelib.sales.catalog.configuration import goods, parts
from chalicelib.sales.catalog.inquiry import inquire
from chalicelib.sales.catalog.limits import (
    beyond,
    bps_off,
    deciders,
    is_beyond,
    is_unknown,
    margin,
    policy,
    set_policy,
)
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.catalog.price_books import (
    add_price_book,
    add_promotion,
    change_price_book,
    change_promotion,
    price_book,
    price_books,
    prices,
    promotion,
    promotions,
    set_prices,
)
from chalicelib.sales.catalog.pricing import priced_lines
from chalicelib.sales.catalog.steps import Content, PricedLine
from chalicelib.sales.catalog.steps import Step as PriceStep
from chalicelib.sales.catalog.today import Measure, measured_today

__all__ = [
    "Content",
    "Measure",
    "PriceStep",
    "PricedLine",
    "add_price_book",
    "add_product",
    "add_promotion",
    "beyond",
    "bps_off",
    "by_codes",
    "change_price_book",
    "change_product",
    "change_promotion",
    "deciders",
    "find_by_code_or_name",
    "goods",
    "inquire",
    "is_beyond",
    "is_unknown",
    "known",
    "margin",
    "measured_today",
    "on_sale",
    "parts",
    "policy",
    "price_book",
    "price_books",
    "priced_lines",
    "prices",
    "product",
    "products",
    "promotion",
    "promotions",
    "sellable",
    "set_policy",
    "set_prices",
]

#: What says how a product is put together.
_DEFINITION: Final = ("components", "price_from_components", "option_groups", "option_rules")


def add_product(*, code: str, name: str, list_price: Money, by: Principal, **details: Any) -> Product:
    """Add a product, a variant of a template, or a bundle.

    AlreadyExists when another has its code, or its template another variant with its attributes.
    Invalid for a template, components or options that cannot be.
    """
    template = variants.template_of(details)
    product = Product(code=code, name=name, list_price=list_price, **details)
    _require_sound(product, details)
    step = Step(by=by.id)
    step.create(product)
    step.claim(_code_key(code), product.id)
    if template:
        product.family = product.family or template.family
        variants.claim(step, product)
    step.commit()
    return product


def _require_sound(product: Product, changes: Mapping[str, Any]) -> None:
    """Raise Invalid, naming every field, unless a product is, with changes, sound in itself."""
    definition = {name: changes.get(name, getattr(product, name)) for name in _DEFINITION}
    wrong = list(_costs_wrong({"list_price": product.list_price, "cost": product.cost, **changes}))
    if not set(_DEFINITION).isdisjoint(changes):
        wrong += configuration.definition_wrong(definition, on_sale(_named(definition)))
    if product.axes and definition["components"]:
        wrong.append(FieldError("components", "template_alone"))
    if wrong:
        raise errors.Invalid(*wrong)


def _costs_wrong(values: Mapping[str, Any]) -> Iterable[FieldError]:
    cost, price = values["cost"], values["list_price"]
    if cost and cost.currency != price.currency:
        yield FieldError("cost", "currency_mismatch")


def _named(definition: Mapping[str, Any]) -> set[str]:
    choices = [each for group in definition["option_groups"] for each in group["choices"]]
    return {each["product_id"] for each in (*definition["components"], *choices)}


def change_product(product_id: str, *, version: int | None, by: Principal, **changes: Any) -> Product:
    """Change a product's name, price, cost, family, description, status, or what it is made of.

    Invalid for components or options that cannot be.
    """
    product = Product.fetch(product_id)
    expect(product, version)
    _require_sound(product, changes)
    step = Step(by=by.id)
    step.change(product, **changes)
    step.commit()
    return product


def product(product_id: str) -> Product:
    """Return a product. NotFound when there is none."""
    return Product.fetch(product_id)


def find_by_code_or_name(text: str) -> Product | None:
    """Return the product that has this code, or else this name, or None."""
    holder = guards.holders([_code_key(text)]).get(_code_key(text))
    if holder:
        return Product.find(holder)
    named = all_of(Product.by_status.query, "ACTIVE", range_key_condition=Product.name == text, limit=1)
    return cast(Product, named[0]) if named else None


def by_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return the ids of products by code, of those that exist. One read up to 100 codes."""
    keys = {code: _code_key(code) for code in codes}
    held = guards.holders(keys.values())
    return {code: held[key] for code, key in keys.items() if key in held}


def products(*, status: str = "ACTIVE", parent_id: str | None = None, **paging: Any) -> Page[Product]:
    """Return products of a status, or the variants of a template, by name."""
    if parent_id:
        return page(Product.by_parent.query, parent_id, newest_first=False, **paging)
    return page(Product.by_status.query, status, newest_first=False, **paging)


def known(product_ids: Iterable[str]) -> dict[str, Product]:
    """Return by id those of these products that exist, retired ones too."""
    return Product.fetch_many(product_ids)


def on_sale(product_ids: Iterable[str]) -> dict[str, Product]:
    """Return by id those of these products that exist and are ACTIVE."""
    found = known(product_ids)
    return {product_id: product for product_id, product in found.items() if product.status == "ACTIVE"}


def sellable(product_ids: list[str], *, field: str) -> dict[str, Product]:
    """Return these products by id, or Invalid naming `field` at each that is missing or retired.

    A template is not sold itself, only its variants are.
    """
    found = {each: product for each, product in on_sale(product_ids).items() if not product.axes}
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
