"""The one place that counts what an account owes: exactly, in the transaction of what moves it.

Nobody has to have read the number: it is added to, under a condition that holds at that very moment.
So of a hundred orders activated at once, exactly as many go through as the limit has room for.
"""

from typing import Any

from chalicelib.core import errors
from chalicelib.core.attributes import plain
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.step import RawItem, Step, stale
from chalicelib.sales.credit.models import CreditProfile, profile_id
from chalicelib.sales.credit.standing import Standing
from chalicelib.sales.credit.standing import standing as standing_of


def hold(step: Step, standing: Standing, amount: Money, *, allowed: bool = False) -> None:
    """Add to a step that an account owes so much more, if its limit has room at that moment.

    `allowed`: somebody has approved it beyond the limit. Blocked when there is no room, or the account
    is stopped, which nobody's approval gets over. Stale from the commit when it changed meanwhile: ask
    anew.
    """
    refused = [*standing.stopped(), *(() if allowed else _no_room(standing, amount))]
    if refused:
        raise errors.Blocked(*refused)
    if amount.minor <= 0:
        return
    if not standing.profile.version:
        _open(step, standing, amount)
        return
    step.add(standing.profile, _number(amount), where=_room(standing, amount, allowed=allowed))


def _no_room(standing: Standing, amount: Money) -> Any:
    return () if standing.terms.cash_only else standing.beyond(amount)


def _room(standing: Standing, amount: Money, *, allowed: bool) -> Any:
    """Return the condition under which the account may owe so much more: still of that grade and review."""
    reviewed, read = CreditProfile.review, standing.profile
    same = (reviewed == read.review) if read.review else reviewed.does_not_exist()
    going = CreditProfile.stop.does_not_exist() & (CreditProfile.earned == read.earned) & same
    limit = standing.limit(amount.currency)
    if allowed or limit is None or standing.terms.cash_only:
        return going
    owed = CreditProfile.exposure[amount.currency]
    return going & (owed.does_not_exist() | (owed <= limit - amount.minor))


def move(step: Step, account_id: str, amount: Money) -> None:
    """Add to a step that an account owes so much more, or (below zero) less, whatever its limit."""
    # Less is owed only by who owed something; more, perhaps, by an order from before there were profiles.
    if amount.minor > 0 and not (found := standing_of(account_id)).profile.version:
        _open(step, found, amount)
    else:
        step.add(CreditProfile(profile_id(account_id)), _number(amount))


def require_going(step: Step, account_id: str) -> None:
    """Let a step happen only while the account is not stopped. Blocked, with the reason, from the commit."""
    profile = CreditProfile(profile_id(account_id))
    step.require(profile, CreditProfile.stop.does_not_exist(), refusal=_stopped)


def _open(step: Step, standing: Standing, amount: Money) -> None:
    made = standing.profile.begun(limits=standing.limits, exposure={amount.currency: amount.minor})
    step.create(made, refusal=stale)  # somebody else was faster


def _number(amount: Money) -> dict[str, int]:
    return {f"exposure.{amount.currency}": amount.minor}


def _stopped(stood: RawItem | None) -> errors.SalesError:
    stop = plain(stood or {})["stop"]
    return errors.Blocked(FieldError("credit", "credit_stopped", {"reason": stop["reason"]}))
