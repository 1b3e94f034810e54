"""What schedules and postings are made of, as they are read: months and sides."""

from dataclasses import dataclass

from chalicelib.core.money import Money


@dataclass(frozen=True, slots=True)
class Monthly:
    """An amount of a month; ``undated``: of none that anybody could name."""

    month: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Side:
    """A line of a posting: a debit or a credit of an account, the other one nothing."""

    account: str
    debit: Money
    credit: Money
