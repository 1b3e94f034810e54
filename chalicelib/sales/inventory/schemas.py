"""What clients send and see of warehouses, stock and movements."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from chalicelib.core import ids
from chalicelib.core.shapes import (
    Code,
    Id,
    Instant,
    Line,
    ListQuery,
    MoneyShape,
    PastInstant,
    Price,
    Shape,
    Text,
    View,
    kept,
    unfit,
)

Status = Literal["ACTIVE", "RETIRED"]
Told = Literal["RECEIPT", "ISSUE", "ADJUSTMENT", "COUNT", "TRANSFER"]
#: The most units that one movement tells of: some billions of them still add up exactly.
MOST_UNITS: Final = 10**9
#: Products that one question of availability names.
MOST_ASKED: Final = 100

Rank = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Days = Annotated[int, Field(strict=True, ge=0, le=730)]
Units = Annotated[int, Field(strict=True, ge=-MOST_UNITS, le=MOST_UNITS)]
Some = Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS)]
None_Or_Some = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
#: The code or the id of a product or a warehouse.
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_\-]*$")]


class NewWarehouse(Shape):
    """A warehouse to add. `code` is unique; orders are served from the lowest `rank` first.

    `keeper_id` is the user who is told when stock runs low.
    """

    code: Code
    name: Line
    keeper_id: Id
    rank: Rank = 100


class WarehouseChange(Shape):
    """What to change of a warehouse; fields left out stay. A RETIRED one serves no new order."""

    name: Line = kept()
    keeper_id: Id = kept()
    rank: Rank = kept()
    status: Status = kept()


class WarehouseView(View):
    """A warehouse."""

    id: str
    code: str
    name: str
    keeper_id: str
    rank: int
    status: Status
    version: int
    created_at: Instant
    updated_at: Instant


class Rule(Shape):
    """How a product is kept in a warehouse. `service_bps`: in how many of 10,000 cases it shall last."""

    back_order: bool = False
    reorder_point: None_Or_Some | None = None
    lead_days: Days = 14
    review_days: Annotated[int, Field(strict=True, ge=1, le=730)] = 30
    lot: Some = 1
    service_bps: Annotated[int, Field(strict=True, ge=5_000, le=9_999)] = 9_500
    unit_cost: Price | None = None

    def decided(self) -> dict[str, Any]:
        """Return all of it: what is left out is decided to be the default."""
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        return {**defaults, **self.values()}


class RuleView(View):
    """How a product is kept in a warehouse; version 0 until operations decide."""

    id: str
    product_id: str
    warehouse_id: str
    back_order: bool
    reorder_point: int | None
    lead_days: int
    review_days: int
    lot: int
    service_bps: int
    unit_cost: MoneyShape | None
    version: int


class NewMovement(Shape):
    """What moved, under a `reference` of yours: sent again, nothing happens.

    `quantity` of a COUNT is what was found, of an ADJUSTMENT what is more or (below zero) less than
    was thought, else what moved. `product`, `warehouse` and `into` (of a TRANSFER) are codes or ids.
    `supply` is the id or reference of the supply that a RECEIPT is part of.
    """

    type: Told
    reference: Line
    product: Name
    warehouse: Name
    quantity: Units
    into: Name | None = None
    supply: Line | None = None
    happened_at: PastInstant | None = None
    note: Text | None = None


class NewMovements(Shape):
    """Up to 100 movements; each is checked and recorded by itself."""

    movements: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=100)]


class MovementView(View):
    """Units that came into a warehouse (`units` above zero) or left it."""

    id: str
    type: str
    reference: str
    product_id: str
    warehouse_id: str
    other_warehouse_id: str | None
    quantity: int
    units: int
    happened_at: Instant
    order_id: str | None
    supply_id: str | None
    note: str | None
    created_at: Instant


class RecordedView(View):
    """What is recorded under a reference; `repeated`: it was before."""

    reference: str
    repeated: bool
    movements: list[MovementView]


class BatchItem(View):
    """What became of one movement of a batch: `status` as by itself, `recorded` or `problem`."""

    status: int
    recorded: RecordedView | None = None
    problem: dict[str, Any] | None = None


class BatchView(View):
    """What became of a batch, in its order."""

    items: list[BatchItem]
    recorded: int
    repeated: int
    refused: int


class MovementQuery(ListQuery):
    """Whose movements to list: a product's, a warehouse's, or of one in the other."""

    product_id: Id | None = None
    warehouse_id: Id | None = None


class StockQuery(Shape):
    """Of which product."""

    product_id: Id
    fields: Annotated[str, Field(max_length=500)] | None = None


def _ids(text: str) -> str:
    named = text.split(",")
    if len(named) > MOST_ASKED:
        raise unfit("too_many_products", most=MOST_ASKED)
    if not all(map(ids.is_id, named)):
        raise unfit("ids")
    return text


class AvailabilityQuery(Shape):
    """Of which products: their ids, parted by commas, at most 100."""

    product_ids: Annotated[str, Field(max_length=70 * MOST_ASKED), AfterValidator(_ids)]
    fields: Annotated[str, Field(max_length=500)] | None = None


class StandingView(View):
    """Units of a product in one warehouse; `available` below zero: orders wait for so many."""

    warehouse_id: str
    warehouse: str
    on_hand: int
    reserved: int
    waiting: int
    available: int


class PartView(View):
    """A part of a bundle: units of it for one, and those that may be had."""

    product_id: str
    quantity: int
    available: int


class AvailabilityView(View):
    """What may be had of a product, together and by warehouse.

    `limited`: what is there limits it, of the product itself or, of a bundle that is not `stocked`
    itself, of its `parts`.
    """

    product_id: str
    stocked: bool
    limited: bool
    on_hand: int
    reserved: int
    waiting: int
    available: int
    warehouses: list[StandingView]
    parts: list[PartView]


class AvailabilitiesView(View):
    """What may be had of the products that exist, in the order of the question."""

    items: list[AvailabilityView]


class StockView(View):
    """What stands of a product in a warehouse."""

    id: str
    product_id: str
    warehouse_id: str
    on_hand: int
    reserved: int
    waiting: int
    free: int
    available: int
    version: int
    updated_at: Instant
