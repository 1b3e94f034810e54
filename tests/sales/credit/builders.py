"""What credit needs around it: a policy with limits, customers who owe, and what they owe."""

from typing import Any

from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.credit import service
from chalicelib.sales.credit.models import CreditPolicy
from tests.client import OPERATIONS, REP

ACCOUNT = "account_" + "0" * 25 + "1"


def terms(**given: Any) -> dict[str, Any]:
    """Return what a grade gives, as operations send it: no limits, no bounds, unless given."""
    return {"limits": [], "payment_days": None, "cash_only": False, **given}


def earned(days: int, share: int | None = None, **given: Any) -> dict[str, Any]:
    """Return a grade that is earned by being so many days late on average at the most."""
    conduct = {"most_days_late": days, "most_overdue_bps": share, "fewest_instalments": 0, "fewest_months": 0}
    company = {"fewest_employees": 0, "fewest_years": 0, "least_revenue": []}
    return terms(**conduct | company | given)


def decided(**of_grade: dict[str, Any]) -> CreditPolicy:
    """Decide the policy: the usual bounds, and by grade what is given beside them."""
    bounds = {"A": (3, 0), "B": (10, 1_000), "C": (30, 5_000)}
    grades = {grade: earned(*found, **of_grade.get(grade, {})) for grade, found in bounds.items()}
    grades["D"] = terms(**of_grade.get("D", {}))
    version = service.policy().version
    return service.set_policy(by=OPERATIONS, version=version, default_grade="B", grades=grades)


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
