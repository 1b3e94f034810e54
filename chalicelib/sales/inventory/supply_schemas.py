"""What clients send and see of supplies."""

from typing import Literal

from pydantic import Field

from chalicelib.core.shapes import Day, Id, Instant, Line, ListQuery, Shape, Text, View, kept
from chalicelib.sales.inventory.schemas import Name, Some

Status = Literal["EXPECTED", "PARTIALLY_RECEIVED", "RECEIVED", "CANCELLED"]


class NewSupply(Shape):
    """What a supplier is to deliver; `reference` is that of the order there, and unique.

    `product` and `warehouse` are codes or ids.
    """

    reference: Line
    product: Name
    warehouse: Name
    quantity: Some
    expected_on: Day
    supplier: Line | None = None
    note: Text | None = None


class SupplyChange(Shape):
    """What to change of a supply that is to come; fields left out stay, null clears supplier and note."""

    quantity: Some = kept()
    expected_on: Day = kept()
    supplier: Line | None = None
    note: Text | None = None


class SupplyCancelled(Shape):
    """Why nothing more is to come."""

    reason: Line


class SupplyView(View):
    """A supply: `received` of `quantity`, `open` units to come, `overdue` when they should be here."""

    id: str
    status: Status
    reference: str
    supplier: str | None
    product_id: str
    warehouse_id: str
    quantity: int
    received: int
    open: int
    expected_on: Day
    overdue: bool = Field(validation_alias="is_overdue")
    note: str | None
    cancelled_on: Day | None
    cancel_reason: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class SupplyQuery(ListQuery):
    """Whose supplies to list: a product's or a warehouse's; those to come, or those that are through."""

    product_id: Id | None = None
    warehouse_id: Id | None = None
    state: Literal["OPEN", "CLOSED"] = "OPEN"
