"""Orders 订单 by the month they were placed in, and receivables 应收款 by the month they fall due in."""

from collections import defaultdict
from dataclasses import dataclass

from chalicelib.core import boards
from chalicelib.core.access import Principal, may
from chalicelib.core.money import Money
from chalicelib.insight.analytics.figures import Share
from chalicelib.insight.analytics.members import require_all
from chalicelib.insight.analytics.periods import Span
from chalicelib.insight.analytics.tables import Asked, Line, Table, table


@dataclass(frozen=True, slots=True)
class OrderLine(Line):
    """What was ordered, shipped and paid. Cancelled orders are counted apart."""

    @property
    def count(self) -> int:
        """Orders that stand."""
        return self.number("count")

    @property
    def amount(self) -> Money:
        """Their value."""
        return Money(self.number("amount"), self.currency)

    @property
    def paid(self) -> Money:
        """What has been paid of it."""
        return Money(self.number("paid"), self.currency)

    @property
    def paid_share(self) -> Share:
        """Paid of the value, in minor units."""
        return Share(self.paid.minor, self.amount.minor)

    @property
    def refunded(self) -> Money:
        """What was paid back."""
        return Money(self.number("refunded"), self.currency)

    @property
    def margin(self) -> Share | None:
        """What was earned: not told here (`CostedOrderLine`)."""
        return None

    @property
    def shipped_units(self) -> int:
        """Pieces shipped."""
        return self.number("shipped_units")

    @property
    def cancelled(self) -> int:
        """Orders cancelled."""
        return self.number("cancelled_count")

    @property
    def cancelled_amount(self) -> Money:
        """Their value."""
        return Money(self.number("cancelled_amount"), self.currency)

    @property
    def credit_notes(self) -> int:
        """Credit notes."""
        return self.number("credit_notes")

    @property
    def returned_units(self) -> int:
        """Pieces that came back."""
        return self.number("returned_units")

    @property
    def returned_amount(self) -> Money:
        """Their value."""
        return Money(self.number("returned_amount"), self.currency)


@dataclass(frozen=True, slots=True)
class CostedOrderLine(OrderLine):
    """The same for those who may know what things cost."""

    @property
    def margin(self) -> Share:
        """What was earned of the price of what costs are known of, in minor units without tax."""
        return Share(self.number("margin"), self.number("margin_of"))


def orders(asked: Asked, *, who: Principal) -> Table[OrderLine]:
    """Return orders by team, owner or product. One Query."""
    line = CostedOrderLine if may(who, "costs:approve") else OrderLine
    return table("orders", asked, who=who, line=line, largest="amount", money=True)


@dataclass(frozen=True, slots=True)
class Receivable:
    """What falls due in a month, in one currency."""

    month: str
    due: Money
    paid: Money

    @property
    def open(self) -> Money:
        """What has not been paid of it."""
        return Money(self.due.minor - self.paid.minor, self.due.currency)


def receivables(span: Span, *, who: Principal) -> list[Receivable]:
    """Return what falls due by month and currency, for those who see all. One Query."""
    require_all(who)
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for key, numbers in boards.months("receivables", span.first, span.last).items():
        month, _, currency = key.partition("|")
        sums[month, currency] = dict(numbers)
    return [
        Receivable(month, Money(numbers.get("due", 0), currency), Money(numbers.get("paid", 0), currency))
        for (month, currency), numbers in sorted(sums.items())
    ]
