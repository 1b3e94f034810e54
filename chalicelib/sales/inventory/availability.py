"""What another order may have of a product: by warehouse and together, of many products in a few reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import warehouses
from chalicelib.sales.inventory.allocation import Shelf
from chalicelib.sales.inventory.models import Stock, StockRule, Warehouse, rule_id, stock_id


@dataclass(frozen=True, slots=True)
class Standing:
    """Units of a product in one warehouse."""

    warehouse_id: str
    warehouse: str
    on_hand: int
    reserved: int
    waiting: int
    available: int


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a bundle that is kept in stock: units of it for one bundle, and those available."""

    product_id: str
    quantity: int
    available: int


@dataclass(frozen=True, slots=True)
class Availability:
    """Units of a product in all warehouses that serve. Of one that is not `stocked` none are counted.

    A bundle that is not stocked itself has the `parts` of it that are.
    """

    product_id: str
    stocked: bool
    warehouses: list[Standing]
    parts: Sequence[Held] = ()

    @property
    def limited(self) -> bool:
        """Whether what is there limits what may be had: of the product itself, or of its parts."""
        return self.stocked or bool(self.parts)

    @property
    def on_hand(self) -> int:
        """Units that are there."""
        return sum(each.on_hand for each in self.warehouses)

    @property
    def reserved(self) -> int:
        """Units of them that are promised."""
        return sum(each.reserved for each in self.warehouses)

    @property
    def waiting(self) -> int:
        """Units that are promised and not there yet."""
        return sum(each.waiting for each in self.warehouses)

    @property
    def available(self) -> int:
        """Units that another order may have now; of a bundle as many as its parts make."""
        if self.parts:
            return min(each.available // each.quantity for each in self.parts)
        return sum(max(0, each.available) for each in self.warehouses)


def availability(product_ids: Iterable[str]) -> dict[str, Availability]:
    """Return what may be had of products that exist, by id; of bundles, as they are put together usually.

    One Query for the warehouses and one BatchGet for each hundred pairs of product and warehouse.
    """
    asked = catalog.known(product_ids)
    inside = {product_id: catalog.parts(product) for product_id, product in asked.items()}
    products = asked | catalog.known({each for held in inside.values() for each in held} - asked.keys())
    found = _of_products(products)
    return {each: replace(found[each], parts=parts_in(inside[each], found)) for each in asked}


def parts_in(held: Mapping[str, int], found: Mapping[str, Availability]) -> list[Held]:
    """Return the parts of a bundle (units by product) that are kept in stock, of what was `found` of them."""
    kept = ((each, n) for each, n in held.items() if each in found and found[each].stocked)
    return [Held(each, n, found[each].available) for each, n in kept]


def _of_products(products: Mapping[str, Any]) -> dict[str, Availability]:
    places = warehouses.serving()
    stood = standing([each for each, product in products.items() if product.stocked], places)
    return {
        product_id: Availability(
            product_id,
            product.stocked,
            [
                _at(place, stood[found])
                for place in places
                if (found := stock_id(product_id, place.id)) in stood
            ],
        )
        for product_id, product in products.items()
    }


def standing(product_ids: Sequence[str], places: Sequence[Warehouse]) -> dict[str, Stock]:
    """Return what stands of products in warehouses, by id, as it is now."""
    wanted = {stock_id(product_id, place.id) for product_id in product_ids for place in places}
    return {found.id: found for found in Stock.batch_get(wanted, consistent_read=True)} if wanted else {}


def shelves(product_ids: Sequence[str], places: Sequence[Warehouse]) -> list[Shelf]:
    """Return what another order may have, in the order of serving, and where it may wait."""
    stood = standing(product_ids, places)
    rules = StockRule.fetch_many(
        rule_id(product_id, place.id) for product_id in product_ids for place in places
    )
    found = []
    for place in places:
        for product_id in product_ids:
            stock = stood.get(stock_id(product_id, place.id))
            rule = rules.get(rule_id(product_id, place.id))
            available = stock.available if stock else 0
            found.append(Shelf(product_id, place.id, available, bool(rule and rule.back_order)))
    return found


def _at(place: Warehouse, stock: Stock) -> Standing:
    return Standing(place.id, place.code, stock.on_hand, stock.reserved, stock.waiting, stock.available)
