"""The demand for products: ordered units by month, and which part of them a warehouse serves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from chalicelib.core import boards, clock
from chalicelib.insight.analytics import service as analytics
from chalicelib.insight.forecasts import service as forecasts
from chalicelib.insight.replenishment.advice import Outlook

#: Months of history that a forecast is made from: three years, so that a season can be believed.
HISTORY: Final = 36
#: Months ahead that are forecast.
AHEAD: Final = 12
#: Months of what went out that say which warehouse serves what.
SHARED_OVER: Final = 12
#: σ of what P90 lies above the middle, of a normal error.
_P90: Final = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True)
class Demand:
    """The demand for a product: finished `history`, oldest first, and what is to come by `method`."""

    history: list[float]
    method: str
    outlook: Outlook


def ordered(product_ids: Iterable[str]) -> dict[str, list[float]]:
    """Return the units ordered of each product, by itself or in bundles, by finished month, the first first.

    What was ordered counts, not what went out: an empty shelf is no lack of demand. Two Queries.
    """
    last = analytics.earlier(clock.month(clock.today()), 1)
    first, wanted = analytics.earlier(last, HISTORY - 1), set(product_ids)
    units: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for board in ("orders|product", "orders|part"):
        for row, numbers in boards.months(board, first, last).items():
            month, product_id, _ = row.split("|")
            if product_id in wanted and numbers.get("units"):
                units[product_id][month] += numbers["units"]
    return {product_id: _without_gaps(by_month, last) for product_id, by_month in units.items()}


def _without_gaps(by_month: Mapping[str, int], last: str) -> list[float]:
    month, first, found = last, min(by_month), []
    while month >= first:
        found.append(float(by_month.get(month, 0)))
        month = analytics.earlier(month, 1)
    return found[::-1]


def shipped(warehouse_id: str) -> dict[str, int]:
    """Return the units that went out of a warehouse to orders in the last year, by product. One Query."""
    last = clock.month(clock.today())
    rows = boards.months(f"stock_moves|{warehouse_id}", analytics.earlier(last, SHARED_OVER), last)
    return {product_id: -numbers.get("shipped", 0) for product_id, numbers in boards.by_part(rows, 1).items()}


def share(product_id: str, warehouse_id: str, gone: Mapping[str, Mapping[str, int]]) -> float:
    """Return which part of a product's demand a warehouse serves: as it did, evenly while nothing went.

    `gone` has the units that went out of each warehouse that keeps the product, by warehouse.
    """
    total = sum(units.get(product_id, 0) for units in gone.values())
    return gone[warehouse_id].get(product_id, 0) / total if total else 1 / len(gone)


def expected(history: list[float], part: float) -> Demand:
    """Return the demand to come for a part of a product's demand, by the method its past speaks for."""
    made = forecasts.forecast(history, AHEAD)
    deviation = (made.p90[0] - made.expected[0]) / _P90 if made.expected else 0.0
    outlook = Outlook([month * part for month in made.expected], deviation * part)
    return Demand([month * part for month in history], made.method, outlook)
