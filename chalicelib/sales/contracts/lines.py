"""What a contract of a quote sells, and which of it was ordered under it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money

#: Of a line, by its number: how many pieces, and their net price in minor units.
Parts = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line, as the customer accepted it in the quote; `net` is the price of all of it without tax."""

    number: int
    product_id: str | None
    name: str
    quantity: int
    net: Money
    tax_bps: int

    def row(self) -> dict[str, Any]:
        """Return it as kept on the contract."""
        return {
            "number": self.number,
            "product_id": self.product_id,
            "name": self.name,
            "quantity": self.quantity,
            "net_minor": self.net.minor,
            "tax_bps": self.tax_bps,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Line":
        """Return the line that `row` kept."""
        named = {name: row[name] for name in ("number", "product_id", "name", "quantity", "tax_bps")}
        return cls(**named, net=Money(row["net_minor"], currency))

    @classmethod
    def of_quoted(cls, quoted: Any) -> "Line":
        """Return the line of a quoted one."""
        return cls(quoted.number, quoted.product_id, quoted.name, quoted.quantity, quoted.net, quoted.tax_bps)


@dataclass(frozen=True, slots=True)
class CallOff:
    """An order under a contract 合同下单: how much of which line it takes."""

    order_id: str
    parts: Parts

    @property
    def lines(self) -> list[dict[str, int]]:
        """The numbers of the lines, each with its pieces."""
        return [{"number": number, "quantity": pieces} for number, (pieces, _) in self.parts.items()]

    def row(self) -> dict[str, Any]:
        """Return it as kept on the contract."""
        lines = [
            {"number": number, "quantity": pieces, "net_minor": net}
            for number, (pieces, net) in self.parts.items()
        ]
        return {"order_id": self.order_id, "lines": lines}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "CallOff":
        """Return the call-off that `row` kept."""
        parts = {each["number"]: (each["quantity"], each["net_minor"]) for each in row["lines"]}
        return cls(row["order_id"], parts)


def left(lines: Sequence[Line], calls: Sequence[CallOff]) -> Parts:
    """Return what of each line nobody has ordered yet, for the lines of which something is left."""
    pieces: Counter[int] = Counter()
    nets: Counter[int] = Counter()
    for call in calls:
        pieces.update({number: part[0] for number, part in call.parts.items()})
        nets.update({number: part[1] for number, part in call.parts.items()})
    return {
        line.number: (line.quantity - pieces[line.number], line.net.minor - nets[line.number])
        for line in lines
        if line.quantity > pieces[line.number]
    }


def taken(still: Parts, wanted: Mapping[int, int]) -> Parts:
    """Return the parts that an order takes of what is left: `wanted` pieces by number, else all of it.

    The last pieces of a line bear what its price does not divide into. Invalid, naming each, for more
    than is left.
    """
    wrong = [
        FieldError(f"lines.{place}.quantity", "more_than_to_order", {"number": number, "left": most})
        for place, (number, pieces) in enumerate(wanted.items())
        if pieces > (most := still.get(number, (0, 0))[0])
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    asked = wanted or {number: pieces for number, (pieces, _) in still.items()}
    return {number: (n, still[number][1] * n // still[number][0]) for number, n in sorted(asked.items())}
