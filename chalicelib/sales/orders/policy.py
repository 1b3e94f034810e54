"""What operations decide about orders, as data: approval, days to pay and to send back, the prefix."""

from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.orders.models import OrderPolicy


def policy() -> OrderPolicy:
    """Return the policy; until operations set one (version 0): every order needs approval."""
    return OrderPolicy.find(OrderPolicy.THE_ONE) or OrderPolicy(version=0)


def set_policy(
    *,
    by: Principal,
    version: int | None,
    approval_limits: list[Money],
    payment_days: int,
    number_prefix: str,
    return_days: int | None = None,
) -> OrderPolicy:
    """Replace the policy. Invalid when a currency has two limits."""
    limits = {limit.currency: limit.minor for limit in approval_limits}
    if len(limits) < len(approval_limits):
        raise errors.Invalid.one("approval_limits", "duplicate_currency")
    terms: dict[str, Any] = {
        "limits": limits,
        "payment_days": payment_days,
        "number_prefix": number_prefix,
        "return_days": return_days,
    }
    found = OrderPolicy.find(OrderPolicy.THE_ONE)
    step = Step(by=by.id)
    if found:
        expect(found, version)
        step.change(found, **terms)
        step.commit()
        return found
    made = OrderPolicy(**terms)
    if version:
        raise errors.Stale
    step.create(made)
    step.commit()
    return made


def needs_approval(total: Money) -> bool:
    """Whether an order of this total is to be approved by somebody."""
    limit = policy().limits.get(total.currency)
    return limit is None or total.minor > limit
