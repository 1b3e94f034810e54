"""Contracts as they are kept, milestones embedded; beside them the versions of their text."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import files, ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
    MoneyAttribute,
)
from chalicelib.core.money import Money
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Record, index, meta
from chalicelib.sales.contracts.billing_plan import Instalment
from chalicelib.sales.contracts.lines import CallOff, Line
from chalicelib.sales.contracts.milestones import Milestone


class Contract(Owned):
    """A contract. `fulfilment_status` follows from its milestones; both days of its term count in.

    `text_version` is the number of the text that is negotiated (0: none is kept here), and
    `approved_text` that of the approved one. `reminder_days` before the end the owner gets a task.
    `notice_days` before the end is the last day to give notice; without it an AUTOMATIC `renewal`
    goes on for `renewal_months`, `renewed` times so far; `term_day` is the day of the month on which
    such terms end. `amended` is the number of the last change order, `last_milestone` and
    `last_instalment` the highest numbers it gave, which are never given again. `risk`, `risk_rank` and
    `risk_list` are set as long as its execution slips (`risk`). `ended_on` and `end_reason` tell of
    what was terminated, cancelled or has expired.

    Its signature was `asked` for so many times; `signed_by_hand` says why it was recorded past the
    provider of signatures.

    `value` is without tax; `tax` comes on top where it is billed itself (`billed_by`: CONTRACT). Where
    ORDERS bill it, `order_ids` are those, and `call_offs` what each took of the lines.
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
    contact_id = UnicodeAttribute(null=True)
    opportunity_id = UnicodeAttribute(null=True)
    quote_id = UnicodeAttribute(null=True)
    order_ids = ListOfAttribute(default=list)
    billed_by = UnicodeAttribute(default="CONTRACT")
    value = MoneyAttribute()
    tax = MoneyAttribute(null=True)
    terms = UnicodeAttribute(null=True)
    line_rows = ListOfAttribute(attr_name="lines", default=list)
    call_off_rows = ListOfAttribute(attr_name="call_offs", default=list)
    instalment_rows = ListOfAttribute(attr_name="billing_plan", default=list)
    starts_on = DateAttribute(null=True)
    ends_on = DateAttribute(null=True)
    reminder_days = IntegerAttribute()
    note = UnicodeAttribute(null=True)
    milestone_rows = ListOfAttribute(attr_name="milestones", default=list)
    last_milestone = IntegerAttribute(default=0)
    last_instalment = IntegerAttribute(default=0)

    renewal = UnicodeAttribute(default="NONE")
    renewal_months = IntegerAttribute(null=True)
    term_day = IntegerAttribute(null=True)
    notice_days = IntegerAttribute(null=True)
    notice_reminded_on = DateAttribute(null=True)
    notice_given_on = DateAttribute(null=True)
    renewed = IntegerAttribute(default=0)
    amended = IntegerAttribute(default=0)
    risk = UnicodeAttribute(null=True)
    risk_rank = UnicodeAttribute(null=True)
    risk_list = UnicodeAttribute(null=True)

    text_version = IntegerAttribute(default=0)
    approved_text = IntegerAttribute(null=True)

    submitted_at = InstantAttribute(null=True)
    submitted_by = UnicodeAttribute(null=True)
    approved_at = InstantAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    rejection_reason = UnicodeAttribute(null=True)
    sent_on = DateAttribute(null=True)
    signed_on = DateAttribute(null=True)
    signed_by = UnicodeAttribute(null=True)
    signing_reference = UnicodeAttribute(null=True)
    asked = IntegerAttribute(default=0)
    signed_by_hand = UnicodeAttribute(null=True)
    signed_digest = UnicodeAttribute(null=True)
    signed_file_digest = UnicodeAttribute(null=True)
    decline_reason = UnicodeAttribute(null=True)
    activated_on = DateAttribute(null=True)
    reminded_on = DateAttribute(null=True)
    ended_on = DateAttribute(null=True)
    end_reason = UnicodeAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_account = index("account_id", "listed")
    by_due = index("due_minute", "id")
    by_risk = index("risk_list", "risk_rank")
    by_owner_risk = index("owner_id", "risk_rank")
    by_team_risk = index("team_id", "risk_rank")

    @property
    def milestones(self) -> list[Milestone]:
        """What it obliges to, step by step."""
        return [Milestone.of_row(row, self.value.currency) for row in self.milestone_rows]

    @property
    def tax_on_top(self) -> Money:
        """The tax on its value; nothing where none was agreed."""
        agreed: Money | None = self.tax
        return agreed or Money(0, self.value.currency)

    @property
    def billing_plan(self) -> list[Instalment]:
        """What is billed on agreed days."""
        return [Instalment.of_row(row, self.value.currency) for row in self.instalment_rows]

    @property
    def lines(self) -> list[Line]:
        """What it sells, as the customer accepted it; none where it is of no quote."""
        return [Line.of_row(row, self.value.currency) for row in self.line_rows]

    @property
    def calls(self) -> list[CallOff]:
        """The orders that were made of its lines."""
        return [CallOff.of_row(row) for row in self.call_off_rows]


