"""What clients send and see of accounts and contacts."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Code,
    Day,
    Email,
    Id,
    Language,
    Line,
    MoneyIn,
    MoneyShape,
    OwnedView,
    Phone,
    Shape,
    Text,
    Web,
    kept,
)

AccountStatus = Literal["PROSPECT", "CUSTOMER", "VOIDED"]
ContactStatus = Literal["ACTIVE", "VOIDED"]
#: The part somebody plays in a purchase.
Influence = Literal["DECISION_MAKER", "INFLUENCER", "CHAMPION", "USER", "GATEKEEPER", "BLOCKER"]
#: How somebody wants to be reached.
Channel = Literal["EMAIL", "PHONE", "MESSAGE", "MEETING", "NONE"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Interests = Annotated[list[Line], Field(max_length=20)]


class AccountDetails(Shape):
    """What may be known of a company. `country` is an ISO 3166 code."""

    parent_id: Id | None = None
    registration_number: Line | None = None
    industry: Line | None = None
    region: Line | None = None
    country: Country | None = None
    city: Line | None = None
    address: Line | None = None
    employees: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    annual_revenue: MoneyIn | None = None
    founded: Annotated[int, Field(ge=1000, le=2100)] | None = None
    website: Web | None = None
    phone: Phone | None = None
    description: Text | None = None
    source: Line | None = None
    allow_duplicate: bool = False


class NewAccount(AccountDetails):
    """A company to add. A second one of the same name needs `allow_duplicate`."""

    name: Line
    owner_id: Id | None = None
    external_id: Code | None = None


class AccountChange(AccountDetails):
    """What to change of an account; fields left out stay, null clears."""

    name: Line = kept()


class Grading(Shape):
    """The grade of a customer, by which price books and promotions go; null for none."""

    grade: Code | None


class AccountView(OwnedView):
    """An account."""

    name: str
    status: AccountStatus
    customer_since: Day | None
    parent_id: str | None
    registration_number: str | None
    industry: str | None
    region: str | None
    grade: str | None
    country: str | None
    city: str | None
    address: str | None
    employees: int | None
    annual_revenue: MoneyShape | None
    founded: int | None
    website: str | None
    phone: str | None
    description: str | None
    source: str | None
    campaign: str | None
    lead_id: str | None
    external_id: str | None


class ContactDetails(Shape):
    """What may be known of a person."""

    email: Email | None = None
    phone: Phone | None = None
    title: Line | None = None
    department: Line | None = None
    influence: Influence | None = None
    channel: Channel | None = None
    language: Language | None = None
    interests: Interests = Field(default_factory=list)
    description: Text | None = None
    source: Line | None = None
    allow_duplicate: bool = False


class NewContact(ContactDetails):
    """A person to add to an account; goes to the account's owner unless `owner_id` says else.

    An e-mail or phone that another contact has needs `allow_duplicate`.
    """

    account_id: Id
    name: Line
    owner_id: Id | None = None
    external_id: Code | None = None


class ContactChange(ContactDetails):
    """What to change of a contact; fields left out stay, null clears."""

    name: Line = kept()


class ContactView(OwnedView):
    """A contact."""

    account_id: str
    name: str
    status: ContactStatus
    email: str | None
    phone: str | None
    title: str | None
    department: str | None
    influence: Influence | None
    channel: Channel | None
    language: str | None
    interests: list[str]
    description: str | None
    source: str | None
    lead_id: str | None
    external_id: str | None
