"""A catalogue without tables: products, books and promotions for the rules alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.core.money import Money
from chalicelib.sales.catalog.models import Price, PriceBook, Product, Promotion
from chalicelib.sales.catalog.offers import Market
from chalicelib.sales.catalog.shelf import Shelf

DAY = date(2026, 11, 22)
MARKET = Market("CNY", DAY)


def product_id(number: int) -> str:
    """Return the id of a product by its number."""
    return f"product_{number:026d}"


def product(number: int, minor: int = 10_000, **details: Any) -> Product:
    """Return a product on sale."""
    given: dict[str, Any] = {"code": f"P{number}", "name": f"Product {number}", **details}
    return Product(product_id(number), list_price=Money(minor, given.pop("currency", "CNY")), **given)


def book(number: int = 0, **terms: Any) -> PriceBook:
    """Return a price book in CNY for everybody, unless said otherwise."""
    return PriceBook(f"price_book_{number:026d}", **{"name": f"Book {number}", "currency": "CNY", **terms})


def price(of: str, tiers: Mapping[int, int], within: PriceBook | None = None) -> Price:
    """Return a product's price in a book: minor units by the quantity from which they go."""
    found = within or book()
    rows = [{"from": start, "price_minor": minor} for start, minor in sorted(tiers.items())]
    return Price(
        Price.id_of(found.id, of), book_id=found.id, product_id=of, currency=found.currency, tiers=rows
    )


def promotion(number: int = 0, **terms: Any) -> Promotion:
    """Return a promotion in CNY for everybody and everything, unless said otherwise."""
    given = {"name": f"Promotion {number}", "currency": "CNY", **terms}
    return Promotion(f"promotion_{number:026d}", **given)


def shelf(
    products: Sequence[Product],
    *,
    prices: Mapping[str, Sequence[Price]] | None = None,
    promotions: Sequence[Promotion] = (),
    market: Market = MARKET,
) -> Shelf:
    """Return what is on sale."""
    return Shelf(market, {each.id: each for each in products}, prices or {}, list(promotions))
