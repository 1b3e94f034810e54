"""Price books, promotions, the price policy, and prices asked for, over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.catalog import service
from chalicelib.sales.catalog.inquiry import Inquiry
from chalicelib.sales.catalog.models import Price, PriceBook, PricePolicy, Promotion
from chalicelib.sales.catalog.price_schemas import (
    AskedPrices,
    InquiryView,
    NewPriceBook,
    NewPrices,
    NewPromotion,
    OfferChange,
    PriceBookView,
    PricePolicyChange,
    PricePolicyView,
    PriceView,
    PromotionChange,
    PromotionView,
)

books = Room("price_books", prefix="/price-books")
promotions = Room("promotions", prefix="/promotions")
policy = Room("price_policy", prefix="/price-policy")
inquiries = Room("prices", prefix="/prices")
rooms = (books, promotions, policy, inquiries)


@inquiries.post("", needs="products:read", body=AskedPrices, answers=InquiryView)
def ask_prices(call: Call[AskedPrices, NoQuery]) -> Inquiry:
    """Price lines for a customer; each price is explained step by step. Nothing is stored."""
    return service.inquire(who=call.who, language=call.language, **call.body.values())


@books.post("", needs="products:configure", body=NewPriceBook, answers=PriceBookView, status=201)
def add_price_book(call: Call[NewPriceBook, NoQuery]) -> Answer:
    """Add a price book."""
    book = service.add_price_book(**call.body.values(), by=call.who)
    return created(book)


@books.get("", needs="products:read", query=ListQuery, answers=PriceBookView, listed=True)
def list_price_books(call: Call[None, ListQuery]) -> Page[PriceBook]:
    """List price books by name."""
    return service.price_books(**call.page)


@books.get("/{book_id}", needs="products:read", answers=PriceBookView)
def read_price_book(_: Call[None, NoQuery], book_id: str) -> PriceBook:
    """Read a price book."""
    return service.price_book(book_id)


@books.patch("/{book_id}", needs="products:configure", body=OfferChange, answers=PriceBookView)
def change_price_book(call: Call[OfferChange, NoQuery], book_id: str) -> PriceBook:
    """Change for whom and when a price book holds, or retire it."""
    return service.change_price_book(book_id, version=call.version, by=call.who, **call.body.values())


@books.get("/{book_id}/prices", needs="products:read", query=ListQuery, answers=PriceView, listed=True)
def list_prices(call: Call[None, ListQuery], book_id: str) -> Page[Price]:
    """List the prices of a book."""
    return service.prices(book_id, **call.page)


@books.post("/{book_id}/prices", needs="products:configure", body=NewPrices, answers=PriceBookView)
def set_prices(call: Call[NewPrices, NoQuery], book_id: str) -> PriceBook:
    """Set prices in a book, all or none; each replaces what the product had there."""
    return service.set_prices(book_id, version=call.version, by=call.who, **call.body.values())


@promotions.post("", needs="products:configure", body=NewPromotion, answers=PromotionView, status=201)
def add_promotion(call: Call[NewPromotion, NoQuery]) -> Answer:
    """Add a promotion."""
    promotion = service.add_promotion(**call.body.values(), by=call.who)
    return created(promotion)


@promotions.get("", needs="products:read", query=ListQuery, answers=PromotionView, listed=True)
def list_promotions(call: Call[None, ListQuery]) -> Page[Promotion]:
    """List promotions by name."""
    return service.promotions(**call.page)


@promotions.get("/{promotion_id}", needs="products:read", answers=PromotionView)
def read_promotion(_: Call[None, NoQuery], promotion_id: str) -> Promotion:
    """Read a promotion."""
    return service.promotion(promotion_id)


@promotions.patch("/{promotion_id}", needs="products:configure", body=PromotionChange, answers=PromotionView)
def change_promotion(call: Call[PromotionChange, NoQuery], promotion_id: str) -> Promotion:
    """Change for whom, for what and when a promotion holds, or retire it."""
    return service.change_promotion(promotion_id, version=call.version, by=call.who, **call.body.values())


@policy.get("", needs="products:read", answers=PricePolicyView)
def read_price_policy(_: Call[None, NoQuery]) -> PricePolicy:
    """Read who may give what discount; version 0 until operations say so."""
    return service.policy()


@policy.put("", needs="products:configure", body=PricePolicyChange, answers=PricePolicyView)
def set_price_policy(call: Call[PricePolicyChange, NoQuery]) -> PricePolicy:
    """Replace who may give what discount."""
    return service.set_policy(**call.body.values(), version=call.version, by=call.who)
