"""What another order may have of a product: by warehouse and together, of many products in a few reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
class Availability:
    """Units of a product in all warehouses that serve. Of one that is not `stocked` none are counted."""

    product_id: str
    stocked: bool
    warehouses: list[Standing]

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
        """Units that another order may have now."""
        return sum(max(0, each.available) for each in self.warehouses)


def availability(product_ids: Iterable[str]) -> dict[str, Availability]:
    """Return what may be had of products that exist, by id.

    One Query for the warehouses and one BatchGet for each hundred pairs of product and warehouse.
    """
    products = catalog.known(product_ids)
    places = warehouses.serving()
    kept = [product_id for product_id, product in products.items() if product.stocked]
    stood = standing(kept, places)
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
