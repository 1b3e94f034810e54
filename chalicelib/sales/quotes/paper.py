"""A quote as a document: everything that the customer gets to read, in one plain value.

It is made once when the quote is sent, and kept: whatever changes later, the page, the PDF and the
mail of that version stay the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.core import clock, i18n
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.quotes.models import Quote
from chalicelib.sales.quotes.policy import letterhead, policy

#: What of a line the customer sees.
_OF_LINE: Final = (
    "number", "name", "quantity", "is_option", "unit_price_minor", "net_minor", "tax_bps", "total_minor"
)  # fmt: skip

Content = Mapping[str, Any]


def content(quote: Quote) -> dict[str, Any]:
    """Return a quote's present version as a document, in neither language."""
    account = accounts.account(quote.account_id, who=SYSTEM)
    contact = accounts.contact(quote.contact_id, who=SYSTEM) if quote.contact_id else None
    seller = people.user_or_none(quote.owner_id)
    sums = quote.totals
    return {
        "number": quote.number,
        "revision": quote.revision,
        "title": quote.title or "",
        "currency": quote.currency,
        "language": quote.language,
        "day": clock.today().isoformat(),
        "valid_until": quote.valid_until.isoformat(),
        "letterhead": letterhead(policy()),
        "customer": [
            account.name,
            *([contact.name] if contact else []),
            *([account.address] if account.address else []),
        ],
        "seller": [seller.name, seller.email] if seller else [],
        "lines": [_line(row) for row in quote.line_rows],
        "net_minor": sums.net.minor,
        "tax_minor": sums.tax.minor,
        "total_minor": sums.total.minor,
        "terms": quote.terms or "",
    }


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = [{name: part[name] for name in ("name", "quantity")} for part in row["contents"]]
    return {**{name: row[name] for name in _OF_LINE}, "contents": parts}


class Words:
    """A document's words and numbers in one language."""

    def __init__(self, told: Content, language: str) -> None:
        self.told = told
        self.language = language

    def say(self, key: str, **values: Any) -> str:
        """Return a text of the catalogue."""
        return i18n.text(f"quote.paper.{key}", self.language, **values)

    def money(self, minor: int) -> str:
        """Return an amount with its thousands apart: ``12,345.60``."""
        whole, dot, decimals = Money(minor, self.told["currency"]).amount.partition(".")
        return f"{int(whole):,}{dot}{decimals}"

    def percent(self, bps: int) -> str:
        """Return basis points as per cents: ``13 %``."""
        whole, rest = divmod(bps, 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"

    @property
    def sender(self) -> list[str]:
        """The letterhead's lines."""
        found: list[str] = self.told["letterhead"][self.language]
        return found

    @property
    def name(self) -> str:
        """What the document is called: number and version."""
        return self.say("name", number=self.told["number"], revision=self.told["revision"])

    def contents(self, line: Mapping[str, Any]) -> list[str]:
        """Return what a bundle's line holds, part by part."""
        return [f"{part['quantity']:,} × {part['name']}" for part in line["contents"]]

    def sums(self) -> list[tuple[str, str]]:
        """Return the sums with their names."""
        return [
            (self.say(name), f"{self.money(self.told[f'{name}_minor'])} {self.told['currency']}")
            for name in ("net", "tax", "total")
        ]
