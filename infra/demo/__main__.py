"""Loads the demo company where the environment points: ``python -m infra.demo [--people-only]``."""

import argparse
from random import Random

from infra.demo import business, counting, customers, deals, order, website

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
        dice = Random(SEED)
        history = deals.add_all(dice, customers.add_all(dice), products)
        business.enquire(dice)
        business.talk(dice, history)
        business.order(dice, history)
    counting.count_all()


if __name__ == "__main__":
    main()
