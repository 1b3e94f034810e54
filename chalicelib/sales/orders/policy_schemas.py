"""What clients send and see of the order policy."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.core.access import Role
from chalicelib.core.shapes import Code, Line, MoneyShape, Price, Shape, View, unfit
from chalicelib.sales.orders.schemas import BasisPoints, Days

Limits = Annotated[list[Price], Field(max_length=50)]


class NewStep(Shape):
    """A further step of approval: what makes an order need it (any of it), and whose roles sign it.

    `over`: above its limit, or in a currency without one; `unlisted_over`: as much, without a price of the
    catalogue. Margin and discount are in basis points, the discount the largest of a line. Without roles
    whoever may approve orders signs.
    """

    name: Line
    over: Limits | None = None
    margin_below_bps: BasisPoints | None = None
    discount_above_bps: BasisPoints | None = None
    unlisted_over: Limits | None = None
    roles: Annotated[list[Role], Field(max_length=len(Role))] = Field(default=[])


def _criteria(steps: list[NewStep]) -> list[NewStep]:
    for step in steps:
        criteria = (step.over, step.margin_below_bps, step.discount_above_bps, step.unlisted_over)
        if all(each is None for each in criteria):
            raise unfit("no_criterion", step=step.name)
    return steps


class PolicyChange(Shape):
    """The order policy: up to its limit an order needs no approval; without a limit each one does."""

    approval_limits: Limits
    approval_steps: Annotated[list[NewStep], Field(max_length=10), AfterValidator(_criteria)] = Field(
        default=[]
    )
    payment_days: Days
    return_days: Days | None = None
    number_prefix: Code


class StepView(View):
    """A further step of approval."""

    name: str
    over: list[MoneyShape] | None
    margin_below_bps: int | None
    discount_above_bps: int | None
    unlisted_over: list[MoneyShape] | None
    roles: list[str]


class PolicyView(View):
    """The order policy."""

    id: str
    approval_limits: list[MoneyShape]
    approval_steps: list[StepView]
    payment_days: int
    return_days: int | None
    number_prefix: str
    version: int
