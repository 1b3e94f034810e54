"""A quote's lines: what is offered at what price, how the price comes about, and the tax on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.core.money import Money
from chalicelib.core.rounding import share
from chalicelib.sales.catalog import service as catalog


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `number` counts from 1; an option stands behind the product it goes with.

    `steps` explain `net`; `contents` are what a bundle holds, `uncompared` what the catalogue knows in
    other currencies only (`catalog.PricedLine`).
    """

    number: int
    product_id: str | None
    name: str
    quantity: int
    unit_price: Money
    before_discount: Money
    net: Money
    tax_bps: int = 0
    cost: Money | None = None
    is_option: bool = False
    steps: Sequence[Mapping[str, Any]] = ()
    contents: Sequence[Mapping[str, Any]] = field(default=())
    uncompared: Sequence[str] = ()

    @property
    def tax(self) -> Money:
        """The tax on the net price, rounded once for the line."""
        return self._of(share(self.net.minor, self.tax_bps, self.net.currency))

    @property
    def total(self) -> Money:
        """What the customer pays for the line."""
        return self.net + self.tax

    @property
    def discount(self) -> Money:
        """What somebody took off everybody's price."""
        return self._of(self.before_discount.minor - self.net.minor)

    @property
    def held(self) -> list[dict[str, Any]]:
        """What a bundle holds, its parts of the price as money."""
        return [{**part, "amount": self._of(part["amount_minor"])} for part in self.contents]

    @property
    def parts(self) -> dict[str, int]:
        """The pieces that one bundle holds, by product, as it was put together."""
        return {part["product_id"]: part["quantity"] // self.quantity for part in self.contents}

    def told_steps(self, language: str) -> list[dict[str, Any]]:
        """How the price comes about, in words."""
        return [catalog.PriceStep(**step).told(self.net.currency, language) for step in self.steps]

    def _of(self, minor: int) -> Money:
        return Money(minor, self.net.currency)

    def row(self) -> dict[str, Any]:
        """Return it as kept on the quote, with its sums for whoever reads the plain image."""
        return {
            "number": self.number,
            "product_id": self.product_id,
            "name": self.name,
            "quantity": self.quantity,
            "unit_price_minor": self.unit_price.minor,
            "before_discount_minor": self.before_discount.minor,
            "net_minor": self.net.minor,
            "tax_bps": self.tax_bps,
            "total_minor": self.total.minor,
            "cost_minor": self.cost.minor if self.cost else None,
            "is_option": self.is_option,
            "steps": [dict(step) for step in self.steps],
            "contents": [dict(part) for part in self.contents],
            **({"uncompared": list(self.uncompared)} if self.uncompared else {}),
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Line":
        """Return the line that `row` kept."""
        cost = row["cost_minor"]
        return cls(
            number=row["number"],
            product_id=row["product_id"],
            name=row["name"],
            quantity=row["quantity"],
            unit_price=Money(row["unit_price_minor"], currency),
            before_discount=Money(row["before_discount_minor"], currency),
            net=Money(row["net_minor"], currency),
            tax_bps=row["tax_bps"],
            cost=None if cost is None else Money(cost, currency),
            is_option=row["is_option"],
            steps=row["steps"],
            contents=row["contents"],
            uncompared=row.get("uncompared", ()),
        )

    @classmethod
    def of_priced(cls, number: int, priced: catalog.PricedLine, *, tax_bps: int) -> "Line":
        """Return the line of a price that was found."""
        return cls(
            number=number,
            product_id=priced.product_id,
            name=priced.name,
            quantity=priced.quantity,
            unit_price=priced.unit_price,
            before_discount=priced.before_discount,
            net=priced.net,
            tax_bps=tax_bps,
            cost=priced.cost,
            is_option=priced.is_option,
            steps=[step.row() for step in priced.steps],
            contents=[part.row() for part in priced.contents],
            uncompared=priced.uncompared,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a quote's lines; nothing is rounded again."""

    net: Money
    tax: Money
    total: Money
    before_discount: Money

    @property
    def discount(self) -> Money:
        """What somebody took off everybody's prices."""
        return Money(self.before_discount.minor - self.net.minor, self.net.currency)


def totals(lines: Sequence[Line], currency: str) -> Totals:
    """Return the sums."""
    return Totals(
        net=Money(sum(line.net.minor for line in lines), currency),
        tax=Money(sum(line.tax.minor for line in lines), currency),
        total=Money(sum(line.total.minor for line in lines), currency),
        before_discount=Money(sum(line.before_discount.minor for line in lines), currency),
    )
