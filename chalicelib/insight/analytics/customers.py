"""The customers we sell most to, by deals won and by what they bought and kept; how many were won."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Buyer:
    """An account that bought: how many orders, of what value, what came back, and what it kept."""

    account_id: str
    name: str | None
    orders: int
    amount: Money
    returned: Money
    kept: Money


@dataclass(frozen=True, slots=True)
class Buyers:
    """The largest buyers by what they kept. `year` None: ever."""

    year: str | None
    currency: str
    rows: list[Buyer]


def customers(*, who: Principal, year: str | None, currency: str, limit: int) -> Customers:
    """Return the largest customers of a year, or ever, for those who see all. Two Queries."""
    require_all(who)
    top = _top("customers", year, currency, limit=limit, counted="won_count")
    rows = [
        Customer(account_id, name, numbers["won_count"], Money(numbers.get("won_amount", 0), currency))
        for account_id, name, numbers in top
    ]
    return Customers(year, currency, _won(year), rows)


def buyers(*, who: Principal, year: str | None, currency: str, limit: int) -> Buyers:
    """Return the largest buyers of a year, or ever, for those who see all. One Query."""
    require_all(who)
    rows = [
        Buyer(
            account_id,
            name,
            numbers["count"],
            *(Money(numbers.get(of, 0), currency) for of in ("amount", "returned_amount", "kept_amount")),
        )
        for account_id, name, numbers in _top("buyers", year, currency, limit=limit, counted="count")
    ]
    return Buyers(year, currency, rows)


def _top(
    board: str, year: str | None, currency: str, *, limit: int, counted: str
) -> list[tuple[str, str | None, Mapping[str, int]]]:
    """Return the first accounts of a ranked board with any of `counted`: id, name, numbers."""
    ranked = boards.top(f"{board}|{year or 'all'}|{currency}", limit=limit)
    found = [(account_id, numbers) for account_id, numbers in ranked if numbers.get(counted)]
    named = Record.many_anywhere(account_id for account_id, _ in found)
    return [(each, getattr(named.get(each), "name", None), numbers) for each, numbers in found]


def _won(year: str | None) -> int:
    board = "accounts|customers"
    since = boards.months(board, f"{year}-01", f"{year}-12") if year else boards.read(board)
    return boards.total(since).get("count", 0)
