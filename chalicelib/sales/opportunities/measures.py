"""What a deal contributes to the boards: open pipeline, flow through stages, sales, distributions.

Every figure is a function of the deal's own image, and its business dates decide the bucket.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from chalicelib.core.measures import Cell, Image
from chalicelib.core.money import allocate, times

#: The dimensions that are one value of the deal; products are the sixth.
_DIMENSIONS: Final = {
    "team": "team_id",
    "owner": "owner_id",
    "region": "region",
    "source": "source",
    "industry": "industry",
}
NOBODY: Final = "-"


def opportunity(deal: Image) -> Iterator[Cell]:
    """Return the cells of a deal: those of open ones, of closed ones, and of its way so far."""
    yield from _flow(deal)
    if deal["status"] == "OPEN":
        yield from _pipeline(deal)
    elif deal["status"] in ("WON", "LOST"):
        yield from _sales(deal)
        yield from _spread(deal)
    if deal["status"] == "WON" and deal.get("account_id"):
        yield from _customers(deal)


def bucket(minor: int) -> str:
    """Return the coarse bucket of an amount: its number of digits, and the first two of them."""
    digits = str(minor)
    return f"{len(digits):02d}{digits[:2]}"


def _pipeline(deal: Image) -> Iterator[Cell]:
    board, currency = f"pipeline|{deal['pipeline_id']}", deal["amount"]["currency"]
    for dimension, member in _members(deal):
        numbers = _standing(deal, deal["amount"]["minor"])
        yield Cell(f"{board}|{dimension}", f"{member}|{currency}", numbers)
    for product_id, (_, amount) in _products(deal).items():
        yield Cell(f"{board}|product", f"{product_id}|{currency}", _standing(deal, amount))


def _standing(deal: Image, amount: int) -> dict[str, int]:
    stage, category = deal["stage_id"], deal.get("category_override") or deal["forecast_category"]
    return {
        f"{stage}.count": 1,
        f"{stage}.amount": amount,
        f"{stage}.weighted": times(amount, Decimal(deal["probability"]) / 100),
        f"{category}.count": 1,
        f"{category}.amount": amount,
    }


def _flow(deal: Image) -> Iterator[Cell]:
    board = f"flow|{deal['pipeline_id']}"
    month = _month(deal.get("opened_on"))
    numbers = _steps(deal["journey"])
    products = (("product", product_id) for product_id in _products(deal))
    for dimension, member in (*_members(deal), *products):
        yield Cell(f"{board}|{dimension}", f"{month}|{member}", numbers)


def _steps(journey: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    steps: dict[str, int] = {}
    for stage_id, stage in journey.items():
        steps |= {f"{stage_id}.{name}": stage[name] for name in ("entered", "advanced", "lost")}
        steps[f"{stage_id}.dwell_seconds"] = stage["seconds"]
        steps[f"{stage_id}.dwell_count"] = stage["left"]
    return steps


def _sales(deal: Image) -> Iterator[Cell]:
    month, currency = _month(deal["closed_on"]), deal["amount"]["currency"]
    products = _products(deal)
    units = sum(quantity for quantity, _ in products.values())
    for dimension, member in _members(deal):
        numbers = _outcome(deal, deal["amount"]["minor"], units if dimension == "owner" else 0)
        yield Cell(f"sales|{dimension}", f"{month}|{member}|{currency}", numbers)
    for product_id, (quantity, amount) in products.items():
        yield Cell("sales|product", f"{month}|{product_id}|{currency}", _outcome(deal, amount, quantity))
    for rival in _rivals(deal):
        yield Cell(
            "sales|competitor", f"{month}|{rival}|{currency}", _outcome(deal, deal["amount"]["minor"], 0)
        )
    for user_id, amount in _credited(deal):
        yield Cell("sales|split", f"{month}|{user_id}|{currency}", _outcome(deal, amount, 0))


def _outcome(deal: Image, amount: int, units: int) -> dict[str, int]:
    if deal["status"] == "LOST":
        # Reasons are few, and numbers of the rows that are there: so they are known of every member.
        why = f"lost_for.{deal.get('lost_reason') or NOBODY}"
        return {"lost_count": 1, "lost_days": _days(deal), f"{why}.count": 1, f"{why}.amount": amount}
    return {"won_count": 1, "won_amount": amount, "won_days": _days(deal), "units": units}


def _rivals(deal: Image) -> list[str]:
    """Return who else was after the deal, and who got it, each once."""
    named = {each["name"].casefold(): each["name"] for each in deal.get("competitors") or ()}
    if got_it := deal.get("competitor"):
        named.setdefault(got_it.casefold(), got_it)
    return list(named.values()) or [NOBODY]


def _credited(deal: Image) -> Iterator[tuple[str, int]]:
    """Yield everybody with a part in the deal's credit, and their part of its amount: together all of it."""
    splits: Mapping[str, int] = deal.get("member_splits") or {}
    percents = {**splits, deal.get("owner_id") or NOBODY: 100 - sum(splits.values())}
    people = sorted(user_id for user_id, percent in percents.items() if percent)
    parts = allocate(deal["amount"]["minor"], [percents[user_id] for user_id in people])
    yield from zip(people, parts, strict=True)


def _spread(deal: Image) -> Iterator[Cell]:
    month, won = _month(deal["closed_on"]), deal["status"] == "WON"
    yield Cell(f"spread|days|{'won' if won else 'lost'}", f"{month}|{_days(deal):05d}", {"count": 1})
    if won:
        minor, currency = deal["amount"]["minor"], deal["amount"]["currency"]
        coarse = bucket(minor)
        yield Cell(f"spread|amount|{currency}", f"{month}|{coarse}", {"count": 1})
        yield Cell(f"spread|amount|{currency}|{coarse}", f"{month}|{minor:015d}", {"count": 1})


def _customers(deal: Image) -> Iterator[Cell]:
    amount = deal["amount"]
    numbers = {"won_count": 1, "won_amount": amount["minor"]}
    for period in ("all", deal["closed_on"][:4]):
        yield Cell(f"customers|{period}|{amount['currency']}", deal["account_id"], numbers, rank="won_amount")


def _members(deal: Image) -> list[tuple[str, str]]:
    return [(dimension, deal.get(name) or NOBODY) for dimension, name in _DIMENSIONS.items()]


def _products(deal: Image) -> dict[str, tuple[int, int]]:
    """Return quantity and amount by product; all of the amount under nobody when there are no lines."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    lines: list[Mapping[str, Any]] = deal.get("lines") or [
        {"product_id": NOBODY, "quantity": 0, "amount_minor": deal["amount"]["minor"]}
    ]
    for line in lines:
        quantity, amount = sums[line["product_id"]]
        sums[line["product_id"]] = (quantity + line["quantity"], amount + line["amount_minor"])
    return sums


def _days(deal: Image) -> int:
    return (date.fromisoformat(deal["closed_on"]) - date.fromisoformat(deal["opened_on"])).days


def _month(day: str | None) -> str:
    return day[:7] if day else NOBODY


MEASURES = {"opportunity": opportunity}
