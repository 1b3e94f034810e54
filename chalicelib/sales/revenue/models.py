"""Receivables, revenue schedules, postings and what is decided about them, as they are kept."""

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import files, ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    IntegerAttribute,
    ListOfAttribute,
    MoneyAttribute,
)
from chalicelib.core.money import Money
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Record, index, meta
from chalicelib.sales.revenue.parts import Monthly, Side
from chalicelib.sales.revenue.receipts import ContractMoney


class Receivable(Owned):
    """What a customer owes by a day 应收款: one instalment of an order or contract (`source_id`).

    OPEN, PARTLY_PAID, PAID, or CANCELLED when nothing of it is owed any more; CREDIT is owed to the
    customer, for goods that came back of no order here. Lists go by `due_on`,
    and `created_month` is its month. `open_since` and `open_list` are set as long as something is
    open. `reminder_rows` are the reminders that were due, one for each step of the policy and each
    `due_on`; `held` says why none goes out. `source_version` is the version of the source it was made of.
    """

    Meta = meta("revenue")
    kind = "receivable"
    area = "revenue"

    id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute(default="OPEN")
    source_id = UnicodeAttribute()
    source_version = IntegerAttribute()
    number = IntegerAttribute()
    document = UnicodeAttribute()
    account_id = UnicodeAttribute()
    contact_id = UnicodeAttribute(null=True)
    billed_on = DateAttribute()
    due_on = DateAttribute()
    amount = MoneyAttribute()
    paid = MoneyAttribute()
    open_since = UnicodeAttribute(null=True)
    open_list = UnicodeAttribute(null=True)
    reminder_rows = ListOfAttribute(attr_name="reminders", default=list)
    attempts = IntegerAttribute(default=0)
    held = UnicodeAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_account = index("account_id", "listed")
    by_open = index("open_list", "open_since")
    by_owner_open = index("owner_id", "open_since")
    by_team_open = index("team_id", "open_since")
    by_due = index("due_minute", "id")

    @property
    def open(self) -> Money:
        """What is still to be paid; never less than nothing."""
        return Money(max(0, self.amount.minor - self.paid.minor), self.amount.currency)

    @property
    def credit(self) -> Money:
        """What was paid beyond what is owed by now."""
        return Money(max(0, self.paid.minor - self.amount.minor), self.amount.currency)

    @property
    def reminders(self) -> list[dict[str, Any]]:
        """The reminders that were due."""
        return list(self.reminder_rows)


class RevenueSchedule(ContractMoney, Owned):
    """What is earned of an order or contract, and when 收入计划. One for each.

    `method`: ON_DELIVERY, STRAIGHT_LINE or MILESTONE. OPEN as long as something is planned, then
    FINISHED; ENDED when its source was cancelled or terminated. `recognised_sums`, `billed_sums` and
    `planned_sums` are minor units by month: those of postings, and those to come. `booked` keeps, by
    fact, what is posted of it. `bill_rows`, `payment_rows` and `refund_rows` are a contract's bills and
    its money; an order has its own. `credit_held` is what the customer owes by them, in minor units,
    `payment_record` how each was paid, for its credit. `starts_on`, `ends_on` are the span of
    STRAIGHT_LINE; `chosen` is the method that finance said.
    """

    Meta = meta("revenue")
    kind = "revenue_schedule"
    area = "revenue"

    id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute(default="OPEN")
    source_id = UnicodeAttribute()
    source_version = IntegerAttribute()
    document = UnicodeAttribute()
    account_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    method = UnicodeAttribute()
    chosen = UnicodeAttribute(null=True)
    value = MoneyAttribute()
    starts_on = DateAttribute(null=True)
    ends_on = DateAttribute(null=True)
    recognised_sums = DocumentAttribute(attr_name="recognised", default=dict)
    billed_sums = DocumentAttribute(attr_name="billed", default=dict)
    planned_sums = DocumentAttribute(attr_name="planned", default=dict)
    booked = DocumentAttribute(default=dict)
    bill_rows = ListOfAttribute(attr_name="bills", default=list)
    payment_rows = ListOfAttribute(attr_name="payments", default=list)
    refund_rows = ListOfAttribute(attr_name="refunds", default=list)
    credit_held = IntegerAttribute(default=0)
    payment_record = ListOfAttribute(default=list)
    receivables = IntegerAttribute(default=0)
    due_minute = UnicodeAttribute(null=True)
    by_account = index("account_id", "listed")
    by_due = index("due_minute", "id")

    @property
    def recognised(self) -> list[Monthly]:
        """What is posted as earned, by month."""
        return self._monthly(self.recognised_sums)

    @property
    def billed(self) -> list[Monthly]:
        """What is posted as billed, without tax, by month."""
        return self._monthly(self.billed_sums)

    @property
    def planned(self) -> list[Monthly]:
        """What is still to be earned, by month."""
        return self._monthly(self.planned_sums)

    def _monthly(self, sums: Mapping[str, int]) -> list[Monthly]:
        return [Monthly(month, Money(minor, self.currency)) for month, minor in sorted(sums.items())]


