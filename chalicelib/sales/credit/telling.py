"""How an account's credit is shown: by currency, with its conduct and what people decided."""

from typing import Any

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.sales.credit.history import Facts
from chalicelib.sales.credit.standing import Standing


def told(standing: Standing) -> dict[str, Any]:
    """Return a standing as `schemas.CreditView` has it."""
    profile, facts = standing.profile, standing.profile.facts
    currencies = sorted({*profile.exposure, *standing.limits, *facts.overdue})
    return {
        "account_id": profile.account_id,
        "grade": standing.grade,
        "earned": profile.earned,
        "reasons": profile.reasons,
        "graded_on": profile.graded_on,
        "customer_since": profile.customer_since,
        "payment_days": standing.longest_days,
        "cash_only": standing.terms.cash_only,
        "currencies": [_debt(standing, facts, currency) for currency in currencies],
        "conduct": _conduct(facts),
        "review": standing.review,
        "stop": profile.stop,
        "version": profile.version,
    }


def _debt(standing: Standing, facts: Facts, currency: str) -> dict[str, Any]:
    minor = {
        "owed": standing.exposure(currency),
        "overdue": facts.overdue.get(currency, 0),
        "limit": standing.limit(currency),
        "free": standing.free(currency),
    }
    amounts = {name: n if n is None else Money(n, currency) for name, n in minor.items()}
    return {"currency": currency, **amounts}


def _conduct(facts: Facts) -> dict[str, int]:
    return {
        "settled": facts.settled,
        "settled_late": facts.settled_late,
        "mean_days_late": facts.mean_days_late(clock.today()),
        "overdue": facts.overdue_count,
    }
