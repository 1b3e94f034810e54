"""What may come back 退货: of what went out, not more, and not too late."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.core.money import Money
from chalicelib.sales.orders.shipping import Shipment, in_lines, shipped


@dataclass(frozen=True, slots=True)
class Return:
    """A part that came back: `quantities` by line number, under a `reference` unique in the order.

    `amount` is what the customer owes less for it. Where `restocked`, it stands in a warehouse again.
    """

    reference: str
    returned_on: date
    quantities: Mapping[int, int]
    amount: Money
    reason: str
    restocked: bool

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reference": self.reference,
            "returned_on": self.returned_on.isoformat(),
            "lines": self.lines,
            "amount_minor": self.amount.minor,
            "reason": self.reason,
            "restocked": self.restocked,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any], currency: str) -> "Return":
        """Return the part that `row` kept."""
        return cls(
            reference=row["reference"],
            returned_on=date.fromisoformat(row["returned_on"]),
            quantities={line["number"]: line["quantity"] for line in row["lines"]},
            amount=Money(row["amount_minor"], currency),
            reason=row["reason"],
            restocked=row["restocked"],
        )

    @property
    def lines(self) -> list[dict[str, int]]:
        """The quantities as a list, as clients see them."""
        return in_lines(self.quantities)


def returnable(
    shipments: Sequence[Shipment], returns: Sequence[Return], *, since: date | None = None
) -> dict[int, int]:
    """Return the pieces that may still come back, by line number; with `since`, that went out then or later.

    What has come back counts as the oldest that went out.
    """
    back: Counter[int] = Counter()
    for part in returns:
        back.update(part.quantities)
    gone = shipped(shipments)
    recent = shipped([each for each in shipments if since is None or each.arrived_on >= since])
    left = {number: min(recent[number], gone[number] - back[number]) for number in gone}
    return {number: pieces for number, pieces in left.items() if pieces}


def first_day(returned_on: date, days: int | None) -> date | None:
    """Return the day from which on something must have arrived to come back now; None: any day will do."""
    return None if days is None else returned_on - timedelta(days=days)
