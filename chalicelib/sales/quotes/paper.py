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
    promotion = -sum(step["minor"] for step in row["steps"] if step["kind"] == "PROMOTION")
    return {**{name: row[name] for name in _OF_LINE}, "promotion_minor": promotion, "contents": parts}


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

    def unit_price(self, line: Mapping[str, Any]) -> int:
        """Return what one piece costs before anything is taken off, in minor units, as an order has it.

        Never less than what the customer pays for it: a price agreed may be dearer than everybody's.
        """
        return max(int(line["unit_price_minor"]), -(-int(line["net_minor"]) // int(line["quantity"])))

    def taken_off(self, line: Mapping[str, Any]) -> int:
        """Return what comes off quantity × unit price, so that the amount is left, in minor units."""
        return self.unit_price(line) * int(line["quantity"]) - int(line["net_minor"])

    def reduction(self, line: Mapping[str, Any]) -> str:
        """Return what comes off a line as it is shown, nothing for nothing."""
        return f"-{self.money(off)}" if (off := self.taken_off(line)) else ""

    def promotion(self, line: Mapping[str, Any]) -> str:
        """Return what of that is by promotions, in words, nothing for nothing."""
        off = min(line.get("promotion_minor", 0), self.taken_off(line))
        return self.say("by_promotion", amount=self.money(off)) if off else ""

    def reckoning(self, line: Mapping[str, Any]) -> str:
        """Return how a line's amount comes about: ``10 × 1,000.00 -1,250.00 = 8,750.00``."""
        parts = [f"{line['quantity']:,} × {self.money(self.unit_price(line))}", self.reduction(line)]
        return " ".join([*filter(None, parts), "=", self.money(line["net_minor"])])

    def tax(self, line: Mapping[str, Any]) -> str:
        """Return the tax on a line."""
        return self.money(line["total_minor"] - line["net_minor"])

    def sums(self) -> list[tuple[str, str]]:
        """Return the sums with their names: of the columns, so that they can be added up."""
        off = sum(self.taken_off(line) for line in self.told["lines"])
        net: int = self.told["net_minor"]
        reduced = [("before", self.money(net + off)), ("reduction", f"-{self.money(off)}")] if off else []
        sums = [(name, self.money(self.told[f"{name}_minor"])) for name in ("net", "tax", "total")]
        return [(self.say(name), f"{amount} {self.told['currency']}") for name, amount in [*reduced, *sums]]
