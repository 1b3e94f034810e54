"""How money stands: instalments with what is paid of them, payments with what they settle."""

from dataclasses import dataclass

from chalicelib.core import clock
from chalicelib.core.money import Money
from chalicelib.sales.orders.balance import Rows, Settlement
from chalicelib.sales.orders.collecting import Instalment, Payment


@dataclass(frozen=True, slots=True)
class Due(Instalment):
    """An instalment: `amount` was agreed, `owed` is left of it after what was cancelled or sent back."""

    number: int
    owed: Money
    paid: Money

    @property
    def open(self) -> Money:
        """What is still to be paid of it."""
        return Money(self.owed.minor - self.paid.minor, self.owed.currency)

    @property
    def status(self) -> str:
        """OPEN, PARTLY_PAID, PAID, OVERDUE (after its day), or DROPPED where nothing is left of it."""
        # Nothing is agreed as an instalment by itself: an amendment leaves that, from the last one on. The
        # first one has nothing only where the order costs nothing, and that is paid.
        if not self.owed.minor and (self.amount.minor or self.number > 1):
            return "DROPPED"
        if not self.open.minor:
            return "PAID"
        if self.due_on < clock.today():
            return "OVERDUE"
        return "PARTLY_PAID" if self.paid.minor else "OPEN"


@dataclass(frozen=True, slots=True)
class Part:
    """What a payment gives to an instalment."""

    instalment: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied(Payment):
    """A payment with the instalments that it settles; `unapplied` settles none, it is the customer's."""

    settles: tuple[Part, ...]
    unapplied: Money


def dues(rows: Rows, made: Settlement, currency: str) -> list[Due]:
    """Return the instalments, as kept, with what is paid of them."""
    sums = enumerate(zip(rows, made.due, made.paid, strict=True), start=1)
    return [
        Due.of_row(row, currency, number=number, owed=Money(owed, currency), paid=Money(paid, currency))
        for number, (row, owed, paid) in sums
    ]


def applied(rows: Rows, made: Settlement, currency: str) -> list[Applied]:
    """Return the payments, as kept, with what they settle."""
    return [
        Applied.of_row(
            row,
            currency,
            settles=tuple(Part(at + 1, Money(minor, currency)) for at, minor in sorted(given.items())),
            unapplied=Money(spare, currency),
        )
        for row, given, spare in zip(rows, made.parts, made.spare, strict=True)
    ]