class JournalEntry(Record):
    """One posting 记账凭证: what happened (`type`, `happened_on`), when it is in the books (`posted_on`).

    Its lines name an account, and a debit or a credit in minor units; debits and credits are the
    same. It is never changed: what turns out otherwise is a further posting.
    """

    Meta = meta("revenue")
    kind = "journal_entry"

    id = UnicodeAttribute(hash_key=True)
    listed = UnicodeAttribute()
    posted_month = UnicodeAttribute()
    posted_on = DateAttribute()
    happened_on = DateAttribute()
    type = UnicodeAttribute()
    source_id = UnicodeAttribute()
    account_id = UnicodeAttribute()
    document = UnicodeAttribute()
    text = UnicodeAttribute()
    currency = UnicodeAttribute()
    line_rows = ListOfAttribute(attr_name="lines", default=list)
    by_posted_month = index("posted_month", "listed")
    by_source = index("source_id", "listed")

    @property
    def lines(self) -> list[Side]:
        """Its debits and credits."""
        return [
            Side(
                row["account"], *(Money(row[side], self.currency) for side in ("debit_minor", "credit_minor"))
            )
            for row in self.line_rows
        ]


class Books(Record):
    """How far the books are closed: nothing is posted any more up to this month. There is one."""

    Meta = meta("revenue")
    kind = "books"

    id = UnicodeAttribute(hash_key=True, default=ids.only("books"))
    closed_through = UnicodeAttribute(null=True)


class RevenuePolicy(Record):
    """What is decided about revenue. There is one.

    `accounts` are the account codes by meaning; `dunning` the steps of reminding: `days` after the
    due day (before it: less than zero), which `template`, `to` whom.
    """

    Meta = meta("revenue")
    kind = "revenue_policy"

    id = UnicodeAttribute(hash_key=True, default=ids.only("revenue_policy"))
    accounts = DocumentAttribute(default=dict)
    contract_method = UnicodeAttribute(default="MILESTONE")
    payment_days = IntegerAttribute(default=30)
    dunning = ListOfAttribute(default=list)


class RevenueExport(Record):
    """A month's books as a file: WAITING, READY, or FAILED (`failure`: the posting that does not balance).

    `final` when the month was closed: the same export has the same `digest` (SHA-256) ever after.
    """

    Meta = meta("revenue")
    kind = "revenue_export"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("revenue_export"))
    listed = UnicodeAttribute()
    posted_month = UnicodeAttribute()
    form = UnicodeAttribute()
    status = UnicodeAttribute(default="WAITING")
    final = BooleanAttribute(default=False)
    entries = IntegerAttribute(null=True)
    totals = DocumentAttribute(default=dict)
    digest = UnicodeAttribute(null=True)
    failure = UnicodeAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_posted_month = index("posted_month", "listed")
    by_due = index("due_minute", "id")

    @property
    def month(self) -> str:
        """Whose books it is of."""
        return str(self.posted_month)

    @property
    def sums(self) -> list[Money]:
        """All debits, as much as all credits, by currency."""
        return [Money(minor, currency) for currency, minor in sorted(self.totals.items())]

    @property
    def key(self) -> str:
        """Where its file is."""
        return f"revenue/{self.posted_month}/{self.id}.csv"

    @property
    def link(self) -> str | None:
        """Where its file can be got for 15 minutes, None when there is none."""
        name = f"{self.form.lower()}-{self.posted_month}.csv"
        return files.link_to_get(self.key, name=name) if self.status == "READY" else None


RECORDS = (Receivable, RevenueSchedule, JournalEntry, Books, RevenuePolicy, RevenueExport)
