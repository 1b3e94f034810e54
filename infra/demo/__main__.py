"""Loads the demo company where the environment points: ``python -m infra.demo [--people-only]``."""

import argparse
from collections.abc import Sequence
from random import Random

from chalicelib.sales.catalog.models import Product
from chalicelib.sales.revenue import service as revenue
from infra.demo import business, counting, customers, deals, order, papers, stock, website

#: The same company every time.
SEED = 20261122


def main() -> None:
    """Load it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people-only", action="store_true", help="people, products and rules; no history")
    given = asked.parse_args()
    products = order.set_up()
    website.open_up()
    if not given.people_only:
        tell_history(products)
    counting.count_all()


def tell_history(products: Sequence[Product]) -> None:
    """Load what has happened: deals and what goes on around them, what is agreed, kept, sold and booked."""
    dice = Random(SEED)
    history = deals.add_all(dice, customers.add_all(dice), products)
    business.enquire(dice)
    business.talk(dice, history)
    business.order(dice, history)
    papers.decide_credit()
    papers.offer(history)
    papers.agree(history)
    stock.fill()
    stock.sell(history)
    revenue.catch_up()


if __name__ == "__main__":
    main()
