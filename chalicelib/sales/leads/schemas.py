"""What clients send and see of leads, their touches, pools and rules."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Code,
    Day,
    Email,
    Id,
    Instant,
    Language,
    Line,
    MoneyIn,
    MoneyShape,
    OwnedQuery,
    PastDay,
    Phone,
    Shape,
    Text,
    View,
    Web,
    Whole,
    unfit,
)
from chalicelib.sales.leads.wanted import Wanted

Status = Literal["NEW", "ASSIGNED", "WORKING", "QUALIFIED", "RECYCLED"]
Answers = Annotated[dict[Code, Text | Whole | bool], Field(max_length=40)]
Campaign = Annotated[dict[Code, Line], Field(max_length=10)]
Postcode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 \-]{1,11}$")]


class LeadDetails(Shape):
    """What is known of somebody who may buy."""

    name: Line | None = None
    company: Line | None = None
    title: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    website: Web | None = None
    country: Line | None = None
    region: Line | None = None
    city: Line | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    born_on: PastDay | None = None
    industry: Line | None = None
    employees: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    products: Annotated[list[Line], Field(max_length=20)] | None = None
    value: MoneyIn | None = None
    language: Language | None = None
    message: Text | None = None
    answers: Answers | None = None
    source: Line | None = None
    campaign: Line | None = None


class NewLead(LeadDetails):
    """A lead to take in. It joins a lead of the same person when there is one.

    Without `owner_id` the assignment rules decide (a rep's own stays with the rep).
    """

    owner_id: Id | None = None
    external_id: Line | None = None
    utm: Campaign | None = None
    referrer: Web | None = None
    page: Web | None = None

    def model_post_init(self, _: Any) -> None:
        """Refuse what is nobody: a lead has a name, a company, an e-mail or a phone number."""
        if not (self.name or self.company or self.email or self.phone):
            raise unfit("nobody")


class NewLeads(Shape):
    """Up to 100 leads; each is checked and taken in by itself."""

    leads: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=100)]


class LeadChange(LeadDetails):
    """What to change of a lead; fields left out stay, null clears all but the name."""


class Reason(Shape):
    """Why: kept with the lead."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Return(Reason):
    """Why a lead goes back, and to which pool (by default the one it came from)."""

    pool_id: Id | None = None


class NewAccount(Shape):
    """An account to make of a lead's company; what is left out is taken from the lead."""

    name: Line | None = None
    industry: Line | None = None
    region: Line | None = None
    country: Line | None = None
    city: Line | None = None
    website: Web | None = None


class NewContact(Shape):
    """A contact to make of a lead's person; what is left out is taken from the lead."""

    name: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    title: Line | None = None


class NewDeal(Shape):
    """An opportunity to open for a lead; without a name it is called after the account."""

    name: Line | None = None
    amount: MoneyIn | None = None
    close_on: Day | None = None
    pipeline_id: Id | None = None


class Conversion(Shape):
    """How to convert a lead: into records that are there (by id), or new ones.

    Without `account_id` and `contact_id` those the lead is known as are taken, else new ones are
    made. `opportunity` null opens none; `opportunity_id` joins one. `allow_duplicate` makes a second
    account of that name, or a second contact with that e-mail or phone, on purpose.
    """

    account_id: Id | None = None
    account: NewAccount = NewAccount()
    contact_id: Id | None = None
    contact: NewContact = NewContact()
    opportunity_id: Id | None = None
    opportunity: NewDeal | None = NewDeal()
    allow_duplicate: bool = False

    def wanted(self) -> Wanted:
        """Return it as the service takes it."""
        return Wanted(
            account=self.account.values(),
            contact=self.contact.values(),
            opportunity=None if self.opportunity is None else self.opportunity.values(),
            account_id=self.account_id,
            contact_id=self.contact_id,
            opportunity_id=self.opportunity_id,
            allow_duplicate=self.allow_duplicate,
        )


class PossibleDuplicate(View):
    """A lead that is possibly the same person: how much speaks for it, and what, field by field."""

    lead_id: str
    score: int
    reasons: list[dict[str, Any]]


class TakenView(View):
    """What became of an enquiry: a lead of its own (CREATED), or part of another (JOINED, KNOWN)."""

    id: str
    how: str = "KNOWN"
    matched_by: str | None = None
    status: str
    owner_id: str | None
    pool_id: str | None
    score: int
    rating: str
    possible_duplicates: list[PossibleDuplicate]


class BatchItem(View):
    """What became of one lead of a batch: `status` as by itself, `lead` or `problem`."""

    status: int
    lead: TakenView | None = None
    problem: dict[str, Any] | None = None


class BatchView(View):
    """What became of a batch, in its order."""

    items: list[BatchItem]
    created: int
    joined: int
    refused: int


class LeadView(View):
    """A lead, with why it scores as it does (`reasons`) and is with whom (`assignment`)."""

    id: str
    status: str
    owner_id: str | None
    team_id: str | None
    pool_id: str | None
    claimed_from: str | None
    shared_with: dict[str, str]
    received_at: Instant
    name: str
    company: str | None
    title: str | None
    email: str | None
    phone: str | None
    website: str | None
    country: str | None
    region: str | None
    city: str | None
    street: str | None
    postcode: str | None
    born_on: date | None
    industry: str | None
    employees: int | None
    products: list[str] | None
    value: MoneyShape | None
    language: str | None
    message: str | None
    answers: dict[str, Any]
    channel: str
    source: str | None
    campaign: str | None
    form_id: str | None
    external_id: str | None
    utm: dict[str, str]
    referrer: str | None
    page: str | None
    consent: dict[str, Any] | None
    touches: int
    last_touch_at: Instant | None
    possible_duplicates: list[PossibleDuplicate]
    score: int
    rating: str
    reasons: list[dict[str, Any]]
    assignment: dict[str, Any] | None
    sla_status: str | None
    sla_hours: int | None
    sla_due_at: Instant | None
    sla_remind_at: Instant | None
    sla_reminded_at: Instant | None
    sla_breached_at: Instant | None
    escalated_to: str | None
    first_contacted_at: Instant | None
    contact_outcome: str | None
    last_activity_at: Instant | None
    qualified_at: Instant | None
    unqualified_reason: str | None
    return_reason: str | None
    converted_at: Instant | None
    account_id: str | None
    contact_id: str | None
    opportunity_id: str | None
    version: int
    created_at: Instant
    updated_at: Instant


class LeadQuery(OwnedQuery):
    """Which leads to list; `status` narrows an owner's open ones."""

    status: Status | None = None


class TouchView(View):
    """Somebody who was a lead already came again."""

    id: str
    lead_id: str
    received_at: Instant
    channel: str
    source: str | None
    campaign: str | None
    form_id: str | None
    matched_by: str
    details: dict[str, Any]


class SubmissionView(View):
    """A visitor's post to a form, and the lead it became."""

    id: str
    form_id: str
    status: str
    received_at: Instant
    lead_id: str | None
