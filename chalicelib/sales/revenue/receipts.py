"""A contract's money, as its schedule keeps it: what came in, what went back, what is open."""

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.core import ids
from chalicelib.core.money import Money
from chalicelib.sales.orders import service as orders

#: Payments and refunds of one contract.
MOST_MONEY: Final = 200


def till_of(currency: str, owed: int, payments: Sequence[Any], refunds: Sequence[Any]) -> orders.Till:
    """Return the till of a contract that owes so many minor units, by its money as kept."""
    return orders.Till(currency, owed, payments, refunds, MOST_MONEY)


class ContractMoney:
    """What a schedule knows of the money of its contract; an order has its own."""

    source_id: Any
    currency: Any
    bill_rows: Any
    payment_rows: Any
    refund_rows: Any

    @property
    def is_of_contract(self) -> bool:
        """Whether its source is a contract."""
        return ids.kind_of(self.source_id) == "contract"

    @property
    def till(self) -> orders.Till:
        """What came in and went back for the bills, and how that may go on."""
        owed = sum(row["net_minor"] + row["tax_minor"] for row in self.bill_rows)
        return till_of(self.currency, owed, self.payment_rows, self.refund_rows)

    @property
    def payments(self) -> list[orders.Payment]:
        """What came in, also what was taken back."""
        return [orders.Payment.of_row(row, self.currency) for row in self.payment_rows]

    @property
    def refunds(self) -> list[orders.Refund]:
        """What was paid back of the credit."""
        return [orders.Refund.of_row(row, self.currency) for row in self.refund_rows]

    @property
    def open(self) -> Money | None:
        """What is still to be paid, with what is billed later; None for an order's."""
        return self.till.open if self.is_of_contract else None

    @property
    def credit(self) -> Money | None:
        """What is here and nothing is owed for; None for an order's."""
        return self.till.credit if self.is_of_contract else None
