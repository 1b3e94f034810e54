"""Orders as they are kept: lines, shipments, payments and instalments embedded, facts beside them."""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
)
from chalicelib.core.money import Money
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Record, index, meta
from chalicelib.sales.orders.amendments import Amendment
from chalicelib.sales.orders.balance import Balance, Settlement, balance, settlement
from chalicelib.sales.orders.chain import AMOUNT, Approval, Rule
from chalicelib.sales.orders.collecting import Refund
from chalicelib.sales.orders.invoices import Invoice
from chalicelib.sales.orders.lines import Line, totals
from chalicelib.sales.orders.returns import Return
from chalicelib.sales.orders.shipping import Shipment
from chalicelib.sales.orders.standing import Applied, Due, applied, dues


class Order(Owned):
    """An order. `status` and `payment_status` follow from the facts (`lifecycle`).

    Its lines were priced for a sale by its `channel`, as of the day `priced_on`; those of a quote stand
    in an approval of its own (`prices_agreed`).
    `approvals` are the steps of its approval, `approval_reasons` what its customer's credit said.
    `credit_held` is what it adds to what its account owes, in minor units, `payment_record` how its
    instalments were paid (`crediting`). One that is `cash_only` goes out when it is paid. `waiting_list`
    is set as long as it `waits_for` something, `rescheduled` tells of the last instalment that was.
    """

    Meta = meta("orders")
    kind = "order"
    area = "orders"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("order"))
    status = UnicodeAttribute(default="DRAFT")
    payment_status = UnicodeAttribute(default="UNPAID")
    number = UnicodeAttribute()
    account_id = UnicodeAttribute()
    contact_id = UnicodeAttribute(null=True)
    opportunity_id = UnicodeAttribute(null=True)
    quote_id = UnicodeAttribute(null=True)
    contract_id = UnicodeAttribute(null=True)
    currency = UnicodeAttribute()
    ordered_on = DateAttribute()
    channel = UnicodeAttribute(null=True)
    priced_on = DateAttribute(null=True)
    prices_agreed = BooleanAttribute(default=False)
    payment_days = IntegerAttribute()
    customer_reference = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)

    line_rows = ListOfAttribute(attr_name="lines", default=list)
    instalment_rows = ListOfAttribute(attr_name="payment_schedule", default=list)
    shipment_rows = ListOfAttribute(attr_name="shipments", default=list)
    payment_rows = ListOfAttribute(attr_name="payments", default=list)
    return_rows = ListOfAttribute(attr_name="returns", default=list)
    refund_rows = ListOfAttribute(attr_name="refunds", default=list)
    invoice_rows = ListOfAttribute(attr_name="invoices", default=list)

    submitted_at = InstantAttribute(null=True)
    submitted_by = UnicodeAttribute(null=True)
    approved_at = InstantAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    rejected_at = InstantAttribute(null=True)
    rejected_by = UnicodeAttribute(null=True)
    rejection_reason = UnicodeAttribute(null=True)
    activated_on = DateAttribute(null=True)
    completed_on = DateAttribute(null=True)
    cancelled_on = DateAttribute(null=True)
    cancel_reason = UnicodeAttribute(null=True)

    approval_rows = ListOfAttribute(attr_name="approvals", default=list)
    rescheduled = DocumentAttribute(null=True)
    amended_at = InstantAttribute(null=True)
    amended_by = UnicodeAttribute(null=True)
    amendment_reason = UnicodeAttribute(null=True)
    amendment_document = DocumentAttribute(attr_name="amendment", null=True)
    approval_reasons = ListOfAttribute(default=list)
    credit_approved_at = InstantAttribute(null=True)
    credit_approved_by = UnicodeAttribute(null=True)
    credit_held = IntegerAttribute(default=0)
    payment_record = ListOfAttribute(default=list)
    cash_only = BooleanAttribute(default=False)
    waiting_list = UnicodeAttribute(null=True)
    by_waiting = index("waiting_list", "listed")
    by_account = index("account_id", "listed")
    by_opportunity = index("opportunity_id", "listed")

    @property
    def lines(self) -> list[Line]:
        """What is ordered."""
        return [Line.of_row(row, self.currency) for row in self.line_rows]

    @property
    def net(self) -> Money:
        """The sum without tax."""
        return totals(self.lines, self.currency).net

    @property
    def tax(self) -> Money:
        """The sum of the lines' taxes."""
        return totals(self.lines, self.currency).tax

    @property
    def total(self) -> Money:
        """What the customer owes for all of it."""
        return totals(self.lines, self.currency).total

    @property
    def approvals(self) -> list[Approval]:
        """The steps of its approval, signed or not."""
        return [Approval.of_row(row) for row in self.approval_rows]

    @property
    def amendment(self) -> Amendment | None:
        """The change of it that waits to be approved."""
        kept = self.amendment_document
        return Amendment.of_document(kept, self.currency) if kept else None

    @property
    def waits_for(self) -> set[str]:
        """What somebody is to decide: an APPROVAL, its own or a change's, an INVOICE that was asked for."""
        found = {"APPROVAL"} if self.status == "IN_APPROVAL" or self.amendment_document else set()
        return found | {"INVOICE" for each in self.invoices if each.status == "REQUESTED"}

    @property
    def is_cancelled(self) -> bool:
        """Whether all of it was cancelled; of what had begun to go out only the rest is."""
        return bool(self.cancelled_on) and not self.shipment_rows

    @property
    def balance(self) -> Balance:
        """What is owed, what is here."""
        return balance(
            lines=self.line_rows,
            returns=self.return_rows,
            payments=self.payment_rows,
            refunds=self.refund_rows,
            cancelled=self.is_cancelled,
        )

    @property
    def settlement(self) -> Settlement:
        """Which payment settles which instalment."""
        return settlement(instalments=self.instalment_rows, payments=self.payment_rows, sums=self.balance)

    @property
    def payment_schedule(self) -> list[Due]:
        """What is due when, and paid of it; empty until activation unless it was agreed."""
        return dues(self.instalment_rows, self.settlement, self.currency)

    @property
    def shipments(self) -> list[Shipment]:
        """What went out."""
        return [Shipment.of_row(row) for row in self.shipment_rows]

    @property
    def returns(self) -> list[Return]:
        """What came back."""
        return [Return.of_row(row, self.currency) for row in self.return_rows]

    @property
    def payments(self) -> list[Applied]:
        """What came in, also what was taken back, with what it settles."""
        return applied(self.payment_rows, self.settlement, self.currency)

    @property
    def refunds(self) -> list[Refund]:
        """What was paid back."""
        return [Refund.of_row(row, self.currency) for row in self.refund_rows]

    @property
    def invoices(self) -> list[Invoice]:
        """What was asked to be invoiced, and what became of it."""
        return [Invoice.of_row(row, self.currency) for row in self.invoice_rows]

    @property
    def owed(self) -> Money:
        """What the customer owes for what was neither cancelled nor sent back."""
        return Money(self.balance.owed, self.currency)

    @property
    def paid(self) -> Money:
        """What came in and stayed."""
        return Money(self.balance.held, self.currency)

    @property
    def refunded(self) -> Money:
        """What was paid back."""
        return Money(self.balance.refunded, self.currency)

    @property
    def credit(self) -> Money:
        """What is here and nothing is owed for."""
        return Money(self.balance.credit, self.currency)

    @property
    def open(self) -> Money:
        """What is still to be paid."""
        return Money(self.balance.open, self.currency)


