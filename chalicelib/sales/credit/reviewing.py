"""What people decide about one customer's credit: a review that gives it a grade or a limit of its own
for a time, and a stop. Each is on the profile's log, with who decided it and why.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.credit.regrading import put
from chalicelib.sales.credit.standing import Standing, standing


def review(
    account_id: str,
    *,
    reason: str,
    until: date,
    by: Principal,
    version: int | None,
    grade: str | None = None,
    limits: Sequence[Money] = (),
) -> None:
    """Give an account a grade, or limits, of its own up to and with a day. It replaces an earlier review.

    Invalid, naming the fields: a day that has passed, two limits in one currency, neither of both.
    """
    found = _reached(account_id, by=by, version=version)
    own = {limit.currency: limit.minor for limit in limits}
    wrong = [
        FieldError(name, code)
        for name, code, is_wrong in (
            ("until", "in_past", until < clock.today()),
            ("limits", "duplicate_currency", len(own) < len(limits)),
            ("grade", "credit_nothing_decided", not (grade or own)),
        )
        if is_wrong
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    decided = {"grade": grade, "limits": own, "until": until.isoformat(), **_why(reason, by)}
    _decide(found, by=by, review=decided)


def end_review(account_id: str, *, by: Principal, version: int | None) -> None:
    """Let the account's own conduct count again."""
    _decide(_reached(account_id, by=by, version=version), by=by, review=None)


def stop(account_id: str, *, reason: str, by: Principal, version: int | None) -> None:
    """Sell and ship nothing more to an account until that is lifted."""
    _decide(_reached(account_id, by=by, version=version), by=by, stop=_why(reason, by))


def lift(account_id: str, *, by: Principal, version: int | None) -> None:
    """Let an account be sold to and shipped to again."""
    _decide(_reached(account_id, by=by, version=version), by=by, stop=None)


def _why(reason: str, by: Principal) -> dict[str, Any]:
    return {"reason": reason, "by": by.id, "at": clock.iso(clock.now())}


def _reached(account_id: str, *, by: Principal, version: int | None) -> Standing:
    """Return how an account stands. NotFound out of reach; Forbidden when theirs to read only; Stale."""
    accounts.account(account_id, who=by, to_write=True)
    found = standing(account_id)
    expect(found.profile, version)
    return found


def _decide(found: Standing, *, by: Principal, **decided: Any) -> None:
    """Write what was decided, with the grade that follows."""
    step = Step(by=by.id)
    put(step, found.profile, **decided)
    step.commit()
