"""Loads the demo company where the environment points: ``python -m infra.demo [--people-only]``."""

import argparse

from infra.demo import order, website


def main() -> None:
    """Load it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people-only", action="store_true", help="people, products and rules; no history")
    given = asked.parse_args()
    products = order.set_up()
    website.open_up()
    if given.people_only:
        return
    del products


if __name__ == "__main__":
    main()
