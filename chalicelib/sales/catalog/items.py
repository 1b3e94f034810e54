"""From lines asked for to the items that they are of: a product put together, and each of its options."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.catalog import configuration
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.catalog.shelf import Shelf

Asked = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One line to come: `field` is what a mistake in it is told by, `contents` what one bundle holds."""

    asked: int
    field: str
    name: str
    quantity: int
    product: Product | None
    unit_price: Money | None = None
    discount_bps: int = 0
    is_option: bool = False
    contents: Sequence[tuple[str, int]] = ()

    @property
    def own_price(self) -> bool:
        """Whether the price is its own, and not that of what it holds."""
        return not (self.product and self.product.price_from_components)


def items_of(
    asked: Sequence[Asked], found: Shelf, field: str, *, sold: bool
) -> tuple[list[FieldError], list[Item]]:
    """Return what is wrong with lines asked for, and the items of those that are right."""
    wrong: list[FieldError] = []
    items: list[Item] = []
    for at, line in enumerate(asked):
        where = f"{field}.{at}"
        mistakes = list(_wrong(line, found, where, sold=sold))
        wrong += mistakes
        if not mistakes:
            items += _configured(line, at, found, where)
    return wrong, items


def _wrong(line: Asked, found: Shelf, field: str, *, sold: bool) -> Iterator[FieldError]:
    price = line.get("unit_price")
    if price and price.currency != found.market.currency:
        yield FieldError(f"{field}.unit_price", "currency_mismatch")
    if not line.get("product_id"):
        yield from (FieldError(f"{field}.{name}", "missing") for name in _needed(line))
        return
    product = found.products.get(line["product_id"])
    if product is None:
        yield FieldError(f"{field}.product_id", "unknown_reference")
    elif product.type == "TEMPLATE" and not sold:
        yield FieldError(f"{field}.product_id", "choose_variant")
    elif not sold:
        yield from _misconfigured(line, product, found, field)


def _misconfigured(line: Asked, product: Product, found: Shelf, field: str) -> Iterator[FieldError]:
    options = line.get("options") or ()
    yield from configuration.choices_wrong(product, options, field=f"{field}.options")
    yield from (
        FieldError(f"{field}.options.{at}.product_id", "unknown_reference")
        for at, each in enumerate(options)
        if each["product_id"] not in found.products
    )
    parts = line.get("components") or ()
    yield from configuration.components_wrong(product, parts, field=f"{field}.components")
    if not all(each["product_id"] in found.products for each in product.components):
        yield FieldError(f"{field}.product_id", "component_gone")


def _needed(line: Asked) -> list[str]:
    return [name for name in ("name", "unit_price") if not line.get(name)]


def _configured(line: Asked, at: int, found: Shelf, field: str) -> Iterator[Item]:
    product = found.products.get(line.get("product_id") or "")
    bps = line.get("discount_bps") or 0
    yield Item(
        asked=at,
        field=field,
        name=line.get("name") or (product.name if product else ""),
        quantity=line["quantity"],
        product=product,
        unit_price=line.get("unit_price"),
        discount_bps=bps,
        contents=configuration.contents(product, line.get("components") or ()) if product else (),
    )
    for number, option in enumerate(line.get("options") or ()):
        chosen = found.products[option["product_id"]]
        quantity = option["quantity"] * line["quantity"]
        where = f"{field}.options.{number}"
        yield Item(at, where, chosen.name, quantity, chosen, discount_bps=bps, is_option=True)
