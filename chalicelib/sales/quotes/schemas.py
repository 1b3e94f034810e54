"""What clients send and see of quotes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.core.rounding import WHOLE
from chalicelib.core.shapes import (
    CurrencyCode,
    Day,
    Email,
    Id,
    Instant,
    Kept,
    Language,
    Line,
    MoneyShape,
    OwnedQuery,
    OwnedView,
    PastDay,
    Price,
    Shape,
    Text,
    View,
)

#: Lines, options among them, of a quote: what the catalogue prices at once.
MOST_LINES = 60

Status = Literal["DRAFT", "IN_REVIEW", "APPROVED", "PRESENTED", "ACCEPTED", "REJECTED", "EXPIRED"]
VersionStatus = Literal["PRESENTED", "ACCEPTED", "REJECTED", "EXPIRED", "SUPERSEDED", "VOIDED"]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Pieces = Annotated[int, Field(strict=True, ge=0, le=10_000)]
#: A share in basis points: 1,300 are 13 %.
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]


class QuotedOption(Shape):
    """An option, and how many pieces for one of the product."""

    product_id: Id
    quantity: Annotated[Pieces, Field(ge=1)]


class QuotedComponent(Shape):
    """A bundle's component, and how many pieces in one bundle."""

    product_id: Id
    quantity: Pieces


class NewQuoteLine(Shape):
    """A product, perhaps configured, or a service or charge by its `name` and `unit_price`."""

    product_id: Id | None = None
    name: Line | None = None
    quantity: Quantity
    options: Annotated[list[QuotedOption], Field(max_length=MOST_LINES)] = Field(default=[])
    components: Annotated[list[QuotedComponent], Field(max_length=MOST_LINES)] = Field(default=[])
    unit_price: Price | None = None
    discount_bps: BasisPoints = 0
    tax_bps: BasisPoints = 0


Lines = Annotated[list[NewQuoteLine], Field(max_length=MOST_LINES)]


class NewQuote(Shape):
    """A quote to draft. Whose it is: the caller's, or the account owner's, unless said."""

    account_id: Id
    currency: CurrencyCode
    lines: Lines = Field(default=[])
    discount: Price | None = None
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    owner_id: Id | None = None
    title: Line | None = None
    language: Language | None = None
    channel: Line | None = None
    valid_until: Day | None = None
    terms: Text | None = None
    note: Text | None = None


class QuoteOfOpportunity(Shape):
    """An opportunity to make a quote of: its account, contact, and products or `lines` in their place."""

    opportunity_id: Id
    lines: Kept[Lines] = None
    title: Line | None = None
    language: Language | None = None
    valid_until: Day | None = None
    terms: Text | None = None
    note: Text | None = None


class QuoteChange(Shape):
    """What to change of a draft; fields left out stay. `lines` are replaced as a whole, and priced anew.

    `reprice` prices the lines that stand anew: by today's books and promotions, with the prices and
    discounts that were agreed.
    """

    lines: Kept[Lines] = None
    reprice: bool = False
    discount: Price | None = None
    channel: Line | None = None
    contact_id: Id | None = None
    title: Line | None = None
    language: Kept[Language] = None
    valid_until: Kept[Day] = None
    terms: Text | None = None
    note: Text | None = None


class QuoteReason(Shape):
    """Why."""

    reason: Line


class Sending(Shape):
    """To whom a quote goes: the contact's address unless said; without `by_mail` only a link is made."""

    to: Email | None = None
    by_mail: bool = True


class AcceptanceRecorded(Shape):
    """Who accepted otherwise than by the link, and when: today when left out."""

    name: Line
    on: PastDay | None = None


class StepView(View):
    """One step of a price: what it adds for the line, where it comes from, and what it says."""

    kind: str
    label: str
    amount: MoneyShape
    source_id: str | None
    detail: dict[str, int]


class HeldView(View):
    """What a bundle's line holds, and its part of the price."""

    product_id: str
    name: str
    quantity: int
    amount: MoneyShape


class QuoteLineView(View):
    """A line with its sums. How its price comes about: `GET /quotes/{id}/prices`."""

    number: int
    product_id: str | None
    name: str
    is_option: bool
    quantity: int
    unit_price: MoneyShape
    before_discount: MoneyShape
    discount: MoneyShape
    net: MoneyShape
    tax_bps: int
    tax: MoneyShape
    total: MoneyShape
    contents: list[HeldView] = Field(validation_alias="held")


class ExplainedLineView(View):
    """How a line's price comes about; the steps sum to `net`. `available`: in stock now, null if not kept."""

    number: int
    name: str
    net: MoneyShape
    steps: list[StepView]
    available: int | None


class ExplanationView(View):
    """How a quote's prices come about, and the margin for those who may know costs."""

    id: str
    lines: list[ExplainedLineView]
    margin: MoneyShape | None


class ReviewView(View):
    """Why a quote is to be approved."""

    field: str
    code: str
    values: dict[str, int]


class AcceptanceView(View):
    """Who accepted, when, and from where: by the link with an `address`, else `recorded_by` somebody."""

    name: str
    on: Day
    at: Instant
    address: str | None = None
    recorded_by: str | None = None


class ChangeRequestView(View):
    """What the customer wants otherwise, of which version."""

    revision: int
    name: str
    message: str
    at: Instant


class QuoteView(OwnedView):
    """A quote: its present version."""

    status: Literal[Status, "VOIDED"]
    number: str
    revision: int
    title: str | None
    account_id: str
    contact_id: str | None
    opportunity_id: str | None
    currency: str
    language: Language
    channel: str | None
    priced_on: Day
    valid_until: Day
    terms: str | None
    note: str | None
    lines: list[QuoteLineView]
    discount: MoneyShape
    net: MoneyShape
    tax: MoneyShape
    total: MoneyShape
    review: list[ReviewView]
    submitted_at: Instant | None
    submitted_by: str | None
    approved_at: Instant | None
    approved_by: str | None
    sent_back_by: str | None
    sent_back_reason: str | None
    sent_at: Instant | None
    acceptance: AcceptanceView | None
    rejection_reason: str | None
    void_reason: str | None
    order_id: str | None
    contract_id: str | None
    change_requests: list[ChangeRequestView]


class VersionView(View):
    """What was sent; `content` is the document as the customer got it."""

    id: str
    quote_id: str
    revision: int
    status: VersionStatus
    valid_until: Day
    sent_at: Instant
    sent_by: str
    mail: Literal["NONE", "WAITING", "SENT", "FAILED", "NOT_SENT"]
    to: str | None
    content: dict[str, Any]


class LinkView(View):
    """Where the customer finds a quote, or its PDF."""

    url: str


class PdfQuery(Shape):
    """In which language: the quote's own when left out."""

    lang: Language | None = None


class QuoteQuery(OwnedQuery):
    """Which quotes to list; `account_id` or `opportunity_id`: theirs, as far as in reach.

    `waits_for`: those in reach that wait for an approval.
    """

    account_id: Id | None = None
    opportunity_id: Id | None = None
    waits_for: Literal["APPROVAL"] | None = None

    def which(self) -> dict[str, Any]:
        """Return the choice as `service.quotes` takes it."""
        names = ("account_id", "opportunity_id", "waits_for")
        return {**super().which(), **{name: getattr(self, name) for name in names}}
