"""Which contracts slip in their execution, and how badly. Pure."""

from typing import Any, Final, Protocol

from chalicelib.sales.contracts.milestones import Milestone

#: Statuses in which what was promised can still be late.
_UNDER_WAY: Final = frozenset({"ACTIVATED", "EXPIRED"})
#: From this part of the value on (one fifth), one overdue milestone is a high risk.
_LARGE: Final = 5
#: The list of all that slip.
LIST: Final = "contracts"


class Running(Protocol):
    """What of a contract its risk follows from."""

    id: Any
    status: Any
    value: Any

    @property
    def milestones(self) -> list[Milestone]:
        """Its steps."""


def level(contract: Running) -> str | None:
    """Return HIGH, MEDIUM, or None when nothing is overdue.

    High: two milestones are overdue, or a fifth of the value is, or the contract has ended meanwhile.
    """
    late = [step for step in contract.milestones if step.overdue]
    if contract.status not in _UNDER_WAY or not late:
        return None
    owed = sum(step.amount.minor for step in late if step.amount)
    is_large = owed > 0 and owed * _LARGE >= contract.value.minor
    return "HIGH" if len(late) > 1 or is_large or contract.status == "EXPIRED" else "MEDIUM"


def standing(contract: Running) -> dict[str, str | None]:
    """Return a contract's place among those that slip: the highest risk, then the longest overdue, first."""
    risk = level(contract)
    if risk is None:
        return {"risk": None, "risk_rank": None, "risk_list": None}
    since = min(step.due_on for step in contract.milestones if step.overdue)
    rank = f"{0 if risk == 'HIGH' else 1}|{since.isoformat()}|{contract.id}"
    return {"risk": risk, "risk_rank": rank, "risk_list": LIST}
