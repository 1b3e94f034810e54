"""Two years of deals: growing, with a season, won more often by some than by others."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.opportunities.models import Opportunity
from infra.demo.customers import Customer
from infra.demo.people import COMPANY

MONTHS: Final = 24
#: Deals written at the same time.
AT_ONCE: Final = 4
#: Deals opened in an average month of the first year.
USUAL: Final = 22
#: How each calendar month compares with the average: quiet around the Chinese New Year, busy at year's end.
SEASON: Final = (0.8, 0.6, 1.1, 1.05, 1.0, 1.05, 0.9, 0.9, 1.1, 1.0, 1.2, 1.3)
GROWTH: Final = 0.015
_STAGES: Final = ("qualification", "needs_analysis", "proposal", "negotiation")
#: How far deals that are lost had come.
_LOST_IN: Final = (40, 30, 20, 10)
_REASONS: Final = ("price", "competitor", "no_budget", "no_decision", "timing", "fit")
_EUR_PER_CNY: Final = 8


def add_all(dice: Random, customers: Sequence[Customer], products: Sequence[Product]) -> list[Opportunity]:
    """Bring in every deal as history tells it; return them."""
    pipeline = opportunities.ensure_default_pipeline()
    weights = [each.weight for each in customers]
    told = [_deal(dice, dice.choices(customers, weights)[0], products, opened) for opened in _openings(dice)]

    def bring_in(number: int) -> Opportunity | None:
        deal = told[number]
        with clock.at(clock.start_of(deal.get("closed_on") or deal["opened_on"]) + timedelta(hours=10)):
            return opportunities.bring_in(external_id=f"demo:{number:05d}", pipeline=pipeline, **deal)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [deal for deal in pool.map(bring_in, range(len(told))) if deal]


def _openings(dice: Random) -> Iterator[date]:
    today = clock.today()
    for back in range(MONTHS * 30, 0, -1):
        day = today - timedelta(days=back)
        months = (MONTHS * 30 - back) / 30
        expected = USUAL / 30 * SEASON[day.month - 1] * (1 + GROWTH) ** months
        for _ in range(int(expected + dice.random())):
            yield day


def _deal(dice: Random, customer: Customer, products: Sequence[Product], opened: date) -> dict[str, Any]:
    lines = _lines(dice, customer, products)
    closes = opened + timedelta(days=max(3, round(dice.lognormvariate(3.7, 0.6))))
    found: dict[str, Any] = {
        "name": f"{lines[0]['product'].name} · {customer.account.name}",
        "account_id": customer.account.id,
        "contact_id": customer.contact.id,
        "owner_id": customer.seller.id,
        "team_id": customer.account.team_id,
        "lines": [{name: line[name] for name in ("product_id", "quantity", "unit_price")} for line in lines],
        "opened_on": opened,
        "source": customer.account.source,
        "campaign": dice.choice(COMPANY["campaigns"]) if dice.random() < 0.25 else None,
        "region": customer.account.region,
        "industry": customer.account.industry,
    }
    return found | _outcome(dice, customer, opened, closes)


def _lines(dice: Random, customer: Customer, products: Sequence[Product]) -> list[dict[str, Any]]:
    rate = 1 if customer.currency == "CNY" else _EUR_PER_CNY
    return [
        {
            "product": product,
            "product_id": product.id,
            "quantity": max(1, round(dice.lognormvariate(1.2, 0.8))),
            "unit_price": Money(
                round(product.list_price.minor / rate * dice.uniform(0.85, 1)), customer.currency
            ),
        }
        for product in dice.sample(products, dice.choices((1, 2, 3), (6, 3, 1))[0])
    ]


def _outcome(dice: Random, customer: Customer, opened: date, closes: date) -> dict[str, Any]:
    today = clock.today()
    if closes > today:
        gone = (today - opened).days / max(1, (closes - opened).days)
        stage = min(3, int(gone * 4))
        return {"stage_id": _STAGES[stage], "close_on": closes, "through": _way(opened, closes, stage)}
    closed = {"closed_on": closes, "close_on": closes}
    if dice.random() < 0.34 + 0.05 * customer.seller.level:
        return {"stage_id": "won", "through": _way(opened, closes, 3), **closed}
    last = dice.choices(range(4), _LOST_IN)[0]
    lost = {"stage_id": "lost", "lost_reason": dice.choice(_REASONS)}
    return {**lost, "through": _way(opened, closes, last), **closed}


def _way(opened: date, closes: date, last: int) -> list[tuple[str, date]]:
    """Return the stages up to the last one, each with its day: a quarter of the deal's time for each."""
    quarter = (closes - opened).days / 4
    return [(_STAGES[number], opened + timedelta(days=round(quarter * number))) for number in range(last + 1)]
