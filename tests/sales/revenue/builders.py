"""What revenue needs around it: an order and a contract in force, and what the books have of them."""

from datetime import UTC, date, datetime
from typing import Any, Final

from chalicelib.core import clock, guards
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.orders.models import Order
from chalicelib.sales.revenue import service
from chalicelib.sales.revenue.models import JournalEntry, Receivable, RevenuePolicy, RevenueSchedule
from chalicelib.sales.revenue.owed import receivable_id
from chalicelib.sales.revenue.policy import ACCOUNTS
from chalicelib.sales.revenue.recognition import Span, Target
from chalicelib.sales.revenue.sources import Source
from tests.client import FINANCE, REP
from tests.sales.contracts import builders as contracts
from tests.sales.orders import builders as orders
from tests.sales.orders.builders import Shop
from tests.streams import sweep

#: The day of these tests: the morning of the first of March in Shanghai.
MORNING: Final = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
#: The codes of the usual accounts.
CASH, RECEIVABLES, TAX, DEFERRED, REVENUE = "1002", "1122", "2221", "2205", "6001"
#: The day on which contracts begin that are facts alone.
NEW_YEAR: Final = date(2026, 1, 1)
#: Three instalments of an order of 9,913.84 CNY, of which 8,773.31 are without tax.
SCHEDULE: Final = [
    {"due_on": date(2026, 3, 31), "amount": Money(400_000, "CNY")},
    {"due_on": date(2026, 4, 30), "amount": Money(400_000, "CNY")},
    {"due_on": date(2026, 5, 31), "amount": Money(191_384, "CNY")},
]


def open_shop() -> Shop:
    """Hire everybody, win a customer, put a press and a die on sale."""
    return orders.open_shop()


def an_order(shop: Shop, **details: Any) -> Order:
    """Return Rita's order in force: ten presses, seven dies, three instalments."""
    return orders.activated(shop, **{"payment_schedule": SCHEDULE, **details})


def a_buyer(shop: Shop, **details: Any) -> Any:
    """Return somebody at the customer's who reads Chinese."""
    told = {"name": "Li Wei 李伟", "email": "li.wei@kangnai.example.com", "language": "zh-CN", **details}
    return accounts.add_contact(account_id=shop.account_id, by=REP, **told)


def a_contract(account_id: str, **terms: Any) -> Contract:
    """Return Rita's contract in force: 12,000.00 CNY from March to December, two milestones."""
    return contracts.activated(account_id, **terms)


def receivables_of(source_id: str, *, count: int) -> list[Receivable]:
    """Return the receivables of a source, by number."""
    return [Receivable.fetch(receivable_id(source_id, number)) for number in range(1, count + 1)]


def schedule_of(source_id: str) -> RevenueSchedule:
    """Return the schedule of a source."""
    return RevenueSchedule.fetch(service.schedule_id(source_id))


def entries_of(source_id: str, *, who: Principal = SYSTEM) -> list[JournalEntry]:
    """Return the postings of a source, by day."""
    found = service.entries(service.schedule_id(source_id), who=who, limit=200, after=None)
    return list(reversed(found.items))


def balances(entries: list[JournalEntry]) -> dict[str, int]:
    """Return what stands on each account, debits less credits, in minor units."""
    sums: dict[str, int] = {}
    for line in (line for entry in entries for line in entry.line_rows):
        sums[line["account"]] = sums.get(line["account"], 0) + line["debit_minor"] - line["credit_minor"]
    return sums


def policy(**terms: Any) -> RevenuePolicy:
    """Set the revenue policy: the usual accounts and days unless `terms` say otherwise."""
    usual = {"accounts": ACCOUNTS, "contract_method": "MILESTONE", "payment_days": 30, "dunning": []}
    return service.set_policy(by=FINANCE, version=None, **usual | terms)


def contract_facts(value: int, targets: list[Target], **more: Any) -> Source:
    """Return the facts of a contract over the year, without tables."""
    return Source(
        id="contract_0",
        version=1,
        document="CT-1",
        account_id="account_0",
        contact_id=None,
        currency="CNY",
        owner={},
        value=value,
        started_on=NEW_YEAR,
        span=Span(NEW_YEAR, date(2026, 12, 31)),
        targets=targets,
        **more,
    )


def sweep_at(moment: datetime) -> int:
    """Let the minute's schedule run at an instant, as if it had run the minute before."""
    guards.remember("due|swept", {"at": clock.iso(moment)})
    return sweep(moment)
