"""What clients send to make a contract of a quote, and orders under a contract."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import Day, Id, Line, Shape, Text, unfit
from chalicelib.sales.contracts.schemas import Days, Terms
from chalicelib.sales.contracts.text_shapes import MergeValues


class ContractOfQuote(Terms):
    """An accepted quote to make a contract of; `template_id`: with its text."""

    quote_id: Id
    title: Line | None = None
    template_id: Id | None = None
    values_by_field: MergeValues = Field(default={})


class Wanted(Shape):
    """How many pieces of a line of the contract."""

    number: Annotated[int, Field(strict=True, ge=1, le=10_000)]
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


def _each_once(lines: list[Wanted]) -> list[Wanted]:
    if len({line.number for line in lines}) < len(lines):
        raise unfit("line_twice")
    return lines


class NewCall(Shape):
    """An order under a contract. Without lines: all that was not ordered yet.

    Under a contract of no quote: `order_id` alone, an order that was drafted by itself.
    """

    order_id: Id | None = None
    lines: Annotated[list[Wanted], Field(max_length=100), AfterValidator(_each_once)] = Field(default=[])
    ordered_on: Day | None = None
    payment_days: Days | None = None
    customer_reference: Line | None = None
    note: Text | None = None
