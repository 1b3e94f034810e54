"""What clients send and see of products."""

from typing import Literal

from chalicelib.core.shapes import (
    Code,
    Instant,
    Line,
    ListQuery,
    MoneyShape,
    Price,
    Shape,
    Text,
    View,
    kept,
)

Status = Literal["ACTIVE", "RETIRED"]


class NewProduct(Shape):
    """A product to add. `code` is the company's own and unique; `stocked`: warehouses keep units of it."""

    code: Code
    name: Line
    list_price: Price
    family: Line | None = None
    description: Text | None = None
    stocked: bool = False


class ProductChange(Shape):
    """What to change of a product; fields left out stay, null clears family and description."""

    name: Line = kept()
    list_price: Price = kept()
    family: Line | None = None
    description: Text | None = None
    status: Status = kept()
    stocked: bool = kept()


class ProductView(View):
    """A product."""

    id: str
    code: str
    name: str
    family: str | None
    description: str | None
    list_price: MoneyShape
    status: Status
    stocked: bool
    version: int
    created_at: Instant
    updated_at: Instant


class ProductQuery(ListQuery):
    """Which products to list."""

    status: Status = "ACTIVE"
