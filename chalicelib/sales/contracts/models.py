"""Contracts as they are kept, milestones embedded."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import (
    DateAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
    MoneyAttribute,
)
from chalicelib.core.due import ByDue
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Index, index, meta
from chalicelib.sales.contracts.milestones import Milestone


class _ByAccount(Index):
    Meta = index("by_account")

    account_id = UnicodeAttribute(hash_key=True)
    listed = UnicodeAttribute(range_key=True)


class Contract(Owned):
    """A contract. `fulfilment_status` follows from its milestones; both days of its term count in.

    `reminder_days` before the end the owner gets a task. `ended_on` and `end_reason` tell of what
    was terminated, cancelled or has expired.
    """

    Meta = meta("contracts")
    kind = "contract"
    area = "contracts"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("contract"))
    status = UnicodeAttribute(default="DRAFT")
    fulfilment_status = UnicodeAttribute(default="NOT_APPLICABLE")
    number = UnicodeAttribute()
    title = UnicodeAttribute()
    account_id = UnicodeAttribute()
    opportunity_id = UnicodeAttribute(null=True)
    order_ids = ListOfAttribute(default=list)
    value = MoneyAttribute()
    starts_on = DateAttribute(null=True)
    ends_on = DateAttribute(null=True)
    reminder_days = IntegerAttribute()
    note = UnicodeAttribute(null=True)
    milestone_rows = ListOfAttribute(attr_name="milestones", default=list)

    submitted_at = InstantAttribute(null=True)
    submitted_by = UnicodeAttribute(null=True)
    approved_at = InstantAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    rejection_reason = UnicodeAttribute(null=True)
    sent_on = DateAttribute(null=True)
    signed_on = DateAttribute(null=True)
    signed_by = UnicodeAttribute(null=True)
    decline_reason = UnicodeAttribute(null=True)
    activated_on = DateAttribute(null=True)
    reminded_on = DateAttribute(null=True)
    ended_on = DateAttribute(null=True)
    end_reason = UnicodeAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_account = _ByAccount()
    by_due = ByDue()

    @property
    def milestones(self) -> list[Milestone]:
        """What it obliges to, step by step."""
        return [Milestone.of_row(row, self.value.currency) for row in self.milestone_rows]


RECORDS = (Contract,)
