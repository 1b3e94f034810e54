"""What is decided about revenue, as data: account codes, days to pay, methods, the steps of reminding."""

from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import expect
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
    return RevenuePolicy.find(RevenuePolicy.THE_ONE) or RevenuePolicy(version=0, accounts=ACCOUNTS)


def set_policy(*, by: Principal, version: int | None, **terms: Any) -> RevenuePolicy:
    """Replace the policy: accounts, contract_method, payment_days, dunning."""
    found = RevenuePolicy.find(RevenuePolicy.THE_ONE)
    step = Step(by=by.id)
    if found:
        expect(found, version)
        step.change(found, **terms)
        step.commit()
        return found
    if version:
        raise errors.Stale
    made = RevenuePolicy(**terms)
    step.create(made)
    step.commit()
    return made
