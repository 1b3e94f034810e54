"""What one does with credit: here reading how customers stand; what orders ask and people decide beside."""

from collections.abc import Iterable
from typing import Any

from chalicelib.core import access
from chalicelib.core.access import Principal
from chalicelib.core.table import Page, Record, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.credit.auditing import Held, Report, compare, held_by
from chalicelib.sales.credit.exposure import hold, move, require_going
from chalicelib.sales.credit.history import Part
from chalicelib.sales.credit.models import CreditProfile, profile_id
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
    "standings",
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
    return Page(_reached(found.items, who), found.after)


def standings(account_ids: Iterable[str], *, who: Principal) -> list[Standing]:
    """Return how those of some accounts stand that are in reach, and ever owed anything.

    Two BatchGets for each hundred.
    """
    ids = list(account_ids)
    found = CreditProfile.fetch_many(map(profile_id, ids))
    return _reached([found[each] for each in map(profile_id, ids) if each in found], who)


def _reached(profiles: Iterable[CreditProfile], who: Principal) -> list[Standing]:
    found = list(profiles)
    known = Record.many_anywhere(profile.account_id for profile in found)
    rules = policy()
    return [
        Standing(profile, rules)
        for profile in found
        if profile.account_id in known and access.reaches(who, known[profile.account_id])
    ]
