"""All that is needed to price some lines, read in a bounded number of calls.

Two Queries (price books and promotions in the currency), a BatchGet of the products named, one of
what their bundles hold, and a BatchGet for each hundred prices: a price for each product in each
book that holds for the customer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as pairs
from typing import Any, TypeVar

from chalicelib.core.table import all_of
from chalicelib.sales.catalog.models import Offer, Price, PriceBook, Product, Promotion, offer_key
from chalicelib.sales.catalog.offers import Market, by_precedence, holds
from chalicelib.sales.catalog.tiers import tier_at

O = TypeVar("O", bound=Offer)  # noqa: E741 - the kind of offer


@dataclass(frozen=True, slots=True)
class Tag:
    """What one piece costs: `base` for a single one, `minor` in the tier that `start` pieces reach."""

    kind: str
    source_id: str
    base: int
    minor: int
    start: int = 1


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is on sale in a market: products, their prices in the books that hold, promotions.

    `prices` are by product, in the order in which books win.
    """

    market: Market
    products: Mapping[str, Product]
    prices: Mapping[str, Sequence[Price]]
    promotions: Sequence[Promotion]

    def tag(self, product_id: str, pieces: int) -> Tag | None:
        """Return a product's price of one piece when so many are bought, None when it has none here."""
        for price in self.prices.get(product_id, ()):
            tier = tier_at(price.tiers, pieces)
            base = price.tiers[0]["price_minor"]
            return Tag("BOOK", price.id, base, tier["price_minor"], tier["from"])
        listed = self.products[product_id].list_price
        if listed.currency != self.market.currency:
            return None
        return Tag("LIST", product_id, listed.minor, listed.minor)


def shelf(asked: Iterable[Mapping[str, Any]], market: Market, *, retired: bool = False) -> Shelf:
    """Return what some lines name, as it is on sale in a market. What is not on sale is not there,
    unless what is `retired` is asked for too.
    """
    books = by_precedence(_offers(PriceBook, market), market)
    promotions = [each for each in _offers(Promotion, market) if holds(each, market)]
    products = _products(_named(asked), retired=retired)
    parts = {part["product_id"] for each in products.values() for part in each.components}
    products |= _products(parts - products.keys(), retired=retired)
    found = Price.fetch_many(Price.id_of(book.id, each) for book, each in pairs(books, products))
    return Shelf(market, products, _in_order(found, books, products), promotions)


def _offers(kind: type[O], market: Market) -> list[O]:
    lasting = kind.offered_until >= market.on.isoformat()
    return all_of(kind.by_offer.query, offer_key(kind.kind, market.currency), range_key_condition=lasting)


def _named(asked: Iterable[Mapping[str, Any]]) -> set[str]:
    found: set[str] = set()
    for line in asked:
        found |= {
            each["product_id"] for each in (line, *(line.get("options") or ())) if each.get("product_id")
        }
    return found


def _products(product_ids: Iterable[str], *, retired: bool) -> dict[str, Product]:
    found = Product.fetch_many(product_ids)
    return {product_id: each for product_id, each in found.items() if retired or each.status == "ACTIVE"}


def _in_order(
    found: Mapping[str, Price], books: Sequence[PriceBook], products: Iterable[str]
) -> dict[str, list[Price]]:
    ordered = {each: [found.get(Price.id_of(book.id, each)) for book in books] for each in products}
    return {
        product_id: [price for price in prices if price is not None and price.status == "ACTIVE"]
        for product_id, prices in ordered.items()
    }
