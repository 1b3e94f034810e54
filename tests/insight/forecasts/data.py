"""Real figures to hold the forecasts against; they lie beside the checkout, not in it."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from chalicelib.insight.forecasts.deals import Deal

DATA = Path(__file__).parents[3] / "../shared/data"

Series = tuple[list[float], list[float]]


@cache
def m3_monthly() -> Mapping[str, Series]:
    """By name, the history and the 18 months to forecast of the M3 competition's monthly series."""
    series: defaultdict[str, Series] = defaultdict(lambda: ([], []))
    with gzip.open(_data_set("m3_monthly") / "series.csv.gz", "rt") as lines:
        for row in csv.DictReader(lines):
            series[row["series"]][row["split"] == "test"].append(float(row["value"]))
    return dict(series)


@cache
def maven_deals() -> tuple[Deal, ...]:
    """8,800 deals of a hardware company, amounts in cents: list price while open."""
    folder = _data_set("maven_crm")
    prices = {row["product"]: row["sales_price"] for row in _rows(folder / "products.csv")}
    return tuple(
        Deal(
            opened=_day(row["engage_date"]),
            closed=_day(row["close_date"]),
            won=row["deal_stage"] == "Won",
            amount_minor=100 * int(prices[row["product"].replace("GTXPro", "GTX Pro")]),
            won_minor=100 * int(row["close_value"]) if row["deal_stage"] == "Won" else None,
        )
        for row in _rows(folder / "sales_pipeline.csv")
    )


def _data_set(name: str) -> Path:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"the data set {name} is not at shared/data beside this checkout")
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
