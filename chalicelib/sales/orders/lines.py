"""What is sold on an order, at what price: exact arithmetic in minor units, as invoices do it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.core.rounding import share

#: Lines on an order. With the longest texts, and as many shipments of all of them as are taken, its
#: item stays below DynamoDB's 400 KB.
MOST_LINES: Final = 78
#: The largest number of a line: an order of a deal has two for each of the deal's hundred lines, where
#: none divides by its quantity.
MOST_NUMBER: Final = 200
#: What all bundles on an order hold, counted line by line, for the same reason.
MOST_PARTS: Final = 200
#: The largest price of a line before discount and tax, in minor units.
MOST_MINOR: Final = 10**18


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `quantity` pieces at a unit price, less a discount, plus tax.

    `number` counts from 1 and names the line on shipments. `discount_bps` and `tax_bps` are basis
    points: 1,300 are 13 %. `reduction_minor` comes off beside: what was agreed as an amount, in a quote.
    Without a product it is a service or charge known by its `name`. `cancelled` pieces, of those that
    had not gone out, are not wanted any more. `cost` is what all of it costs us, as far as known when it
    was ordered, and `listed` what it would have cost without anybody's say. `contents` are the pieces by
    product that go out for one piece of a bundle, as it was put together when it was ordered; a bundle
    that is kept in stock itself has none. `uncompared` has what the catalogue knew in other currencies
    only: "price", "cost".
    """

    number: int
    product_id: str | None
    name: str
    quantity: int
    unit_price: Money
    discount_bps: int = 0
    tax_bps: int = 0
    reduction_minor: int = 0
    cancelled: int = 0
    cost: Money | None = None
    listed: Money | None = None
    contents: Mapping[str, int] = field(default_factory=dict)
    uncompared: tuple[str, ...] = ()

    def goods(self, pieces: int) -> dict[str, int]:
        """Return what goes out for so many pieces, by product: of a bundle its parts."""
        if self.product_id is None:
            return {}
        held = self.contents or {self.product_id: 1}
        return {product_id: each * pieces for product_id, each in held.items()}

    @property
    def held(self) -> list[dict[str, Any]]:
        """What all of it holds, as a list, as clients see it."""
        return [{"product_id": each, "quantity": n * self.quantity} for each, n in self.contents.items()]

    @property
    def is_listed(self) -> bool:
        """Whether the catalogue has a price that it is measured from."""
        return self.product_id is not None and "price" not in self.uncompared

    @property
    def before_discount(self) -> Money:
        """The price without what somebody took off."""
        return self.listed or self._of(self.unit_price.minor * self.quantity)

    @property
    def discount(self) -> Money:
        """What comes off, rounded once for the line."""
        return self._of(
            self._share(self.unit_price.minor * self.quantity, self.discount_bps).minor + self.reduction_minor
        )

    @property
    def net(self) -> Money:
        """The price without tax."""
        return self._of(self.unit_price.minor * self.quantity - self.discount.minor)

    @property
    def tax(self) -> Money:
        """The tax on the net price, rounded once for the line."""
        return self._share(self.net.minor, self.tax_bps)

    @property
    def total(self) -> Money:
        """What the customer owes for the line."""
        return self.net + self.tax

    def _share(self, minor: int, bps: int) -> Money:
        return self._of(share(minor, bps, self.unit_price.currency))

    def _of(self, minor: int) -> Money:
        return Money(minor, self.unit_price.currency)

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order, with its sums for whoever reads the plain image."""
        return {
            "number": self.number,
            "product_id": self.product_id,
            "name": self.name,
            "quantity": self.quantity,
            "unit_price_minor": self.unit_price.minor,
            "discount_bps": self.discount_bps,
            "tax_bps": self.tax_bps,
            "reduction_minor": self.reduction_minor,
            "cancelled": self.cancelled,
            "cost_minor": self.cost and self.cost.minor,
            "listed_minor": self.listed and self.listed.minor,
            "net_minor": self.net.minor,
            "total_minor": self.total.minor,
            **({"contents": dict(self.contents)} if self.contents else {}),
            **({"uncompared": list(self.uncompared)} if self.uncompared else {}),
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Line":
        """Return the line that `row` kept."""
        return cls(
            number=row["number"],
            product_id=row["product_id"],
            name=row["name"],
            quantity=row["quantity"],
            unit_price=Money(row["unit_price_minor"], currency),
            discount_bps=row["discount_bps"],
            tax_bps=row["tax_bps"],
            reduction_minor=row.get("reduction_minor", 0),
            cancelled=row.get("cancelled", 0),
            cost=_money(row.get("cost_minor"), currency),
            listed=_money(row.get("listed_minor"), currency),
            contents=row.get("contents", {}),
            uncompared=tuple(row.get("uncompared", ())),
        )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def require_few_parts(lines: Iterable[Line], *, field: str) -> None:
    """Raise Invalid, naming `field`, when the bundles of lines hold more in all than an order takes."""
    count = sum(len(line.contents) for line in lines)
    if count > MOST_PARTS:
        raise errors.Invalid.one(field, "too_many_bundle_parts", most=MOST_PARTS, parts=count)


def worth(row: Mapping[str, Any], pieces: int) -> int:
    """Return what so many pieces of a line, as kept, come to of its total, in minor units.

    Part by part they come to the whole: the last pieces bear what does not divide.
    """
    share: int = row["total_minor"] * pieces // row["quantity"]
    return share


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of an order's lines."""

    net: Money
    tax: Money
    total: Money


def totals(lines: Sequence[Line], currency: str) -> Totals:
    """Return the sums; nothing is rounded again."""
    net = sum(line.net.minor for line in lines)
    tax = sum(line.tax.minor for line in lines)
    return Totals(Money(net, currency), Money(tax, currency), Money(net + tax, currency))
