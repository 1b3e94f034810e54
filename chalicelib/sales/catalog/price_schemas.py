"""What clients send and see of price books, prices, promotions, and of prices asked for."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.core.access import Role
from chalicelib.core.rounding import WHOLE
from chalicelib.core.shapes import (
    Code,
    CurrencyCode,
    Day,
    Id,
    Instant,
    Line,
    MoneyShape,
    Price,
    Shape,
    View,
    kept,
    unfit,
)
from chalicelib.sales.catalog.pricing import MOST_LINES
from chalicelib.sales.catalog.schemas import Part, Status
from chalicelib.sales.catalog.tiers import MOST_TIERS

Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
#: A share in basis points: 1,300 are 13 %.
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=WHOLE)]
#: Prices set in one transaction, each two writes at most.
MOST_PRICES = 50


def _each_once(texts: list[str]) -> list[str]:
    if len(set(texts)) < len(texts):
        raise unfit("named_twice")
    return texts


Names = Annotated[list[Line], Field(max_length=50), AfterValidator(_each_once)]


class OfferTerms(Shape):
    """For whom and when something holds; an empty list is for all."""

    regions: Names = Field(default_factory=list)
    grades: Names = Field(default_factory=list)
    channels: Names = Field(default_factory=list)
    valid_from: Day | None = None
    valid_until: Day | None = None


class NewPriceBook(OfferTerms):
    """A price book to add."""

    name: Line
    currency: CurrencyCode


class OfferChange(Shape):
    """What to change of an offer; fields left out stay, null clears a day."""

    name: Line = kept()
    regions: Names = kept()
    grades: Names = kept()
    channels: Names = kept()
    valid_from: Day | None = None
    valid_until: Day | None = None
    status: Status = kept()


class OfferView(View):
    """What every offer shows."""

    id: str
    name: str
    currency: str
    regions: list[str]
    grades: list[str]
    channels: list[str]
    valid_from: Day | None
    valid_until: Day | None
    status: Status
    version: int
    created_at: Instant
    updated_at: Instant


class PriceBookView(OfferView):
    """A price book; `priced_at`: when a price in it was last set."""

    priced_at: Instant | None


class NewTier(Shape):
    """The price of one piece from so many pieces on."""

    from_quantity: Quantity
    unit_price: Price


class NewPrice(Shape):
    """A product's price in a book; without tiers the product is taken out of it."""

    product_id: Id
    tiers: Annotated[list[NewTier], Field(max_length=MOST_TIERS)]


class NewPrices(Shape):
    """Prices to set in a book, all or none."""

    prices: Annotated[list[NewPrice], Field(min_length=1, max_length=MOST_PRICES)]


class TierView(View):
    """The price of one piece from so many pieces on."""

    from_quantity: int
    unit_price: MoneyShape


class PriceView(View):
    """A product's price in a book."""

    id: str
    book_id: str
    product_id: str
    status: Literal["ACTIVE", "VOIDED"]
    tiers: list[TierView] = Field(validation_alias="priced_tiers")
    version: int
    updated_at: Instant


class NewPromotion(OfferTerms):
    """A promotion to add: `percent_bps` of the price, or an `amount` off each piece."""

    name: Line
    currency: CurrencyCode
    product_ids: Annotated[list[Id], Field(max_length=100), AfterValidator(_each_once)] = Field(
        default_factory=list
    )
    families: Names = Field(default_factory=list)
    least_quantity: Quantity = 1
    least_amount: Price | None = None
    percent_bps: Annotated[BasisPoints, Field(ge=1)] | None = None
    amount: Price | None = None
    stackable: bool = False


class PromotionChange(OfferChange):
    """What to change of a promotion; what it takes off stays."""

    product_ids: Annotated[list[Id], Field(max_length=100), AfterValidator(_each_once)] = kept()
    families: Names = kept()
    least_quantity: Quantity = kept()
    stackable: bool = kept()


class PromotionView(OfferView):
    """A promotion."""

    product_ids: list[str]
    families: list[str]
    least_quantity: int
    least_amount: MoneyShape
    percent_bps: int | None
    amount: MoneyShape | None
    stackable: bool


class PricePolicyChange(Shape):
    """Who may give what discount, in basis points by role, and the margin below which to ask."""

    limits: dict[Role, BasisPoints]
    least_margin_bps: BasisPoints | None = None


class PricePolicyView(View):
    """The price policy."""

    id: str
    limits: dict[str, int]
    least_margin_bps: int | None
    version: int


class AskedPart(Part):
    """An option, or a bundle's component, and how many pieces for one of the product."""

    product_id: Id
    quantity: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 1


class AskedOption(AskedPart):
    """An option."""

    quantity: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 1


class AskedLine(Shape):
    """A product, or a service or charge by its `name` and `unit_price`, to be priced."""

    product_id: Id | None = None
    name: Line | None = None
    quantity: Quantity
    options: Annotated[list[AskedOption], Field(max_length=MOST_LINES)] = Field(default_factory=list)
    components: Annotated[list[AskedPart], Field(max_length=MOST_LINES)] = Field(default_factory=list)
    unit_price: Price | None = None
    discount_bps: BasisPoints = 0


class AskedPrices(Shape):
    """What to price for whom: an account in reach (in its grade and region), or anybody."""

    currency: CurrencyCode
    account_id: Id | None = None
    grade: Code | None = None
    region: Line | None = None
    channel: Line | None = None
    on: Day | None = None
    discount: Price | None = None
    lines: Annotated[list[AskedLine], Field(min_length=1, max_length=MOST_LINES)]


class StepView(View):
    """One step of a price: what it adds for the line, where it comes from, and what it says."""

    kind: str
    label: str
    amount: MoneyShape
    source_id: str | None
    detail: dict[str, int]


class ContentView(View):
    """What a bundle's line holds, and its part of the price."""

    product_id: str
    name: str
    quantity: int
    amount: MoneyShape


class PricedLineView(View):
    """A line with its price. The steps sum to `net`."""

    asked: int
    product_id: str | None
    name: str
    is_option: bool
    quantity: int
    unit_price: MoneyShape
    before_discount: MoneyShape
    net: MoneyShape
    steps: list[StepView]
    contents: list[ContentView]


class ExcessView(View):
    """Why somebody else has to approve."""

    field: str
    code: str
    message: str


class MarginView(View):
    """What is earned on the lines whose cost is known, and their price."""

    earned: MoneyShape
    price: MoneyShape


class InquiryView(View):
    """Prices, each explained step by step."""

    currency: str
    on: Day
    net: MoneyShape
    lines: list[PricedLineView] = Field(validation_alias="explained")
    approval: list[ExcessView]
    margin: MarginView | None
