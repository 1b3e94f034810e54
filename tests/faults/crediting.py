"""Requests about credit that succeed."""

from typing import Final

from chalicelib.sales.credit import service as credit
from tests.client import FINANCE, OPERATIONS
from tests.faults.asks import WHY, Ask, Row
from tests.faults.world import World
from tests.sales.credit.builders import earned, terms

_GRADES: Final = {"A": earned(0), "B": earned(10), "C": earned(30), "D": terms()}
_REVIEW: Final = {"grade": "A", "until": "2099-12-31", "reason": "Bank guarantee"}


def stopped(world: World) -> str:
    """Return a customer that is stopped."""
    account_id: str = world.account().id
    credit.stop(account_id, reason="Insolvent", version=None, by=FINANCE)
    return account_id


CREDIT: Final[dict[str, Row]] = {
    "credit.review_credit": lambda w: Ask(FINANCE, (w.account().id,), _REVIEW),
    "credit.end_credit_review": lambda w: Ask(FINANCE, (stopped(w),), match=1),
    "credit.stop_credit": lambda w: Ask(FINANCE, (w.account().id,), WHY),
    "credit.lift_credit_stop": lambda w: Ask(FINANCE, (stopped(w),)),
    "credit_policy.set_credit_policy": lambda w: Ask(
        OPERATIONS, body={"default_grade": "B", "grades": _GRADES}, match=credit.policy().version
    ),
}
