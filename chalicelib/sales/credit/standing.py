"""How an account stands with us: its limit, what is free of it, its terms, and what speaks against more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from chalicelib.core import clock
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.credit.company import UNKNOWN, Company, companies
from chalicelib.sales.credit.grading import GradeTerms, beginning
from chalicelib.sales.credit.models import CreditPolicy, CreditProfile, profile_id
from chalicelib.sales.credit.policy import policy


@dataclass(frozen=True)
class Standing:
    """An account's profile, read by the policy as it is now."""

    profile: CreditProfile
    policy: CreditPolicy

    @cached_property
    def review(self) -> dict[str, Any] | None:
        """The review that holds today."""
        return holding(self.profile.review, clock.today())

    @property
    def grade(self) -> str:
        """The grade that counts: the one earned, or that of a review."""
        return grade_by(self.review, self.profile.earned)

    @cached_property
    def terms(self) -> GradeTerms:
        """What the grade gives."""
        return self.policy.terms(self.grade)

    @property
    def own_limits(self) -> dict[str, int]:
        """Limits that a review gave to this account alone."""
        limits: dict[str, int] = self.review["limits"] if self.review else {}
        return limits

    @property
    def limits(self) -> dict[str, int]:
        """The limits that are named, by currency, in minor units."""
        return {**self.terms.limits, **self.own_limits}

    @property
    def longest_days(self) -> int | None:
        """How long it may take to pay, None for any time."""
        return 0 if self.terms.cash_only else self.terms.payment_days

    def exposure(self, currency: str) -> int:
        """Return what it owes, in minor units."""
        return int(self.profile.exposure.get(currency, 0))

    def limit(self, currency: str) -> int | None:
        """Return how much it may owe, None for as much as it likes."""
        own = self.own_limits.get(currency)
        if own is None and self.terms.limits:
            return self.terms.limits.get(currency, 0)
        return own

    def free(self, currency: str) -> int | None:
        """Return how much more it may owe; below zero when it owes more than it may by now."""
        limit = self.limit(currency)
        return None if limit is None else limit - self.exposure(currency)

    def stopped(self) -> Iterator[FieldError]:
        """Yield why nothing at all is sold to it or shipped."""
        if stop := self.profile.stop:
            yield FieldError("credit", "credit_stopped", {"reason": stop["reason"]})

    def speaks_against(self, total: Money, *, days: int) -> Iterator[FieldError]:
        """Yield why an order of a total, to be paid within so many days, is not given without asking.

        An order that costs nothing asks for no credit; nor does one that is paid before it goes out.
        """
        if total.minor <= 0:
            return
        most = self.longest_days
        if most is not None and days > most:
            code = "credit_cash_only" if self.terms.cash_only else "credit_terms"
            yield FieldError("credit", code, {"days": days, "most": most, "grade": self.grade})
        if not self.terms.cash_only:
            yield from self.beyond(total)

    def beyond(self, total: Money) -> Iterator[FieldError]:
        """Yield that a total is more than is free of the limit, if it is."""
        limit, free = self.limit(total.currency), self.free(total.currency)
        if limit is not None and free is not None and total.minor > free:
            told = {
                "total": total,
                "limit": Money(limit, total.currency),
                "owed": Money(self.exposure(total.currency), total.currency),
                "free": Money(max(0, free), total.currency),
            }
            yield FieldError("credit", "credit_limit", told)


def holding(review: dict[str, Any] | None, on: date) -> dict[str, Any] | None:
    """Return a review if it holds on a day."""
    return review if review and review["until"] >= on.isoformat() else None


def grade_by(review: dict[str, Any] | None, earned: str) -> str:
    """Return the grade that counts: that of a review which gives one, else the one earned."""
    reviewed: str | None = review["grade"] if review else None
    return reviewed or earned


def standing(account_id: str) -> Standing:
    """Return how an account stands; one without a profile (version 0) owes nothing and is new."""
    rules = policy()
    found = CreditProfile.find(profile_id(account_id))
    return Standing(found or _unknown(account_id, rules), rules)


def _unknown(account_id: str, rules: CreditPolicy) -> CreditProfile:
    company = company_of(account_id, rules)
    found = beginning(rules.grades, rules.default_grade, company, today=clock.today())
    return CreditProfile(
        profile_id(account_id),
        account_id=account_id,
        grade=found.grade,
        earned=found.grade,
        reasons=found.reasons,
        version=0,
    )


def company_of(account_id: str, rules: CreditPolicy) -> Company:
    """Return what is known of an account's company; it is read only where a grade asks for any of it."""
    return companies([account_id]).get(account_id, UNKNOWN) if rules.asks_company else UNKNOWN
