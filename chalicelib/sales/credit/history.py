"""How orders and contracts were paid: each instalment with the day it was settled on, and what they come to.

Pure. Which payment settles what is their business; they tell the outcome. Facts are sums, so that one's
share can be taken out and put in again; and they hold no "today": how late the unpaid ones are
is reckoned when somebody asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Self

from chalicelib.core.measures import Image

#: Minor units by currency.
Amounts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment: what is due on a day, how much of it is open, and when it was settled."""

    due_on: date
    amount: int
    open: int
    settled_on: date | None = None

    @property
    def days_late(self) -> int:
        """Days from when it was due to when it was settled; none while it is open, or when in time."""
        return max(0, (self.settled_on - self.due_on).days) if self.settled_on else 0

    def row(self) -> dict[str, Any]:
        """Return it as kept."""
        settled_on = self.settled_on and self.settled_on.isoformat()
        return {
            "due_on": self.due_on.isoformat(), "amount_minor": self.amount, "open_minor": self.open,
            "settled_on": settled_on,
        }  # fmt: skip

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """Return the part that `row` kept."""
        settled_on = row["settled_on"] and date.fromisoformat(row["settled_on"])
        due_on = date.fromisoformat(row["due_on"])
        return cls(due_on, row["amount_minor"], row["open_minor"], settled_on)


def parts_of(source: Image) -> list[Part]:
    """Return the instalments that the image of an order or schedule tells of."""
    return [Part.of_row(row) for row in source.get("payment_record") or ()]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an account's payments come to.

    `settled` instalments were paid in full, `settled_late` of them after their day, `days_late` days
    in sum; `paid` and `paid_late` are their amounts. `overdue_count` are open past their day, which
    were due on days whose ordinals sum to `overdue_since`. `open` is all that is still to come in,
    `overdue` the part of it past its day.
    """

    settled: int = 0
    settled_late: int = 0
    days_late: int = 0
    overdue_count: int = 0
    overdue_since: int = 0
    paid: Amounts = field(default_factory=dict)
    paid_late: Amounts = field(default_factory=dict)
    open: Amounts = field(default_factory=dict)
    overdue: Amounts = field(default_factory=dict)

    @classmethod
    def of(cls, counts: Mapping[str, Any]) -> Self:
        """Return the facts that were kept."""
        return cls(**counts)

    @property
    def counts(self) -> dict[str, Any]:
        """The facts as they are kept; what is nothing is left out."""
        return {name: count for name, count in asdict(self).items() if count}

    @property
    def judged(self) -> int:
        """How many instalments there are to judge by."""
        return self.settled + self.overdue_count

    def days_late_by(self, today: date) -> int:
        """Return all days late: of what was settled, and of what is overdue up to today."""
        return self.days_late + self.overdue_count * today.toordinal() - self.overdue_since

    def mean_days_late(self, today: date) -> int:
        """Return the mean of them by instalment, in begun days."""
        return -(-self.days_late_by(today) // self.judged) if self.judged else 0

    @property
    def worst_overdue_share(self) -> Fraction:
        """What is overdue of what is open, in the currency where it is most."""
        shares = [Fraction(minor, self.open[currency]) for currency, minor in self.overdue.items()]
        return max(shares, default=Fraction(0))


def facts_of(parts: Iterable[Part], currency: str, today: date) -> Facts:
    """Return what instalments come to on a day."""
    found = list(parts)
    settled = [part for part in found if part.settled_on]
    late = [part for part in settled if part.days_late]
    overdue = [part for part in found if part.open and part.due_on < today]
    return Facts(
        settled=len(settled),
        settled_late=len(late),
        days_late=sum(part.days_late for part in late),
        overdue_count=len(overdue),
        overdue_since=sum(part.due_on.toordinal() for part in overdue),
        paid=_amount(currency, (part.amount for part in settled)),
        paid_late=_amount(currency, (part.amount for part in late)),
        open=_amount(currency, (part.open for part in found)),
        overdue=_amount(currency, (part.open for part in overdue)),
    )


def _amount(currency: str, minor: Iterable[int]) -> Amounts:
    total = sum(minor)
    return {currency: total} if total else {}


def moved(facts: Facts, *, out: Facts, into: Facts) -> Facts:
    """Return facts without one share and with another."""
    return Facts(
        **{
            name: _moved(getattr(facts, name), getattr(out, name), getattr(into, name))
            for name in Facts.__dataclass_fields__
        }
    )


def _moved(now: Any, out: Any, into: Any) -> Any:
    if isinstance(now, int):
        return now - out + into
    sums = {
        currency: now.get(currency, 0) - out.get(currency, 0) + into.get(currency, 0)
        for currency in {*now, *out, *into}
    }
    return {currency: minor for currency, minor in sorted(sums.items()) if minor}


def falls_due_after(parts: Iterable[Part], today: date) -> date | None:
    """Return the next day on which something unpaid is due, today included; None when there is none."""
    return min((part.due_on for part in parts if part.open and part.due_on >= today), default=None)
