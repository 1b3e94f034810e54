"""What clients send of leads. What they see is in `views`."""

import base64
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.core.shapes import (
    Code,
    Day,
    Email,
    Id,
    Instant,
    Language,
    Line,
    MoneyIn,
    OwnedQuery,
    PastDay,
    PastInstant,
    Phone,
    Shape,
    Text,
    Web,
    Whole,
    unfit,
)
from chalicelib.sales.leads import consent
from chalicelib.sales.leads.wanted import Wanted

Status = Literal["NEW", "ASSIGNED", "WORKING", "QUALIFIED", "RECYCLED"]
Answers = Annotated[dict[Code, Text | Whole | bool], Field(max_length=40)]
Takeable = Literal[
    "name", "source", "campaign", "company", "title", "email", "phone", "website", "country", "region",
    "city", "street", "postcode", "born_on", "industry", "employees", "products", "value", "language",
    "message", "account_id", "contact_id",
]  # fmt: skip
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


class Agreed(Shape):
    """What somebody agreed to: the text that was shown, its version, and when (now, unless told)."""

    text: Annotated[Text, Field(min_length=1)]
    version: Line
    given_at: PastInstant | None = None

    def kept(self) -> dict[str, Any]:
        """Return it as a lead keeps it."""
        return consent.consented(text=self.text, version=self.version, given_at=self.given_at)


class NewLead(LeadDetails):
    """A lead to take in. It joins a lead of the same person when there is one.

    Without `owner_id` the assignment rules decide (a rep's own stays with the rep).
    """

    owner_id: Id | None = None
    external_id: Line | None = None
    utm: Campaign | None = None
    referrer: Web | None = None
    page: Web | None = None
    consent: Agreed | None = None

    def values(self) -> dict[str, Any]:
        """Return the fields that were sent, the consent as a lead keeps it."""
        return super().values() | ({"consent": self.consent.kept()} if self.consent else {})

    def model_post_init(self, _: Any) -> None:
        """Refuse what is nobody: a lead has a name, a company, an e-mail or a phone number."""
        if not (self.name or self.company or self.email or self.phone):
            raise unfit("nobody")


class NewCall(Shape):
    """A call of the call centre, under the number that it gave it; with the same number only once.

    One that was not `answered` leaves the caller waiting for a first contact. Where the number was withheld
    an `email`, or a `name` and a `company`, say who called.
    """

    call_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
    phone: Phone | None = None
    started_at: Instant
    direction: Literal["IN", "OUT"] = "IN"
    answered: bool = True
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    name: Line | None = None
    company: Line | None = None
    email: Email | None = None
    city: Line | None = None
    source: Line | None = None
    campaign: Line | None = None
    subject: Line | None = None
    note: Text | None = None
    result: Line | None = None


def _base64(text: str) -> str:
    try:
        base64.b64decode(text)
    except ValueError as cause:
        raise unfit("base64") from cause
    return text


Base64 = Annotated[
    str,
    Field(min_length=1, max_length=400_000, pattern=r"^[A-Za-z0-9+/\r\n]+={0,2}\s*$"),
    AfterValidator(_base64),
]


class NewMail(Shape):
    """A mail as it came over the wire (RFC 5322), in Base64."""

    raw: Base64


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


class Merge(Shape):
    """Which lead it turned out to be, and what that is to take of it although it has its own."""

    into_id: Id
    take: Annotated[list[Takeable], Field(max_length=25)] = Field(default=[])
    reason: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class OtherLead(Shape):
    """Another lead that was suggested as possibly the same person."""

    other_id: Id


class NotTheSame(OtherLead):
    """Which lead it is not, and how one knows."""

    reason: Annotated[str, Field(min_length=1, max_length=500)] | None = None


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


class LeadQuery(OwnedQuery):
    """Which leads to list; `status` narrows an owner's open ones."""

    status: Status | None = None
