"""What clients send of changes of approved orders."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import Line, Price, Shape, unfit
from chalicelib.sales.orders.amendments import MOST_ADDED
from chalicelib.sales.orders.goods_schemas import LineNumber, Quantity
from chalicelib.sales.orders.lines import MOST_LINES
from chalicelib.sales.orders.schemas import BasisPoints, NewOrderLine


class ChangedLine(Shape):
    """What becomes of a line, by its number; what is left out stays."""

    number: LineNumber
    quantity: Quantity | None = None
    unit_price: Price | None = None
    discount_bps: BasisPoints | None = None
    tax_bps: BasisPoints | None = None


def _each_once(lines: list[ChangedLine]) -> list[ChangedLine]:
    if len({line.number for line in lines}) < len(lines):
        raise unfit("line_twice")
    return lines


class NewAmendment(Shape):
    """Lines to change, to add, and (by number) to drop, and why."""

    reason: Line
    change: Annotated[list[ChangedLine], Field(max_length=MOST_LINES), AfterValidator(_each_once)] = Field(
        default=[]
    )
    add: Annotated[list[NewOrderLine], Field(max_length=MOST_ADDED)] = Field(default=[])
    drop: Annotated[list[LineNumber], Field(max_length=MOST_LINES)] = Field(default=[])
