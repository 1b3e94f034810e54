"""What has fallen to its reorder point 低库存, warehouse by warehouse: for whoever looks over all of them."""

from dataclasses import dataclass

from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import warehouses
from chalicelib.sales.inventory.availability import standing
from chalicelib.sales.inventory.models import Warehouse
from chalicelib.sales.inventory.rules import rules


@dataclass(frozen=True, slots=True)
class Low:
    """A product of which no more than its reorder point is available in a warehouse."""

    product: str
    warehouse: str
    available: int
    reorder_point: int


def low(*, limit: int) -> list[Low]:
    """Return what is low in the warehouses that serve, of the first `limit` products kept in each.

    One Query for the warehouses, and three reads for each of them, of which there are few.
    """
    return [each for place in warehouses.serving() for each in _in(place, limit)]


def _in(place: Warehouse, limit: int) -> list[Low]:
    points: dict[str, int | None] = {
        rule.product_id: rule.reorder_point for rule in rules(place.id, limit=limit, after=None).items
    }
    watched = {product_id: point for product_id, point in points.items() if point is not None}
    named, stood = catalog.on_sale(watched), standing(list(watched), [place])
    units = {each.product_id: each.available for each in stood.values()}
    return [
        Low(named[product_id].name, place.name, units.get(product_id, 0), point)
        for product_id, point in watched.items()
        if product_id in named and units.get(product_id, 0) <= point
    ]
