"""The balance of an order: what is owed, what is here, and which payment settles what of it.

All of it follows from what is kept of lines, returns, payments and refunds, as the record has them
and the stream shows them alike. Always, in minor units:

    received = settled + refunded + credit        owed = settled + open
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.sales.orders.lines import worth
from chalicelib.sales.orders.shipping import pieces

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums of an order, in minor units.

    `owed` is for what was ordered and neither cancelled nor sent back; `received` came in and was
    not recorded by mistake.
    """

    owed: int
    received: int
    refunded: int

    @property
    def held(self) -> int:
        """What came in and was not paid back."""
        return self.received - self.refunded

    @property
    def settled(self) -> int:
        """What is paid of what is owed."""
        return min(self.owed, self.held)

    @property
    def credit(self) -> int:
        """What is here and nothing is owed for: the customer's."""
        return self.held - self.settled

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return self.owed - self.settled


def balance(*, lines: Rows, returns: Rows, payments: Rows, refunds: Rows, cancelled: bool) -> Balance:
    """Return the sums; for an order that was `cancelled` as a whole nothing is owed."""
    back = pieces(returns)
    owed = sum(worth(row, row["quantity"] - row.get("cancelled", 0) - back[row["number"]]) for row in lines)
    return Balance(
        owed=0 if cancelled else owed,
        received=sum(row["amount_minor"] for row in payments if not row["taken_back_on"]),
        refunded=sum(row["amount_minor"] for row in refunds),
    )


def filled(amounts: Sequence[int], minor: int) -> Iterator[int]:
    """Yield how much of each amount is there when so much fills the first ones first."""
    for amount in amounts:
        part = min(amount, minor)
        minor -= part
        yield part


@dataclass(frozen=True, slots=True)
class Settlement:
    """Which payment settles which instalment, in minor units.

    `due` is what each instalment still asks for, whether paid or not: what was cancelled or sent
    back comes off the last ones. `parts` has for each payment what it gives, by the instalment's
    place; `spare` what of it settles nothing and was not paid back.
    """

    due: list[int]
    parts: list[dict[int, int]]
    spare: list[int]

    @property
    def paid(self) -> list[int]:
        """What is paid of each instalment."""
        return [sum(part.get(at, 0) for part in self.parts) for at in range(len(self.due))]


def settlement(*, instalments: Rows, payments: Rows, sums: Balance) -> Settlement:
    """Return it: each payment for its own instalment first, if it names one, then the oldest open one.

    What was paid back is of the payments that came last.
    """
    due = list(filled([row["amount_minor"] for row in instalments], sums.owed))
    came = [0 if row["taken_back_on"] else row["amount_minor"] for row in payments]
    left, parts, spare = list(due), [], []
    for row, minor in zip(payments, filled(came, sums.held), strict=True):
        given = _given(left, minor, named=row.get("instalment"))
        parts.append(given)
        spare.append(minor - sum(given.values()))
    return Settlement(due, parts, spare)


def _given(left: list[int], minor: int, *, named: int | None) -> dict[int, int]:
    """Take an amount off what is left of the instalments; return what each was given."""
    given: dict[int, int] = {}
    first = [named - 1] if named else []
    for at in (*first, *range(len(left))):
        if part := min(left[at], minor):
            given[at] = given.get(at, 0) + part
            left[at] -= part
            minor -= part
    return given


def payment_status(sums: Balance, *, active: bool, cancelled: bool) -> str:
    """Return UNPAID, PARTLY_PAID, PAID, OVERPAID or REFUNDED; nothing is owed before the activation.

    An order that costs nothing is paid, one that was cancelled unpaid is not.
    """
    if not active:
        return "UNPAID"
    if sums.credit:
        return "OVERPAID"
    if sums.open:
        return "PARTLY_PAID" if sums.settled else "UNPAID"
    if sums.refunded and not sums.held:
        return "REFUNDED"
    return "UNPAID" if cancelled else "PAID"