class ContractVersion(Record):
    """One version of a contract's text; it does not change once it is READY.

    `status`: AWAITING_FILE, READING, READY, UNREADABLE (why in `failure`). `missing` are merge fields
    still open; `digest` is the SHA-256 of the text, by which one knows what was signed, `file_digest`
    that of the uploaded file as it was read.
    """

    Meta = meta("contracts")
    kind = "contract_version"

    id = UnicodeAttribute(hash_key=True)
    contract_id = UnicodeAttribute()
    place = UnicodeAttribute()
    number = IntegerAttribute()
    source = UnicodeAttribute()
    status = UnicodeAttribute()
    failure = UnicodeAttribute(null=True)
    author_id = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    file_name = UnicodeAttribute(null=True)
    media = UnicodeAttribute(null=True)
    size = IntegerAttribute(null=True)
    characters = IntegerAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    file_digest = UnicodeAttribute(null=True)
    missing = ListOfAttribute(default=list)
    review = DocumentAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    approved_at = InstantAttribute(null=True)
    by_contract = index("contract_id", "place")

    @property
    def text_key(self) -> str:
        """Where the text is: by what it says, so that two made at once do not overwrite each other."""
        return f"contracts/{self.contract_id}/{self.digest}.txt"

    @property
    def upload(self) -> str:
        """Where its file is to be PUT, for 15 minutes."""
        return files.link_to_put(self.file_key, size=self.size)

    @property
    def file_key(self) -> str:
        """Where the uploaded file is to be put, and may be put again until its link holds no more."""
        return f"contracts/{self.contract_id}/{self.number:04d}.upload"

    @property
    def kept_file_key(self) -> str | None:
        """Where the file is as it was read, by what is in it; None where none was."""
        return f"contracts/{self.contract_id}/{self.file_digest}.file" if self.file_digest else None


class ChangeOrder(Record):
    """A change order 变更: PROPOSED, APPROVED, REJECTED or WITHDRAWN. What is null stays as it was.

    Milestones are added, and those of the numbers in `drop_milestones` taken out; `billing_plan` takes
    the place of what of the contract's plan is not billed yet. `before` keeps what an approved one replaced.
    """

    Meta = meta("contracts")
    kind = "change_order"

    id = UnicodeAttribute(hash_key=True)
    contract_id = UnicodeAttribute()
    place = UnicodeAttribute()
    number = IntegerAttribute()
    status = UnicodeAttribute(default="PROPOSED")
    reason = UnicodeAttribute()
    currency = UnicodeAttribute()
    value = MoneyAttribute(null=True)
    tax = MoneyAttribute(null=True)
    ends_on = DateAttribute(null=True)
    milestone_rows = ListOfAttribute(attr_name="milestones", default=list)
    drop_milestones = ListOfAttribute(default=list)
    instalment_rows = ListOfAttribute(attr_name="billing_plan", null=True)
    before = DocumentAttribute(null=True)
    proposed_by = UnicodeAttribute()
    decided_by = UnicodeAttribute(null=True)
    decided_at = InstantAttribute(null=True)
    decision_note = UnicodeAttribute(null=True)
    by_contract = index("contract_id", "place")

    @property
    def milestones(self) -> list[Milestone]:
        """What it adds to the contract."""
        return [Milestone.of_row(row, self.currency) for row in self.milestone_rows]

    @property
    def billing_plan(self) -> list[Instalment] | None:
        """What is to be billed on which days from now on; None: as planned before."""
        rows: list[dict[str, Any]] | None = self.instalment_rows
        return None if rows is None else [Instalment.of_row(row, self.currency) for row in rows]


RECORDS = (Contract, ContractVersion, ChangeOrder)
