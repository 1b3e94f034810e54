"""What one asks of replenishment: advice for what a warehouse keeps."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.core import clock
from chalicelib.core.table import Page
from chalicelib.insight.replenishment import demand
from chalicelib.insight.replenishment.advice import NO_DEMAND, Advice, Keeping, advise
from chalicelib.insight.replenishment.demand import Demand
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.inventory import service as inventory


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to order of a product for a warehouse, and why: `supplies` are on their way there.

    `ended` says why no demand is expected any more: then only what is promised already is ordered.
    """

    product_id: str
    product: str
    warehouse_id: str
    available: int
    lead_days: int
    review_days: int
    service_bps: int
    lot: int
    share: float
    supplies: Sequence[inventory.Supply]
    demand: Demand
    advice: Advice
    ended: Mapping[str, Any] | None

    @property
    def order_now(self) -> bool:
        """Whether it is time."""
        return self.advice.order_on is not None and self.advice.order_on <= clock.today()


def suggestions(warehouse_id: str, **paging: Any) -> Page[Suggestion]:
    """Return a page of advice for the products that rules keep in a warehouse, by rule.

    However many products: one Query for what was ordered (two boards), one for each warehouse for what
    went out, one for what is on its way, and the reads of `inventory.availability`. NotFound when there is
    no such warehouse.
    """
    found = inventory.rules(warehouse_id, **paging)
    product_ids = [rule.product_id for rule in found.items]
    named, stands = catalog.known(product_ids), inventory.availability(product_ids)
    everywhere = inventory.everywhere()
    known = _Known(
        closed={place.id for place in everywhere if place.status != "ACTIVE"},
        ordered=demand.ordered(product_ids),
        gone={place.id: demand.shipped(place.id) for place in everywhere},
        supplies=inventory.awaited(warehouse_id),
    )
    made = [
        _suggestion(rule, named[rule.product_id], stands[rule.product_id], known)
        for rule in found.items
        if rule.product_id in named
    ]
    return Page(made, found.after)


@dataclass(frozen=True, slots=True)
class _Known:
    """What advice is made from: units ordered by product, gone by warehouse, on their way to this one.

    `closed` are the warehouses that serve no order any more.
    """

    closed: Set[str]
    ordered: Mapping[str, list[float]]
    gone: Mapping[str, Mapping[str, int]]
    supplies: Sequence[inventory.Supply]


def _suggestion(rule: Any, product: Any, stands: inventory.Availability, known: _Known) -> Suggestion:
    keepers = {place.warehouse_id for place in stands.warehouses} | {rule.warehouse_id}
    part = demand.share(rule.product_id, rule.warehouse_id, {each: known.gone[each] for each in keepers})
    here = [place.available for place in stands.warehouses if place.warehouse_id == rule.warehouse_id]
    terms = {name: getattr(rule, name) for name in ("lead_days", "review_days", "lot", "service_bps")}
    to_come = demand.expected(known.ordered.get(rule.product_id, []), part)
    ended = _ended(product, closed=rule.warehouse_id in known.closed)
    if ended:
        to_come = replace(to_come, outlook=NO_DEMAND)
    supplies = [each for each in known.supplies if each.product_id == rule.product_id]
    keeping = Keeping(sum(here), **terms, coming=_coming(supplies))
    return Suggestion(
        product_id=rule.product_id,
        product=product.name,
        warehouse_id=rule.warehouse_id,
        available=sum(here),
        share=part,
        supplies=supplies,
        demand=to_come,
        advice=advise(keeping, to_come.outlook, clock.today()),
        ended=ended,
        **terms,
    )


def _ended(product: Any, *, closed: bool) -> dict[str, Any] | None:
    """Return why nothing more is wanted of a product in a warehouse, as a reason; None while it is."""
    why = {
        "product_retired": product.status != "ACTIVE",
        "not_stocked": not product.stocked,
        "warehouse_retired": closed,
    }
    return next(({"code": code, "values": {}} for code, holds in why.items() if holds), None)


def _coming(supplies: Sequence[inventory.Supply]) -> list[tuple[int, int]]:
    """Return what is on its way by days from today. Of what is overdue nobody knows when it comes."""
    today = clock.today()
    return [((each.expected_on - today).days, each.open) for each in supplies if not each.is_overdue]
