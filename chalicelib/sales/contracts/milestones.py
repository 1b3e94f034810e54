"""What a contract obliges to, step by step, and how far that is fulfilled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from chalicelib.core.money import Money

#: Milestones of a contract; what falls due of them in one night is one transaction.
MOST_MILESTONES: Final = 50


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step, perhaps with an amount. `number` counts from 1; `overdue` is set when its day passed.

    `evidence` is what shows that it was done: an acceptance, a delivery note, a link.
    """

    number: int
    name: str
    due_on: date
    amount: Money | None = None
    done_on: date | None = None
    evidence: str | None = None
    overdue: bool = False

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_on is None and self.due_on < today

    def row(self) -> dict[str, Any]:
        """Return it as kept on the contract."""
        return {
            "number": self.number,
            "name": self.name,
            "due_on": self.due_on.isoformat(),
            "amount_minor": self.amount and self.amount.minor,
            "done_on": self.done_on and self.done_on.isoformat(),
            "evidence": self.evidence,
            "overdue": self.overdue,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Milestone":
        """Return the milestone that `row` kept."""
        minor, done_on = row["amount_minor"], row["done_on"]
        return cls(
            number=row["number"],
            name=row["name"],
            due_on=date.fromisoformat(row["due_on"]),
            amount=None if minor is None else Money(minor, currency),
            done_on=done_on and date.fromisoformat(done_on),
            evidence=row["evidence"],
            overdue=row["overdue"],
        )


def fulfilment_status(milestones: Sequence[Milestone]) -> str:
    """Return how far a contract is fulfilled; LAPSED as long as something is overdue."""
    done = [milestone for milestone in milestones if milestone.done_on]
    if not milestones:
        return "NOT_APPLICABLE"
    if len(done) == len(milestones):
        return "FULFILLED"
    if any(milestone.overdue for milestone in milestones):
        return "LAPSED"
    return "PARTLY_FULFILLED" if done else "UNFULFILLED"
