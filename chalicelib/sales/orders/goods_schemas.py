"""What clients send and see of goods that go out and come back."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import Day, Line, MoneyShape, PastDay, Shape, View, unfit
from chalicelib.sales.orders.lines import MOST_NUMBER

#: A person, in so few letters that an order's parts stay within an item (`recording.MOST_GOODS`).
Name = Annotated[Line, Field(max_length=80)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
LineNumber = Annotated[int, Field(strict=True, ge=1, le=MOST_NUMBER)]


class PiecesIn(Shape):
    """How many pieces of a line."""

    number: LineNumber
    quantity: Quantity


def _each_once(lines: list[PiecesIn]) -> list[PiecesIn]:
    if len({line.number for line in lines}) < len(lines):
        raise unfit("line_twice")
    return lines


Pieces = Annotated[list[PiecesIn], Field(min_length=1), AfterValidator(_each_once)]


class NewShipment(Shape):
    """What goes out. Without lines: all that is open. The same reference again changes nothing."""

    reference: Line
    lines: Pieces | None = None
    shipped_on: PastDay | None = None
    carrier: Line | None = None
    tracking: Line | None = None


class Delivery(Shape):
    """Which shipment reached the customer, when (today, unless said), and who took it."""

    reference: Line
    delivered_on: PastDay | None = None
    received_by: Name | None = None


class PiecesView(View):
    """How many pieces of a line."""

    number: int
    quantity: int


class ShipmentView(View):
    """A part that went out."""

    reference: str
    shipped_on: Day
    lines: list[PiecesView]
    carrier: str | None
    tracking: str | None
    delivered_on: Day | None
    received_by: str | None


class NewReturn(Shape):
    """What came back. Without lines: all that may. The same reference again changes nothing."""

    reference: Line
    reason: Line
    lines: Pieces | None = None
    returned_on: PastDay | None = None
    restock: bool = True


class ReturnView(View):
    """A part that came back; `amount` is owed less for it."""

    reference: str
    returned_on: Day
    lines: list[PiecesView]
    amount: MoneyShape
    reason: str
    restocked: bool


class KeptView(View):
    """Units of a product that one warehouse keeps for the order: there, awaited, gone out."""

    product_id: str
    warehouse_id: str
    reserved: int
    waiting: int
    taken: int


class OrderStockView(View):
    """What is kept for an order; empty when nothing of it is stock-kept, or before its activation."""

    items: list[KeptView]
