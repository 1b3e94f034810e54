"""What orders and stock cost: ten products ordered, activated, asked for; a movement told."""

from collections.abc import Iterator
from typing import Any

from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.orders import service as orders
from tests.client import MANAGER, OPERATIONS, REP, Client
from tests.sales.inventory.builders import moved, product, warehouse

#: Lines of the order, and warehouses that might serve each of them.
LINES, WAREHOUSES = 10, ("SZ", "GZ", "HK")


def operations(client: Client) -> dict[str, Any]:
    """Return what is measured, each good for two calls."""
    product_ids = list(_kept())
    account = accounts.add_account(name="Stock", by=REP)
    ready = iter([_approved(account.id, product_ids) for _ in range(2)])
    told = iter(range(2))

    lines = [{"product_id": each, "quantity": 3} for each in product_ids]

    def place() -> Any:
        return client.post("/orders", {"account_id": account.id, "currency": "CNY", "lines": lines}, by=REP)

    def activate() -> Any:
        return client.post(f"/orders/{next(ready)}/activate", by=REP)

    def tell() -> Any:
        row = {"type": "ISSUE", "product": "K0", "warehouse": "SZ", "quantity": 1}
        return client.post("/stock-movements", {**row, "reference": f"out-{next(told)}"}, by=OPERATIONS)

    def availability() -> Any:
        query = {"product_ids": ",".join(product_ids)}
        return client.get("/stock/availability", by=REP, query=query)

    return {
        "order placement": place,
        "reservation": activate,
        "availability": availability,
        "stock movement": tell,
    }


def _kept() -> Iterator[str]:
    for code in WAREHOUSES:
        warehouse(code)
    for number in range(LINES):
        yield product(f"K{number}")
        for code in WAREHOUSES:
            moved("RECEIPT", 1_000, at=code, of=f"K{number}")


def _approved(account_id: str, product_ids: list[str]) -> str:
    lines = [{"product_id": each, "quantity": 3, "unit_price": Money(100, "CNY")} for each in product_ids]
    made = orders.draft(by=REP, account_id=account_id, currency="CNY", lines=lines)
    orders.submit(made.id, by=REP)
    return orders.approve(made.id, by=MANAGER).id
