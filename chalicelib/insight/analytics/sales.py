"""Sales performance 销售业绩: deals won and lost by the month they closed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.analytics import members
from chalicelib.insight.analytics.figures import Amount, Mean, Share, mean_amount
from chalicelib.insight.analytics.tables import Asked, Line, Table, table

_LOST_FOR: Final = "lost_for."


@dataclass(frozen=True, slots=True)
class LostFor:
    """Deals lost for one reason, and what they were worth. `reason` None: none was given."""

    reason: str | None
    count: int
    amount: Money


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
    def lost_reasons(self) -> Sequence[LostFor]:
        """Why deals were lost, the most frequent reason first."""
        reasons = {name.split(".")[1] for name in self.numbers if name.startswith(_LOST_FOR)}
        found = [self._lost_for(reason) for reason in reasons]
        return sorted(
            (each for each in found if each.count), key=lambda each: (-each.count, each.reason or "~")
        )

    def _lost_for(self, reason: str) -> LostFor:
        count, minor = (self.number(f"{_LOST_FOR}{reason}.{what}") for what in ("count", "amount"))
        return LostFor(members.shown(reason), count, Money(minor, self.currency))

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
    """Return sales by team, owner, region, product, source, industry, competitor or split. One Query."""
    return table("sales", asked, who=who, line=SalesLine, largest="won_amount", money=True)
