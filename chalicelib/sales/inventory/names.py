"""What requests of other systems name: products and warehouses by their code or id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core import ids
from chalicelib.core.errors import FieldError
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import warehouses
from chalicelib.sales.inventory.models import Warehouse

#: A reference of another system stands for itself: what is derived from it has no parent to take a time from.
REFERENCE: Final = "reference_" + "0" * 26


@dataclass(frozen=True, slots=True)
class Names:
    """What may be named: products by id or code, warehouses by id or code."""

    products: Mapping[str, Any]
    warehouses: Mapping[str, Warehouse]

    @classmethod
    def of(cls, named: set[str]) -> "Names":
        """Look products up, many in a few reads, and all warehouses."""
        codes = catalog.by_codes(name for name in named if not ids.is_id(name))
        found = catalog.known({*codes.values(), *filter(ids.is_id, named)})
        by_code = {code: found[product_id] for code, product_id in codes.items() if product_id in found}
        return cls({**found, **by_code}, warehouses.by_name(warehouses.everywhere()))


def wrong(*, product: Any, at: Warehouse | None) -> list[FieldError]:
    """Return what is wrong with a product and a warehouse that were found by their names, or not."""
    found = []
    if product is None:
        found.append(FieldError("product", "unknown_reference"))
    elif not product.stocked:
        found.append(FieldError("product", "not_stocked"))
    if at is None:
        found.append(FieldError("warehouse", "unknown_reference"))
    return found
