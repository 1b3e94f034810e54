"""What orders need around them: people, a customer, products; and orders at each step of their life."""

from dataclasses import dataclass
from typing import Any

from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, MANAGER, OPERATIONS, REP
from tests.organisation.people.builders import hire_everybody


@dataclass(frozen=True)
class Shop:
    """Rita's customer, and two products: a press for 1,000.00 and a die for 3.33 CNY."""

    account_id: str
    press_id: str
    die_id: str

    def lines(self) -> list[dict[str, Any]]:
        """Ten presses at 12.5 % off and seven dies, both with 13 % tax."""
        return [
            {"product_id": self.press_id, "quantity": 10, "discount_bps": 1_250, "tax_bps": 1_300},
            {"product_id": self.die_id, "quantity": 7, "tax_bps": 1_300},
        ]


def open_shop() -> Shop:
    """Hire everybody, win a customer for Rita, put two products on sale."""
    hire_everybody()
    account = accounts.add_account(name="Kangnai 康奈", by=REP)
    press = catalog.add_product(code="P1", name="Press 压力机", list_price=Money(100_000, "CNY"), by=SYSTEM)
    die = catalog.add_product(code="D1", name="Die 模具", list_price=Money(333, "CNY"), by=SYSTEM)
    return Shop(account.id, press.id, die.id)


def drafted(shop: Shop, **details: Any) -> Order:
    """Return Rita's draft."""
    given: dict[str, Any] = {"account_id": shop.account_id, "currency": "CNY", "lines": shop.lines()}
    return service.draft(by=REP, **(given | details))


def submitted(shop: Shop, **details: Any) -> Order:
    """Return Rita's order, handed in."""
    return service.submit(drafted(shop, **details).id, by=REP)


def approved(shop: Shop, **details: Any) -> Order:
    """Return Rita's order, approved by her manager."""
    return service.approve(submitted(shop, **details).id, by=MANAGER)


def activated(shop: Shop, **details: Any) -> Order:
    """Return Rita's order in force."""
    return service.activate(approved(shop, **details).id, by=REP)


def paid(order: Order, minor: int, reference: str = "bank-1") -> Order:
    """Return the order with a payment that finance recorded."""
    amount = Money(minor, order.currency)
    return service.pay(order.id, reference=reference, amount=amount, method="BANK", by=FINANCE)


def partly_shipped(shop: Shop, **details: Any) -> Order:
    """Return Rita's order, of which one piece has gone out."""
    order = activated(shop, **details)
    return service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 1}], by=REP)


def shipped(shop: Shop, **details: Any) -> Order:
    """Return Rita's order, gone out in one part."""
    return service.ship(activated(shop, **details).id, reference="s-1", by=REP)


def completed(shop: Shop, **details: Any) -> Order:
    """Return Rita's order, closed."""
    return service.complete(shipped(shop, **details).id, by=REP)


def booked(product_id: str, tiers: dict[int, int], **terms: Any) -> str:
    """Return the id of a price book in CNY that has a product, in minor units by pieces."""
    book = catalog.add_price_book(**{"name": "Book", "currency": "CNY", **terms}, by=OPERATIONS)
    rows = [{"from_quantity": start, "unit_price": Money(minor, "CNY")} for start, minor in tiers.items()]
    price = {"product_id": product_id, "tiers": rows}
    catalog.set_prices(book.id, version=None, by=OPERATIONS, prices=[price])
    return book.id


def may_give(least_margin_bps: int | None = None, **by_role: int) -> None:
    """Let roles give so many basis points of discount without asking."""
    version = catalog.policy().version
    catalog.set_policy(by=OPERATIONS, version=version, limits=by_role, least_margin_bps=least_margin_bps)
