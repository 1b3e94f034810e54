"""What a row of a file may say: for each thing that rows can become, its fields."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import (
    Code,
    CurrencyCode,
    Day,
    Email,
    Instant,
    Line,
    PastDay,
    PastInstant,
    Phone,
    Shape,
    Text,
)

#: A price or the value of a deal: never below nothing, as where people type it in.
Decimal = Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,4})?$")]
LeadStatus = Literal["NEW", "WORKING", "QUALIFIED", "CONVERTED", "UNQUALIFIED"]
Whole = Annotated[int, Field(ge=0, le=10**12)]


class ProductRow(Shape):
    """A product of a file."""

    code: Code | None = None
    name: Line
    family: Line | None = None
    price: Decimal
    currency: CurrencyCode | None = None


class AccountRow(Shape):
    """A customer of a file; `owner` by name or e-mail."""

    name: Line
    industry: Line | None = None
    region: Line | None = None
    country: Line | None = None
    city: Line | None = None
    employees: Whole | None = None
    website: Line | None = None
    phone: Line | None = None
    owner: Line | None = None


class OpportunityRow(Shape):
    """A deal as history tells it; `owner`, `account`, `product` and stages by name.

    `closed_from` is the stage in which closed deals were worked on, if it is known.
    """

    external_id: Line
    name: Line | None = None
    pipeline: Line | None = None
    owner: Line
    account: Line | None = None
    product: Line | None = None
    stage: Line
    closed_from: Line | None = None
    opened_on: Day | None = None
    close_on: Day | None = None
    closed_on: Day | None = None
    amount: Decimal | None = None
    currency: CurrencyCode | None = None
    source: Line | None = None
    region: Line | None = None
    industry: Line | None = None


class LeadRow(Shape):
    """A lead of a file; with a status it is history. Further columns go to ``answers.…``.

    `event` is the exhibition or event whose visitors the file lists. `numbered_by` is whose numbers the
    `external_id` are: the event's unless told; where nobody is named, those that the API knows leads by.
    `consent_text` and `consent_version` are what somebody agreed to, `consent_at` is when.
    """

    external_id: Line | None = None
    numbered_by: Line | None = None
    name: Line | None = None
    company: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    title: Line | None = None
    status: LeadStatus | None = None
    received_at: Instant | None = None
    source: Line | None = None
    campaign: Line | None = None
    event: Line | None = None
    industry: Line | None = None
    region: Line | None = None
    country: Line | None = None
    city: Line | None = None
    street: Line | None = None
    postcode: Line | None = None
    born_on: PastDay | None = None
    owner: Line | None = None
    consent_text: Text | None = None
    consent_version: Line | None = None
    consent_at: PastInstant | None = None
    answers: dict[str, Text] | None = None


class OrderRow(Shape):
    """A line of an order that has gone out; all lines of one stand together in the file.

    `order` is its number where it comes from. `unit_price` is per piece, also finer than the
    currency's smallest coin; without tax, which is not charged again. An order all of whose
    quantities are below nothing is goods that came back: a credit note.
    """

    order: Line
    ordered_on: Day
    account: Line
    product: Line | None = None
    name: Line | None = None
    quantity: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    unit_price: Decimal
    currency: CurrencyCode | None = None
    owner: Line | None = None
    shipped_on: Day | None = None
    paid_on: Day | None = None
