"""What clients send and see of the order policy."""

from typing import Annotated

from pydantic import Field

from chalicelib.core.shapes import Code, MoneyShape, Price, Shape, View
from chalicelib.sales.orders.schemas import Days


class PolicyChange(Shape):
    """The order policy: up to its limit an order needs no approval; without a limit each one does."""

    approval_limits: Annotated[list[Price], Field(max_length=50)]
    payment_days: Days
    return_days: Days | None = None
    number_prefix: Code


class PolicyView(View):
    """The order policy."""

    id: str
    approval_limits: list[MoneyShape]
    payment_days: int
    return_days: int | None
    number_prefix: str
    version: int
