"""What quotes need around them: a shop, a contact to write to; and quotes at each step of their life."""

from typing import Any

from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.quotes import service
from chalicelib.sales.quotes.models import Quote
from tests.client import MANAGER, REP
from tests.sales.orders.builders import Shop, open_shop

__all__ = [
    "Shop",
    "accepted",
    "approved",
    "contact_of",
    "drafted",
    "in_review",
    "open_shop",
    "sent",
    "token_of",
]


def contact_of(shop: Shop) -> str:
    """Return somebody at Rita's customer's who reads Chinese mail."""
    details = {"name": "Li Wei 李伟", "email": "li.wei@example.cn", "language": "zh-CN"}
    return str(accounts.add_contact(account_id=shop.account_id, by=REP, **details).id)


def drafted(shop: Shop, **details: Any) -> Quote:
    """Return Rita's draft: ten presses at 12.5 % off and seven dies, both with 13 % tax."""
    given: dict[str, Any] = {"account_id": shop.account_id, "currency": "CNY", "lines": shop.lines()}
    return service.draft(by=REP, **(given | details))


def in_review(shop: Shop, **details: Any) -> Quote:
    """Return Rita's quote, handed in: the discount is beyond her limit."""
    return service.submit(drafted(shop, **details).id, by=REP)


def approved(shop: Shop, **details: Any) -> Quote:
    """Return Rita's quote, approved by her manager."""
    return service.approve(in_review(shop, **details).id, by=MANAGER)


def sent(shop: Shop, **details: Any) -> Quote:
    """Return Rita's quote, presented by a link alone."""
    return service.send(approved(shop, **details).id, by_mail=False, by=REP)


def accepted(shop: Shop, **details: Any) -> Quote:
    """Return Rita's quote, accepted by its link."""
    quote = sent(shop, **details)
    service.accept_by_link(token_of(quote), name="Li Wei 李伟", address="203.0.113.7")
    return service.quote(quote.id, who=REP)


def token_of(quote: Quote) -> str:
    """Return the token of a quote's link."""
    return service.link(quote.id, who=REP).rpartition("/")[2]
