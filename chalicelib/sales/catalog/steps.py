"""How a price comes about, step by step: what is kept and shown of a priced line. Exact, no float."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from chalicelib.core import i18n
from chalicelib.core.money import Money
from chalicelib.core.rounding import WHOLE, rounded


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `minor` units that it adds for the whole line, and what it comes from.

    `kind`, in their order: GIVEN (a service or charge, or what has no price in the currency), LIST (the
    product's own list price) or BOOK (a price book's), COMPONENT (for each, where a bundle costs what it
    holds); TIER, PROMOTION, DISCOUNT, ROUNDING, and WHOLE_DISCOUNT (the line's part of what comes off all).

    `source_id` is the price, product or promotion; `detail` has whole numbers that explain it:
    quantity, unit_price_minor, from (the tier), bps.
    """

    kind: str
    minor: int
    source_id: str | None = None
    detail: Mapping[str, int] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Return it as a quote keeps it."""
        return {
            "kind": self.kind, "minor": self.minor, "source_id": self.source_id, "detail": dict(self.detail)
        }  # fmt: skip

    def told(self, currency: str, language: str) -> dict[str, Any]:
        """Return it as people and clients see it."""
        return {
            "kind": self.kind,
            "label": i18n.text(f"price.step.{self.kind}", language),
            "amount": Money(self.minor, currency),
            "source_id": self.source_id,
            "detail": self.detail,
        }


class Reckoning:
    """Adds up a line's steps exactly. Each step shows whole minor units; the last one the rest."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.exact = Fraction(0)
        self.steps: list[Step] = []

    def add(self, kind: str, exact: Fraction | int, source_id: str | None = None, **detail: int) -> None:
        """Add a step."""
        self.exact += exact
        self.steps.append(Step(kind, int(exact), source_id, detail))

    def discount(self, bps: int) -> None:
        """Take so many basis points off what there is."""
        if bps:
            self.add("DISCOUNT", -self.exact * bps / WHOLE, bps=bps)

    @property
    def so_far(self) -> Money:
        """What there is, rounded."""
        return Money(rounded(self.exact, self.currency), self.currency)

    def closed(self) -> tuple[Step, ...]:
        """Return all steps, rounded once, at the end: they sum to the price."""
        rest = self.so_far.minor - sum(step.minor for step in self.steps)
        if rest:
            self.steps.append(Step("ROUNDING", rest))
        return tuple(self.steps)


@dataclass(frozen=True, slots=True)
class Content:
    """What a bundle's line holds of a component, and its part of the line's price."""

    product_id: str
    name: str
    quantity: int
    amount: Money

    def row(self) -> dict[str, Any]:
        """Return it as a quote keeps it."""
        return {
            "product_id": self.product_id,
            "name": self.name,
            "quantity": self.quantity,
            "amount_minor": self.amount.minor,
        }


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its price, and how it comes about.

    `asked` is the position of what it was asked by, from 0; an option is asked by its product's
    line and `is_option`. `unit_price` is one piece's after the volume tier, before anything is
    taken off; `before_discount` the line's price without what somebody took off it. `cost` is None
    where it is not known. `parts` are the pieces by product that go out for one piece of a bundle.
    `uncompared` has what the catalogue knows in other currencies only: "price", "cost".
    """

    asked: int
    product_id: str | None
    name: str
    quantity: int
    unit_price: Money
    before_discount: Money
    steps: Sequence[Step]
    cost: Money | None = None
    is_option: bool = False
    contents: Sequence[Content] = ()
    parts: Mapping[str, int] = field(default_factory=dict)
    uncompared: Sequence[str] = ()

    @property
    def is_listed(self) -> bool:
        """Whether the catalogue has a price that it is measured from."""
        return self.product_id is not None and "price" not in self.uncompared

    @property
    def net(self) -> Money:
        """What the line costs, without tax: the sum of its steps."""
        return Money(sum(step.minor for step in self.steps), self.unit_price.currency)
