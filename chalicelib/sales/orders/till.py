"""Money that comes in and goes back for what is owed: its rules, for orders and contracts alike. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.sales.orders.balance import Balance, Rows, Settlement, settlement
from chalicelib.sales.orders.collecting import Payment, Refund
from chalicelib.sales.orders.parts import added, given, known


@dataclass(frozen=True, slots=True)
class Till:
    """What came in and went back so far, as kept, for `owed` minor units; `most` parts may be recorded."""

    currency: str
    owed: int
    payment_rows: Sequence[Any]
    refund_rows: Sequence[Any]
    most: int

    @property
    def sums(self) -> Balance:
        """What is owed, what is here."""
        return Balance(
            owed=self.owed,
            received=sum(row["amount_minor"] for row in self.payment_rows if not row["taken_back_on"]),
            refunded=sum(row["amount_minor"] for row in self.refund_rows),
        )

    def settlement(self, instalments: Rows) -> Settlement:
        """Return which payment settles which of the instalments, that come to what is owed."""
        return settlement(instalments=instalments, payments=self.payment_rows, sums=self.sums)

    @property
    def open(self) -> Money:
        """What is still to be paid."""
        return self._of(self.sums.open)

    @property
    def credit(self) -> Money:
        """What is here and nothing is owed for."""
        return self._of(self.sums.credit)

    def has_payment(
        self, reference: str, *, amount: Money, method: str, paid_on: date | None = None, **more: Any
    ) -> bool:
        """Whether this very payment is recorded. Conflict when its reference names another one."""
        asked = {"amount": amount, "method": method, "taken_back_on": None, **given(paid_on=paid_on, **more)}
        return known([Payment.of_row(row, self.currency) for row in self.payment_rows], reference, asked)

    def paid(self, part: Payment, *, keep_excess: bool) -> list[Any]:
        """Return the rows with one more payment.

        Invalid for another currency, or more than is open, unless what is too much is to be kept for
        the customer. Conflict when there are as many parts as may be.
        """
        self._require_currency(part.amount)
        if part.amount.minor > self.open.minor and not keep_excess:
            raise errors.Invalid.one("amount", "more_than_owed", open=self.open)
        return added(self.payment_rows, part, beside=self.refund_rows, most=self.most)

    def taken_back(self, reference: str, *, reason: str) -> list[Any]:
        """Return the rows with a payment that counts no more. Invalid for a reference not there.

        Blocked when more was refunded than would then have come in.
        """
        rows = [dict(row) for row in self.payment_rows]
        standing = [row for row in rows if row["reference"] == reference and not row["taken_back_on"]]
        if not standing:
            raise errors.Invalid.one("reference", "unknown_reference")
        if standing[0]["amount_minor"] > self.sums.held:
            refunded = self._of(self.sums.refunded)
            raise errors.Blocked(FieldError("refunds", "money_refunded", {"refunded": refunded}))
        standing[0] |= {"taken_back_on": clock.today().isoformat(), "reason": reason}
        return rows

    def has_refund(
        self, reference: str, *, amount: Money, method: str, reason: str, refunded_on: date | None = None
    ) -> bool:
        """Whether this very refund is recorded. Conflict when its reference names another one."""
        asked = {"amount": amount, "method": method, "reason": reason, **given(refunded_on=refunded_on)}
        return known([Refund.of_row(row, self.currency) for row in self.refund_rows], reference, asked)

    def refunded(self, part: Refund) -> list[Any]:
        """Return the rows with one more refund.

        Invalid for another currency, or more than is here and settles nothing. Conflict when there are
        as many parts as may be.
        """
        self._require_currency(part.amount)
        if part.amount.minor > self.credit.minor:
            raise errors.Invalid.one("amount", "more_than_credit", credit=self.credit)
        return added(self.refund_rows, part, beside=self.payment_rows, most=self.most)

    def _require_currency(self, amount: Money) -> None:
        if amount.currency != self.currency:
            raise errors.Invalid.one("amount", "currency_mismatch")

    def _of(self, minor: int) -> Money:
        return Money(minor, self.currency)
