"""Requests about credit that succeed."""

from typing import Any, Final

from chalicelib.sales.credit import service as credit
from tests.client import FINANCE, OPERATIONS
from tests.faults.asks import WHY, Ask, Row
from tests.faults.world import World

_REVIEW: Final = {"grade": "A", "until": "2099-12-31", "reason": "Bank guarantee"}
_GRADES: Final[list[dict[str, Any]]] = [
    {
        "grade": grade,
        "most_days_late": days,
        "most_overdue_bps": None,
        "fewest_instalments": 0,
        "fewest_months": 0,
        "limits": [],
        "payment_days": None,
        "cash_only": False,
    }
    for grade, days in (("A", 0), ("B", 10), ("C", 30), ("D", None))
]


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
