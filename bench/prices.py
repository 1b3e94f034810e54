"""What it costs to price ten lines in two price books, and to draft a quote of them."""

from collections.abc import Callable
from typing import Any, Final

from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from tests.client import REP, Client

LINES: Final = 10


def operations(client: Client) -> dict[str, Callable[[], Any]]:
    """Return the operations, on a catalogue of their own."""
    products = [
        catalog.add_product(code=f"BENCH-{n}", name=f"P{n}", list_price=Money(1_000, "CNY"), by=SYSTEM).id
        for n in range(LINES)
    ]
    tiers = [{"from_quantity": 1, "unit_price": Money(900, "CNY")}]
    for name in ("Everybody", "East"):
        book = catalog.add_price_book(name=name, currency="CNY", by=SYSTEM)
        prices = [{"product_id": each, "tiers": tiers} for each in products]
        catalog.set_prices(book.id, version=None, by=SYSTEM, prices=prices)
    account = accounts.add_account(name="Bench prices", by=REP).id
    lines = [{"product_id": each, "quantity": 2} for each in products]
    asked = {"account_id": account, "currency": "CNY", "lines": lines}
    return {
        "price of 10": lambda: client.post("/prices", asked, by=REP),
        "quote of 10": lambda: client.post("/quotes", asked, by=REP),
    }
