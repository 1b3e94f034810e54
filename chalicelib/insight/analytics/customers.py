"""The customers we sell most to, and how many new ones were won."""

from dataclasses import dataclass

from chalicelib.core import boards
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.table import Record
from chalicelib.insight.analytics.members import require_all


@dataclass(frozen=True, slots=True)
class Customer:
    """An account we sold to."""

    account_id: str
    name: str | None
    won: int
    revenue: Money


@dataclass(frozen=True, slots=True)
class Customers:
    """The largest customers by revenue, and how many accounts became customers. `year` None: ever."""

    year: str | None
    currency: str
    customers_won: int
    rows: list[Customer]


def customers(*, who: Principal, year: str | None, currency: str, limit: int) -> Customers:
    """Return the largest customers of a year, or ever, for those who see all. Two Queries."""
    require_all(who)
    top = boards.top(f"customers|{year or 'all'}|{currency}", limit=limit)
    sold = [(account_id, numbers) for account_id, numbers in top if numbers.get("won_count")]
    named = Record.many_anywhere(account_id for account_id, _ in sold)
    rows = [
        Customer(
            account_id,
            getattr(named.get(account_id), "name", None),
            numbers["won_count"],
            Money(numbers.get("won_amount", 0), currency),
        )
        for account_id, numbers in sold
    ]
    return Customers(year, currency, _won(year), rows)


def _won(year: str | None) -> int:
    board = "accounts|customers"
    since = boards.months(board, f"{year}-01", f"{year}-12") if year else boards.read(board)
    return boards.total(since).get("count", 0)
