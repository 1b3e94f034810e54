"""The deals of the Maven CRM data set as items, and the boards that the house's measures make of them."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from chalicelib.core.boards import Row
from chalicelib.core.measures import Measures, contribution
from chalicelib.customers.accounts import measures as accounts
from chalicelib.sales.opportunities import measures as opportunities

DATA: Final = Path(__file__).parents[3] / "../shared/data/maven_crm"
PIPELINE: Final = "pipeline_maven"
OPEN_STAGES: Final = ("Prospecting", "Engaging")
DAY_SECONDS: Final = 86_400
MEASURES: Final[Measures] = {**opportunities.MEASURES, **accounts.MEASURES}

Boards = dict[str, dict[str, dict[str, int]]]


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one file of the data set; skips the test where it is not at hand."""
    path = DATA / f"{name}.csv"
    if not path.exists():
        pytest.skip("the data set maven_crm is not at shared/data beside this checkout")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def boards() -> Boards:
    """Return every board, as the ledger would have summed it over all items."""
    summed: Boards = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for kind, image in _images():
        for (board, row), numbers in contribution(image, MEASURES[kind]).cells.items():
            for name, number in numbers.items():
                summed[board][row][name] += number
    return summed


def read(board: str, *, first: str = "", last: str = "\U0010ffff") -> dict[str, Row]:
    """Read a board as `core.boards.read` does."""
    found = boards().get(board, {})
    return {row: found[row] for row in sorted(found) if first <= row <= last}


def top(board: str, *, limit: int) -> list[tuple[str, Row]]:
    """Read a ranked board as `core.boards.top` does."""
    ranked = sorted(boards().get(board, {}).items(), key=lambda found: -found[1]["won_amount"])
    return list(ranked[:limit])


def _images() -> Iterator[tuple[str, dict[str, Any]]]:
    teams = {row["sales_agent"]: row for row in rows("sales_teams")}
    sectors = {row["account"]: row["sector"] for row in rows("accounts")}
    first_wins: dict[str, str] = {}
    for row in rows("sales_pipeline"):
        yield "opportunity", _deal(row, teams[row["sales_agent"]], sectors)
        if row["deal_stage"] == "Won":
            known = first_wins.get(row["account"], row["close_date"])
            first_wins[row["account"]] = min(known, row["close_date"])
    for name, since in first_wins.items():
        yield "account", {"id": name, "status": "CUSTOMER", "customer_since": since}


def _deal(row: dict[str, str], team: dict[str, str], sectors: dict[str, str]) -> dict[str, Any]:
    minor = int(row["close_value"] or 0) * 100
    stage, product = row["deal_stage"], row["product"].replace("GTXPro", "GTX Pro")
    return {
        "id": row["opportunity_id"],
        "status": stage.upper() if stage in ("Won", "Lost") else "OPEN",
        "pipeline_id": PIPELINE,
        "stage_id": stage,
        "probability": 50,
        "forecast_category": "PIPELINE",
        "amount": {"minor": minor, "currency": "USD"},
        "owner_id": row["sales_agent"],
        "team_id": team["manager"],
        "region": team["regional_office"],
        "industry": sectors.get(row["account"]),
        "account_id": row["account"] or None,
        "opened_on": row["engage_date"] or None,
        "closed_on": row["close_date"] or None,
        "lines": [{"product_id": product, "quantity": 1, "unit_price_minor": minor, "amount_minor": minor}],
        "journey": _journey(stage, row["engage_date"], row["close_date"]),
    }


def _journey(stage: str, engaged: str, closed: str) -> dict[str, dict[str, int]]:
    if not closed:
        return {stage: {"entered": 1, "left": 0, "advanced": 0, "lost": 0, "seconds": 0}}
    days = (date.fromisoformat(closed) - date.fromisoformat(engaged)).days
    outcome = {"advanced": int(stage == "Won"), "lost": int(stage == "Lost")}
    return {"Engaging": {"entered": 1, "left": 1, "seconds": days * DAY_SECONDS, **outcome}}
