"""Products, price books, prices, promotions and the price policy as they are kept."""

from typing import Any, Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
    MoneyAttribute,
)
from chalicelib.core.money import Money
from chalicelib.core.table import Record, index, meta

#: The name of an offer. Not `name`: with it, offers would stand among the products in `by_status`.
_NAME: Final = "offer_name"


class Product(Record):
    """Something we sell; ACTIVE or RETIRED.

    `axes` are what the variants of a template differ in (colour, voltage); a variant has its
    template as `parent_id`, and in `attributes` a value for each axis. A bundle has `components`;
    `option_groups` and `option_rules` say what can be chosen with a product (`configuration`).
    `cost` is what one piece costs us, for those who may know. `stocked`: units of it are kept in
    warehouses.
    """

    Meta = meta("catalog")
    kind = "product"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("product"))
    code = UnicodeAttribute()
    name = UnicodeAttribute()
    family = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    list_price = MoneyAttribute()
    cost = MoneyAttribute(null=True)
    status = UnicodeAttribute(default="ACTIVE")
    stocked = BooleanAttribute(default=False)
    parent_id = UnicodeAttribute(null=True)
    axes = ListOfAttribute(default=list)
    attributes = DocumentAttribute(default=dict)
    components = ListOfAttribute(default=list)
    price_from_components = BooleanAttribute(default=False)
    option_groups = ListOfAttribute(default=list)
    option_rules = ListOfAttribute(default=list)
    by_status = index("status", "name")
    by_parent = index("parent_id", "name")

    @property
    def type(self) -> str:
        """TEMPLATE (sold only as one of its variants), VARIANT, BUNDLE or PRODUCT."""
        if self.axes:
            return "TEMPLATE"
        if self.components:
            return "BUNDLE"
        return "VARIANT" if self.parent_id else "PRODUCT"


class Offer(Record):
    """What holds for some customers for a time: a price book, a promotion; ACTIVE or RETIRED.

    It holds in one currency, for the `regions`, customer `grades` and `channels` that it names
    (none named: for all), from `valid_from` to `valid_until`, both days included. An active one
    stands under `offer` in the index, by its last day; a retired one does not.
    """

    OPEN_END: Final = "9999-12-31"

    id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(attr_name=_NAME)
    currency = UnicodeAttribute()
    regions = ListOfAttribute(default=list)
    grades = ListOfAttribute(default=list)
    channels = ListOfAttribute(default=list)
    valid_from = DateAttribute(null=True)
    valid_until = DateAttribute(null=True)
    status = UnicodeAttribute(default="ACTIVE")
    group = UnicodeAttribute()
    offer = UnicodeAttribute(null=True)
    offered_until = UnicodeAttribute(null=True)
    by_group = index("group", "name", sorts=UnicodeAttribute(range_key=True, attr_name=_NAME))
    by_offer = index("offer", "offered_until")

    def __init__(self, *key: Any, **values: Any) -> None:
        super().__init__(*key, **values)
        if self.currency:
            self.offer, self.offered_until = self.place().values()

    def place(self, **changed: Any) -> dict[str, str | None]:
        """Return where it stands in the index of offers, after changes."""
        status, until = (changed.get(name, getattr(self, name)) for name in ("status", "valid_until"))
        stands = status == "ACTIVE"
        return {
            "offer": offer_key(self.kind, self.currency) if stands else None,
            "offered_until": (until.isoformat() if until else self.OPEN_END) if stands else None,
        }


def offer_key(kind: str, currency: str) -> str:
    """Return under what the active offers of a kind stand in the index."""
    return f"{kind}|{currency}"


class PriceBook(Offer):
    """A list of prices 价目表. Of several that hold, the most specific wins (`offers`).

    `priced_at` is when a price in it was last set.
    """

    Meta = meta("catalog")
    kind = "price_book"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("price_book"))
    group = UnicodeAttribute(default="price_books")
    priced_at = InstantAttribute(null=True)


class Price(Record):
    """A product's price in a book; ACTIVE or VOIDED. Its id follows from the two.

    `tiers` are ``{"from": pieces, "price_minor": price of one}``, from 1 piece upwards.
    """

    Meta = meta("catalog")
    kind = "price"

    id = UnicodeAttribute(hash_key=True)
    book_id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    tiers = ListOfAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    by_book = index("book_id", "product_id")

    @staticmethod
    def id_of(book_id: str, product_id: str) -> str:
        """Return the id of a product's price in a book."""
        return ids.derived("price", book_id, product_id)

    @property
    def priced_tiers(self) -> list[dict[str, Any]]:
        """The tiers with their prices as money."""
        return [
            {"from_quantity": tier["from"], "unit_price": Money(tier["price_minor"], self.currency)}
            for tier in self.tiers
        ]


class Promotion(Offer):
    """A reduction 促销 for a time: `percent_bps` of the price, or `amount_minor` off each piece.

    It goes for the products and families that it names (none named: for all), from `least_quantity`
    pieces of a product and a `least_amount_minor` of a line on.
    """

    Meta = meta("catalog")
    kind = "promotion"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("promotion"))
    group = UnicodeAttribute(default="promotions")
    product_ids = ListOfAttribute(default=list)
    families = ListOfAttribute(default=list)
    least_quantity = IntegerAttribute(default=1)
    least_amount_minor = IntegerAttribute(default=0)
    percent_bps = IntegerAttribute(null=True)
    amount_minor = IntegerAttribute(null=True)
    stackable = BooleanAttribute(default=False)

    @property
    def amount(self) -> Money | None:
        """What comes off each piece, None for a promotion by per cent."""
        minor: int | None = self.amount_minor
        return None if minor is None else Money(minor, self.currency)

    @property
    def least_amount(self) -> Money:
        """From which price of a line on it goes."""
        return Money(self.least_amount_minor, self.currency)


class PricePolicy(Record):
    """What operations decide about discounts. There is one.

    `limits` are basis points by role: up to there somebody of that role gives a discount without
    asking. `least_margin_bps`: below that margin somebody has to approve, whatever the discount.
    """

    Meta = meta("catalog")
    kind = "price_policy"

    id = UnicodeAttribute(hash_key=True, default=ids.only("price_policy"))
    limits = DocumentAttribute(default=dict)
    least_margin_bps = IntegerAttribute(null=True)


RECORDS = (Product, PriceBook, Price, Promotion, PricePolicy)