class CreditNote(Owned):
    """Goods that came back, and their value, where no order here says which they were. It stands as told."""

    Meta = meta("orders")
    kind = "credit_note"
    area = "orders"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("credit_note"))
    status = UnicodeAttribute(default="ISSUED")
    number = UnicodeAttribute()
    account_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    issued_on = DateAttribute()
    reason = UnicodeAttribute(null=True)
    line_rows = ListOfAttribute(attr_name="lines", default=list)
    by_account = index("account_id", "listed")

    @property
    def lines(self) -> list[Line]:
        """What came back."""
        return [Line.of_row(row, self.currency) for row in self.line_rows]

    @property
    def total(self) -> Money:
        """What it was worth."""
        return totals(self.lines, self.currency).total


class OrderPolicy(Record):
    """What operations decide about orders. There is one.

    `limits` are minor units by currency: up to there an order needs no approval; in a currency
    without a limit every order does. `approval_steps` are further ones (`chain.Rule`). `payment_days`
    is how long customers have to pay, `return_days` how long after it reached them they may send
    something back (without: for ever).
    """

    Meta = meta("orders")
    kind = "order_policy"

    id = UnicodeAttribute(hash_key=True, default=ids.only("order_policy"))
    limits = DocumentAttribute(default=dict)
    step_rows = ListOfAttribute(attr_name="approval_steps", default=list)
    payment_days = IntegerAttribute(default=30)
    return_days = IntegerAttribute(null=True)
    number_prefix = UnicodeAttribute(default="SO")

    @property
    def approval_limits(self) -> list[Money]:
        """The limits as money, by currency."""
        return _by_currency(self.limits)

    @property
    def rules(self) -> list[Rule]:
        """The steps of approval, in their turn: first whoever approves what is over the limits."""
        return [Rule(AMOUNT, over=self.limits), *map(Rule.of_row, self.step_rows)]

    @property
    def approval_steps(self) -> list[dict[str, Any]]:
        """The further steps, with limits as money."""
        return [
            {**row, **{name: _limits(row.get(name)) for name in ("over", "unlisted_over")}}
            for row in self.step_rows
        ]


def _limits(minors: Mapping[str, int] | None) -> list[Money] | None:
    return None if minors is None else _by_currency(minors)


def _by_currency(limits: Mapping[str, int]) -> list[Money]:
    return [Money(minor, currency) for currency, minor in sorted(limits.items())]


RECORDS = (Order, CreditNote, OrderPolicy)
