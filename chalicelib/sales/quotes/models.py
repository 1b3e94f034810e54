"""Quotes, what was sent of them, and the quote policy, as they are kept."""

from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

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
from chalicelib.sales.quotes.lines import Line, Totals, totals


class Quote(Owned):
    """A quote: its present version. `revision` counts the versions, from 1.

    `review` is why it must be approved. `sent` are the sums of the last version that went out, in
    minor units, and `first_sent_on` the day of the first. `acceptance` says who accepted, when and
    from which address; `change_requests` what the customer wants otherwise. `order_id` and
    `contract_id` are what it became (`outcome`). `waiting_list` is set as long as it `waits_for` something.
    """

    Meta = meta("quotes")
    kind = "quote"
    area = "quotes"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("quote"))
    status = UnicodeAttribute(default="DRAFT")
    number = UnicodeAttribute()
    revision = IntegerAttribute(default=1)
    title = UnicodeAttribute(null=True)
    account_id = UnicodeAttribute()
    contact_id = UnicodeAttribute(null=True)
    opportunity_id = UnicodeAttribute(null=True)
    currency = UnicodeAttribute()
    language = UnicodeAttribute()
    channel = UnicodeAttribute(null=True)
    priced_on = DateAttribute()
    valid_until = DateAttribute()
    terms = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)

    line_rows = ListOfAttribute(attr_name="lines", default=list)

    review = ListOfAttribute(default=list)
    submitted_at = InstantAttribute(null=True)
    submitted_by = UnicodeAttribute(null=True)
    approved_at = InstantAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    sent_back_by = UnicodeAttribute(null=True)
    sent_back_reason = UnicodeAttribute(null=True)

    sent_at = InstantAttribute(null=True)
    first_sent_on = DateAttribute(null=True)
    sent = DocumentAttribute(default=dict)
    acceptance = DocumentAttribute(null=True)
    rejection_reason = UnicodeAttribute(null=True)
    void_reason = UnicodeAttribute(null=True)
    change_requests = ListOfAttribute(default=list)
    order_id = UnicodeAttribute(null=True)
    contract_id = UnicodeAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    waiting_list = UnicodeAttribute(null=True)
    by_waiting = index("waiting_list", "listed")
    by_account = index("account_id", "listed")
    by_opportunity = index("opportunity_id", "listed")
    by_due = index("due_minute", "id")

    @property
    def waits_for(self) -> set[str]:
        """What somebody is to decide: an APPROVAL."""
        return {"APPROVAL"} if self.status == "IN_REVIEW" else set()

    @property
    def lines(self) -> list[Line]:
        """What is offered."""
        return [Line.of_row(row, self.currency) for row in self.line_rows]

    @property
    def totals(self) -> Totals:
        """What it comes to."""
        return totals(self.lines, self.currency)

    @property
    def net(self) -> Money:
        """The sum without tax."""
        return self.totals.net

    @property
    def tax(self) -> Money:
        """The sum of the lines' taxes."""
        return self.totals.tax

    @property
    def total(self) -> Money:
        """What the customer pays."""
        return self.totals.total

    @property
    def discount(self) -> Money:
        """What somebody took off everybody's prices."""
        return self.totals.discount


class QuoteVersion(Record):
    """What was sent 报价版本: PRESENTED, then ACCEPTED, REJECTED, EXPIRED, SUPERSEDED or VOIDED.

    `content` is the document as the customer got it (`paper`), and never changes. `link` is what
    the customer's address is signed for; without one there is none. `mail` is WAITING, SENT or
    FAILED, NOT_SENT where the version held no more when it was to go out, or NONE where nobody is
    written to.
    """

    Meta = meta("quotes")
    kind = "quote_version"

    id = UnicodeAttribute(hash_key=True)
    quote_id = UnicodeAttribute()
    revision = IntegerAttribute()
    place = UnicodeAttribute()
    status = UnicodeAttribute(default="PRESENTED")
    content = DocumentAttribute()
    valid_until = DateAttribute()
    sent_at = InstantAttribute()
    sent_by = UnicodeAttribute()
    link = UnicodeAttribute(null=True)
    mail = UnicodeAttribute(default="NONE")
    to = UnicodeAttribute(null=True)
    attempts = IntegerAttribute(default=0)
    due_minute = UnicodeAttribute(null=True)
    by_quote = index("quote_id", "place")
    by_due = index("due_minute", "id")

    @staticmethod
    def id_of(quote_id: str, revision: int) -> str:
        """Return the id of a quote's version."""
        return ids.derived("quote_version", quote_id, str(revision))


class QuotePolicy(Record):
    """What operations decide about quotes. There is one.

    `letterhead` are the lines of the sender by language, the company's name first; `terms` the
    usual terms by language; `valid_days` how long a quote holds unless said otherwise.
    """

    Meta = meta("quotes")
    kind = "quote_policy"

    id = UnicodeAttribute(hash_key=True, default=ids.only("quote_policy"))
    number_prefix = UnicodeAttribute(default="Q")
    valid_days = IntegerAttribute(default=30)
    letterhead = DocumentAttribute(default=dict)
    terms = DocumentAttribute(default=dict)


RECORDS: Final[tuple[type[Any], ...]] = (Quote, QuoteVersion, QuotePolicy)
