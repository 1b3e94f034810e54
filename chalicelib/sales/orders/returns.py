"""What may come back 退货: of what went out, not more, and not too late."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.core.money import Money
from chalicelib.sales.orders.shipping import Shipment, in_lines, shipped

#: How long a warehouse takes to tell of what came back: over a weekend.
TOLD_WITHIN: Final = timedelta(days=3)


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
    """Return the pieces that may still come back, by line number; with `since`, that arrived then or later.

    What has come back counts as the oldest that went out.
    """
    back: Counter[int] = Counter()
    for part in returns:
        back.update(part.quantities)
    gone = shipped(shipments)
    recent = shipped([each for each in shipments if since is None or each.arrived_on >= since])
    left = {number: min(recent[number], gone[number] - back[number]) for number in gone}
    return {number: pieces for number, pieces in left.items() if pieces > 0}


def gone_by(shipments: Sequence[Shipment], day: date) -> list[Shipment]:
    """Return the shipments that had gone out on a day: nothing comes back before it went."""
    return [each for each in shipments if each.shipped_on <= day]


def went_on(shipments: Sequence[Shipment], returns: Sequence[Return], wanted: Mapping[int, int]) -> date:
    """Return the day on which the last of what is wanted (else the first of all) went out; it all did."""
    for day in sorted(each.shipped_on for each in shipments):
        gone = returnable(gone_by(shipments, day), returns)
        if all(pieces <= gone.get(number, 0) for number, pieces in wanted.items()):
            break
    return day


def first_day(returned_on: date, days: int | None, *, today: date) -> date | None:
    """Return the day from which on something must have arrived to come back; None: any day will do.

    What is told late counts as having come back no more than `TOLD_WITHIN` before it is told.
    """
    return None if days is None else max(returned_on, today - TOLD_WITHIN) - timedelta(days=days)
