"""What credit needs around it: a policy with limits, customers who owe, and what they owe."""

from typing import Any

from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.credit import service
from chalicelib.sales.credit.models import CreditPolicy
from tests.client import OPERATIONS, REP

ACCOUNT = "account_" + "0" * 25 + "1"


def rule(grade: str, **terms: Any) -> dict[str, Any]:
    """Return a grade of the policy as operations send it: without bounds, limits or terms unless given."""
    nothing = {"most_days_late": None, "most_overdue_bps": None, "fewest_instalments": 0, "fewest_months": 0}
    return {"grade": grade, **nothing, "limits": [], "payment_days": None, "cash_only": False} | terms


def decided(**of_grade: dict[str, Any]) -> CreditPolicy:
    """Decide the policy: the usual bounds, and by grade what is given beside them."""
    bounds = {"A": (3, 0), "B": (10, 1_000), "C": (30, 5_000), "D": (None, None)}
    grades = [
        rule(grade, most_days_late=days, most_overdue_bps=share, **of_grade.get(grade, {}))
        for grade, (days, share) in bounds.items()
    ]
    return service.set_policy(
        by=OPERATIONS, version=service.policy().version, default_grade="B", grades=grades
    )


def limit(minor: int, currency: str = "CNY") -> dict[str, Any]:
    """Return a grade's one limit."""
    return {"limits": [Money(minor, currency)]}


def owe(minor: int, *, account_id: str = ACCOUNT, allowed: bool = False) -> None:
    """Let an account owe more, as an order's activation does."""
    step = Step(by=REP.id)
    service.hold(step, service.standing(account_id), Money(minor, "CNY"), allowed=allowed)
    step.commit()


def owed(account_id: str = ACCOUNT, currency: str = "CNY") -> int:
    """Return what an account owes."""
    return service.standing(account_id).exposure(currency)
