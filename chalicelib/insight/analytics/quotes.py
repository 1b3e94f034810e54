"""Quotes 报价 by the month they were first sent in: what became of them, and what was given away."""

from dataclasses import dataclass

from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.analytics.figures import Share
from chalicelib.insight.analytics.tables import Asked, Line, Table, table


@dataclass(frozen=True, slots=True)
class QuoteLine(Line):
    """Quotes sent, and how they ended. Amounts are without tax, of each quote's last version sent."""

    @property
    def sent(self) -> int:
        """Quotes that went out."""
        return self.number("sent_count")

    @property
    def amount(self) -> Money:
        """Their value."""
        return Money(self.number("sent_amount"), self.currency)

    @property
    def accepted(self) -> int:
        """Those of them that customers accepted."""
        return self.number("accepted_count")

    @property
    def accepted_amount(self) -> Money:
        """The value of those."""
        return Money(self.number("accepted_amount"), self.currency)

    @property
    def rejected(self) -> int:
        """Those that customers turned down."""
        return self.number("rejected_count")

    @property
    def expired(self) -> int:
        """Those whose last day passed."""
        return self.number("expired_count")

    @property
    def win_rate(self) -> Share:
        """Accepted of those that were answered or have expired."""
        return Share(self.accepted, self.accepted + self.rejected + self.expired)

    @property
    def discount(self) -> Share:
        """What was given away of everybody's prices, in minor units."""
        return Share(self.number("discount_amount"), self.number("list_amount"))

    @property
    def revisions(self) -> int:
        """Versions after the first."""
        return self.number("revisions")


def quotes(asked: Asked, *, who: Principal) -> Table[QuoteLine]:
    """Return quotes by team or owner. One Query."""
    return table("quotes", asked, who=who, line=QuoteLine, largest="sent_amount", money=True)
