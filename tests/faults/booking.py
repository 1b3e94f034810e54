"""The verbs of receivables, revenue and the books, each with a request that succeeds."""

from itertools import count
from typing import Final

from chalicelib.core import ids
from chalicelib.core.money import Money
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.orders.models import Order
from chalicelib.sales.revenue import service as revenue
from chalicelib.sales.revenue.models import Receivable, RevenueSchedule
from chalicelib.sales.revenue.policy import ACCOUNTS
from tests.client import FINANCE, REP
from tests.faults.asks import PRICE, WHY, Ask, Row, new, on
from tests.faults.world import World

_MONTHS: Final = count()


def booked(source: Order | Contract) -> RevenueSchedule:
    """What the books have of an order or a contract."""
    made = revenue.follow(source.id)
    assert made is not None
    return made


def paid_contract(world: World) -> RevenueSchedule:
    """What the books have of a contract, with a payment for it."""
    made = booked(world.contract("ACTIVATED"))
    amount = Money(1_000, "CNY")
    return revenue.pay(made.id, reference="TT-1", amount=amount, method="BANK", by=FINANCE)


def overpaid_contract(world: World) -> RevenueSchedule:
    """What the books have of a contract that was paid for far too well."""
    made = booked(world.contract("ACTIVATED"))
    amount = Money(10**9, "CNY")
    return revenue.pay(made.id, reference="TT-1", amount=amount, method="BANK", keep_excess=True, by=FINANCE)


def receivable(world: World, *, held: bool = False) -> Receivable:
    """What is owed of an order; held: nobody is to be reminded of it."""
    booked(made := world.order("ACTIVATED"))
    owed = ids.derived("receivable", made.id, "1")
    return revenue.hold(owed, reason="x", by=REP) if held else revenue.receivable(owed, who=REP)


def month_gone() -> str:
    """A month long gone, later than any before."""
    number = next(_MONTHS)
    return f"{1950 + number // 12}-{number % 12 + 1:02d}"


REVENUE: Final[dict[str, Row]] = {
    "receivables.hold_reminders": lambda w: on(receivable(w), by=FINANCE, body=WHY),
    "receivables.go_on_reminding": lambda w: on(receivable(w, held=True), by=FINANCE),
    "revenue_schedules.choose_method": lambda w: on(
        booked(w.contract("ACTIVATED")), by=FINANCE, body={"method": "STRAIGHT_LINE"}
    ),
    "revenue_schedules.pay_contract": lambda w: on(
        booked(w.contract("ACTIVATED")),
        by=FINANCE,
        body={"reference": "TT-1", "amount": PRICE, "method": "BANK"},
    ),
    "revenue_schedules.take_contract_payment_back": lambda w: on(
        paid_contract(w), by=FINANCE, body={"reference": "TT-1", "reason": "mistyped"}
    ),
    "revenue_schedules.refund_contract": lambda w: on(
        overpaid_contract(w),
        by=FINANCE,
        body={"reference": "RF-1", "amount": PRICE, "method": "BANK", "reason": "twice"},
    ),
    "revenue.close_books": lambda w: new({"month": month_gone()}, by=FINANCE),
    "revenue.ask_for_export": lambda w: new({"month": "2020-01", "form": "ENTRIES"}, by=FINANCE),
    "revenue_policy.set_revenue_policy": lambda w: Ask(
        FINANCE,
        body={
            "accounts": ACCOUNTS,
            "contract_method": "MILESTONE",
            "payment_days": 30,
            "dunning": [{"days": 7, "template": "FIRM", "to": "OWNER"}],
        },
        match=revenue.policy().version,
    ),
}
