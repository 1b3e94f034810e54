"""Sales performance 销售业绩: deals won and lost by the month they closed in."""

from dataclasses import dataclass

from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.analytics.figures import Amount, Mean, Share, mean_amount
from chalicelib.insight.analytics.tables import Asked, Line, Table, table


@dataclass(frozen=True, slots=True)
class SalesLine(Line):
    """What was won and lost. `units` are pieces sold; only owners' and products' lines have them."""

    @property
    def won(self) -> int:
        """Deals won."""
        return self.number("won_count")

    @property
    def lost(self) -> int:
        """Deals lost."""
        return self.number("lost_count")

    @property
    def win_rate(self) -> Share:
        """Won of all that closed."""
        return Share(self.won, self.won + self.lost)

    @property
    def revenue(self) -> Money:
        """The value of the deals won."""
        return Money(self.number("won_amount"), self.currency)

    @property
    def mean_deal(self) -> Amount | None:
        """The value of a deal won."""
        return mean_amount(self.revenue, self.won)

    @property
    def won_cycle(self) -> Mean:
        """Days from opening a deal to winning it."""
        return Mean(self.number("won_days"), self.won)

    @property
    def lost_cycle(self) -> Mean:
        """Days from opening a deal to losing it."""
        return Mean(self.number("lost_days"), self.lost)

    @property
    def units(self) -> int:
        """Pieces sold with the deals won."""
        return self.number("units")


def sales(asked: Asked, *, who: Principal) -> Table[SalesLine]:
    """Return sales by team, owner, region, product, source or industry. One Query."""
    return table("sales", asked, who=who, line=SalesLine, largest="won_amount", money=True)
