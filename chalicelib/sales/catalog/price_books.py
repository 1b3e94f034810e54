"""What one does with price books, promotions, and the prices in a book."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import VOIDED
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.catalog import tiers
from chalicelib.sales.catalog.models import Offer, Price, PriceBook, Product, Promotion, offer_key

#: Active price books, and active promotions, in one currency: all of them are read for a price.
MOST_OFFERS: Final = 50

O = TypeVar("O", bound=Offer)  # noqa: E741 - the kind of offer


def add_price_book(*, by: Principal, **terms: Any) -> PriceBook:
    """Add a price book. Invalid for a period that ends before it begins; TooMany beyond the limit."""
    return _add(PriceBook(**terms), by=by)


def add_promotion(*, by: Principal, **terms: Any) -> Promotion:
    """Add a promotion, by `percent_bps` or `amount`: one of the two.

    Invalid as for a price book, and for an amount in another currency.
    """
    wrong = [
        FieldError(name, "currency_mismatch")
        for name in ("amount", "least_amount")
        if terms.get(name) and terms[name].currency != terms["currency"]
    ]
    if (terms.get("percent_bps") is None) == (terms.get("amount") is None):
        wrong.append(FieldError("percent_bps", "percent_or_amount"))
    if wrong:
        raise errors.Invalid(*wrong)
    amount: Money | None = terms.pop("amount", None)
    least: Money | None = terms.pop("least_amount", None)
    minors = {
        "amount_minor": amount.minor if amount else None,
        "least_amount_minor": least.minor if least else 0,
    }
    return _add(Promotion(**terms, **minors), by=by)


def _add(made: O, *, by: Principal) -> O:
    _require_period(made.valid_from, made.valid_until)
    step = Step(by=by.id)
    step.create(made)
    step.count(_count_key(made), limit=MOST_OFFERS, refusal=_too_many)
    step.commit()
    return made


def change_price_book(book_id: str, *, version: int | None, by: Principal, **changes: Any) -> PriceBook:
    """Change for whom and when a book holds, or retire it."""
    return _change(PriceBook.fetch(book_id), version=version, by=by, changes=changes)


def change_promotion(promotion_id: str, *, version: int | None, by: Principal, **changes: Any) -> Promotion:
    """Change for whom, for what and when a promotion holds, or retire it. What it takes off stays."""
    return _change(Promotion.fetch(promotion_id), version=version, by=by, changes=changes)


def _change(offer: O, *, version: int | None, by: Principal, changes: Mapping[str, Any]) -> O:
    expect(offer, version)
    _require_period(*(changes.get(name, getattr(offer, name)) for name in ("valid_from", "valid_until")))
    step = Step(by=by.id)
    status = changes.get("status", offer.status)
    if status != offer.status:
        if status == "ACTIVE":
            step.count(_count_key(offer), limit=MOST_OFFERS, refusal=_too_many)
        else:
            step.count_down(_count_key(offer))
    step.change(offer, **{**changes, **offer.place(**changes)})
    step.commit()
    return offer


def _require_period(first: Any, last: Any) -> None:
    if first and last and last < first:
        raise errors.Invalid.one("valid_until", "before_beginning")


def _count_key(offer: Offer) -> str:
    return f"offers|{offer_key(offer.kind, offer.currency)}"


def _too_many(_: Any) -> errors.SalesError:
    return errors.Conflict("too_many_offers", most=MOST_OFFERS)


def price_book(book_id: str) -> PriceBook:
    """Return a price book. NotFound when there is none."""
    return PriceBook.fetch(book_id)


def promotion(promotion_id: str) -> Promotion:
    """Return a promotion. NotFound when there is none."""
    return Promotion.fetch(promotion_id)


def price_books(**paging: Any) -> Page[PriceBook]:
    """Return price books by name, retired ones too."""
    return page(PriceBook.by_group.query, "price_books", newest_first=False, **paging)


def promotions(**paging: Any) -> Page[Promotion]:
    """Return promotions by name, retired ones too."""
    return page(Promotion.by_group.query, "promotions", newest_first=False, **paging)


def prices(book_id: str, **paging: Any) -> Page[Price]:
    """Return the prices of a book, by product."""
    return page(Price.by_book.query, PriceBook.fetch(book_id).id, newest_first=False, **paging)


def set_prices(
    book_id: str, *, version: int | None, by: Principal, prices: Sequence[Mapping[str, Any]]
) -> PriceBook:
    """Set products' prices in a book, all or none; each replaces what was there, no tiers takes it out.

    Invalid, naming each, for products that are not on sale or named twice, and for wrong tiers.
    """
    book = PriceBook.fetch(book_id)
    expect(book, version)
    ids = [each["product_id"] for each in prices]
    known = Product.fetch_many(ids)
    wrong = [error for at, each in enumerate(prices) for error in _wrong(at, each, ids, known, book.currency)]
    if wrong:
        raise errors.Invalid(*wrong)
    standing = Price.fetch_many(Price.id_of(book.id, each) for each in ids)
    step = Step(by=by.id)
    step.change(book, priced_at=clock.now())
    for each in prices:
        _set(step, book, each, standing)
    step.commit()
    return book


def _wrong(
    at: int, asked: Mapping[str, Any], ids: Sequence[str], known: Mapping[str, Product], currency: str
) -> list[FieldError]:
    product = known.get(asked["product_id"])
    found = tiers.wrong(asked["tiers"], currency=currency, field=f"prices.{at}.tiers")
    if product is None or product.status != "ACTIVE":
        found.append(FieldError(f"prices.{at}.product_id", "unknown_reference"))
    if asked["product_id"] in ids[:at]:
        found.append(FieldError(f"prices.{at}.product_id", "product_twice"))
    return found


def _set(step: Step, book: PriceBook, asked: Mapping[str, Any], standing: Mapping[str, Price]) -> None:
    rows = tiers.kept(asked["tiers"])
    item_id = Price.id_of(book.id, asked["product_id"])
    found = standing.get(item_id)
    if found:
        # The last prices stay with one taken out, so that what was quoted by them can be explained.
        step.change(found, tiers=rows or found.tiers, status="ACTIVE" if rows else VOIDED)
        return
    made = Price(
        item_id,
        book_id=book.id,
        product_id=asked["product_id"],
        currency=book.currency,
        tiers=rows,
        status="ACTIVE" if rows else VOIDED,
    )
    step.create(made)
