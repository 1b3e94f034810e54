"""What is decided about revenue, as data: account codes, days to pay, methods, the steps of reminding."""

from typing import Any, Final

from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide, decided
from chalicelib.sales.revenue.models import RevenuePolicy

#: Account codes until others are set: those of China's accounting standard for enterprises.
ACCOUNTS: Final = {
    "receivables": "1122",
    "deferred_revenue": "2205",
    "revenue": "6001",
    "cash": "1002",
    "tax": "2221",
}


def policy() -> RevenuePolicy:
    """Return the policy; version 0 until one is set: no reminders, the usual accounts."""
    return decided(RevenuePolicy, accounts=ACCOUNTS)


def set_policy(*, by: Principal, version: int | None, **terms: Any) -> RevenuePolicy:
    """Replace the policy: accounts, contract_method, payment_days, dunning."""
    return decide(policy(), by=by.id, version=version, **terms)
