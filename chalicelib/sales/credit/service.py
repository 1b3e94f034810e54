"""What one does with credit: here reading how customers stand; what orders ask and people decide beside."""

from typing import Any

from chalicelib.core import access
from chalicelib.core.access import Principal
from chalicelib.core.table import Page, Record, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.credit.auditing import Held, Report, compare, held_by
from chalicelib.sales.credit.exposure import hold, move, require_going
from chalicelib.sales.credit.history import Part
from chalicelib.sales.credit.models import CreditProfile
from chalicelib.sales.credit.policy import policy, set_policy
from chalicelib.sales.credit.regrading import look_at, regrade, regrade_everybody, take_in
from chalicelib.sales.credit.reviewing import end_review, lift, review, stop
from chalicelib.sales.credit.standing import Standing, standing

__all__ = [
    "Held",
    "Part",
    "Report",
    "Standing",
    "compare",
    "credit_of",
    "customers",
    "end_review",
    "held_by",
    "hold",
    "lift",
    "look_at",
    "move",
    "policy",
    "regrade",
    "regrade_everybody",
    "require_going",
    "review",
    "set_policy",
    "standing",
    "stop",
    "take_in",
]


def credit_of(account_id: str, *, who: Principal) -> Standing:
    """Return how an account stands. NotFound for one out of reach."""
    accounts.account(account_id, who=who)
    return standing(account_id)


def customers(*, grade: str, who: Principal, **paging: Any) -> Page[Standing]:
    """Return a page of the customers of a grade that are in reach. One Query, one read of their accounts."""
    found = page(CreditProfile.by_grade.query, grade, newest_first=False, **paging)
    known = Record.many_anywhere(profile.account_id for profile in found.items)
    rules = policy()
    reached = [
        Standing(profile, rules)
        for profile in found.items
        if profile.account_id in known and access.reaches(who, known[profile.account_id])
    ]
    return Page(reached, found.after)
