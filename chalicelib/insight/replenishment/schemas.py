"""What clients ask for and see of replenishment."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from chalicelib.core.reasons import ReasonView
from chalicelib.core.shapes import Day, Id, ListQuery, View

#: A figure that need not be whole, as text with at most three decimals.
Figure = Annotated[str, BeforeValidator(lambda number: f"{number:.3f}".rstrip("0").rstrip("."))]


def _figures(numbers: Any) -> list[str]:
    return [f"{number:.1f}".removesuffix(".0") for number in numbers]


class AdviceQuery(ListQuery):
    """For which warehouse."""

    warehouse_id: Id
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class OutlookView(View):
    """Units expected in each month from the present one on, and how far off a month usually is (σ)."""

    months: Annotated[list[str], BeforeValidator(_figures)]
    deviation: Figure


class DemandView(View):
    """Units that were ordered by month, the oldest first, and that are expected, by which method."""

    history: Annotated[list[str], BeforeValidator(_figures)]
    method: str
    outlook: OutlookView


class AdviceView(View):
    """Order `quantity` on `order_on` (null: nothing within a year), to come `up_to` so many units.

    `reorder_point` is `lead_demand` and `safety_stock`: `service_factor` times σ times the root of
    the lead time in months. `up_to` is also the demand of a review period. `expected` units are on their
    way and come before the next order would: they are taken off.
    """

    quantity: int
    order_on: Day | None
    expected: int
    reorder_point: int
    up_to: int
    safety_stock: int
    lead_demand: int
    review_demand: int
    service_factor: Figure


class OnItsWayView(View):
    """A supply that is still to come; an `overdue` one is not counted on until it has a new day."""

    id: str
    reference: str
    open: int
    expected_on: Day
    overdue: bool = Field(validation_alias="is_overdue")


class SuggestionView(View):
    """What to order of a product for a warehouse, and why; `share` of all demand that it serves.

    `ended` says why no demand is expected any more: the product is not sold or kept, or the warehouse closed.
    """

    product_id: str
    product: str
    warehouse_id: str
    available: int
    lead_days: int
    review_days: int
    service_bps: int
    lot: int
    share: Figure
    order_now: bool
    supplies: list[OnItsWayView]
    advice: AdviceView
    demand: DemandView
    ended: ReasonView | None
