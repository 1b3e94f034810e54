"""What is billed when 开票计划, and how payments settle it. Pure, minor units."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from chalicelib.core.money import allocate


@dataclass(frozen=True, slots=True)
class Bill:
    """An amount that is billed on a day and due on another; `number` counts from 1 in its source."""

    number: int
    key: str
    on: date
    due_on: date
    net: int
    tax: int = 0

    @property
    def gross(self) -> int:
        """What the customer is to pay."""
        return self.net + self.tax

    def row(self) -> dict[str, Any]:
        """Return it as kept on a schedule."""
        return {
            "number": self.number,
            "key": self.key,
            "on": self.on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "net_minor": self.net,
            "tax_minor": self.tax,
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Bill":
        """Return the bill that `row` kept."""
        return cls(
            number=row["number"],
            key=row["key"],
            on=date.fromisoformat(row["on"]),
            due_on=date.fromisoformat(row["due_on"]),
            net=row["net_minor"],
            tax=row["tax_minor"],
        )


@dataclass(frozen=True, slots=True)
class Reached:
    """What is billed on a day: a milestone with an amount that was reached, an instalment of the plan."""

    key: str
    on: date
    minor: int


def by_instalments(
    instalments: Sequence[tuple[date, int]], *, net: int, first: date, days: int
) -> list[Bill]:
    """Return the bills of an order: each goes out `days` before its instalment is due, not before `first`.

    Each holds its part of the net price and of the tax, so that all together are the order's.
    """
    amounts = [amount for _, amount in instalments]
    nets = allocate(net, amounts) if sum(amounts) > 0 else [0] * len(amounts)
    return [
        Bill(number, f"bill|{number}", max(first, due_on - timedelta(days=days)), due_on, part, amount - part)
        for number, ((due_on, amount), part) in enumerate(zip(instalments, nets, strict=True), start=1)
    ]


def by_agreement(
    kept: Sequence[Bill],
    reached: Sequence[Reached],
    *,
    rest: int | None,
    first: date,
    today: date,
    days: int,
) -> list[Bill]:
    """Return the bills of a contract: each milestone's amount when it is reached, the `rest` beforehand.

    The rest is billed on the `first` day. What was billed stays: where the rest grew, a bill of today
    follows; where it shrank, the latest of those for it are less. Each is due `days` later. Without a
    `rest` what was billed of it stays.
    """
    bills = list(kept)
    known = {bill.key for bill in bills}
    for each in reached:
        if each.key not in known:
            bills.append(_bill(bills, each.key, each.on, each.minor, days))
    before = [bill.net for bill in bills if bill.key.startswith("rest|")]
    more = 0 if rest is None else rest - sum(before)
    if more > 0:
        on = max(first, today) if before else first
        bills.append(_bill(bills, f"rest|{len(bills) + 1}", on, more, days))
    return _lessened(bills, -more, only="rest|") if more < 0 else bills


def closed(bills: Sequence[Bill], value: int, *, on: date, days: int) -> list[Bill]:
    """Return bills that come to a value in the end: with a last bill, or the latest of them less.

    What was to be billed after that day is not billed any more.
    """
    bills = [bill if bill.on <= on else replace(bill, net=0) for bill in bills]
    more = value - sum(bill.net for bill in bills)
    if more > 0:
        return [*bills, _bill(bills, f"final|{len(bills) + 1}", on, more, days)]
    return _lessened(bills, -more)


def _bill(bills: Sequence[Bill], key: str, on: date, net: int, days: int) -> Bill:
    return Bill(len(bills) + 1, key, on, on + timedelta(days=days), net)


def _lessened(bills: Sequence[Bill], by: int, *, only: str = "") -> list[Bill]:
    """Return bills that come to so much less, the latest ones first."""
    found = list(bills)
    for place in range(len(found) - 1, -1, -1):
        if found[place].key.startswith(only):
            less = min(by, found[place].net)
            found[place] = replace(found[place], net=found[place].net - less)
            by -= less
    return found


def agreed_still(bills: Sequence[Bill], agreed: Sequence[Reached]) -> list[Bill]:
    """Return a contract's bills without what a change order took out of its plan."""
    keys = {each.key for each in agreed}
    return [
        replace(bill, net=0, tax=0) if bill.key.startswith("plan|") and bill.key not in keys else bill
        for bill in bills
    ]


def taxed(bills: Sequence[Bill], *, kept: Sequence[Bill], value: int, tax: int) -> list[Bill]:
    """Return a contract's bills with their part of its tax; those that stay as they were `kept` keep theirs.

    The others share what is left of the tax as they share what is left of the value, each rounded half
    up, so that the bill that completes the value completes the tax.
    """
    before = {bill.number: bill for bill in kept}
    stays = {bill.number for bill in bills if (was := before.get(bill.number)) and was.net == bill.net}
    net = value - sum(bill.net for bill in bills if bill.number in stays)
    left = tax - sum(before[number].tax for number in stays)
    made: list[Bill] = []
    for bill in bills:
        if bill.number in stays:
            made.append(replace(bill, tax=before[bill.number].tax))
            continue
        part = max(0, (2 * left * bill.net + net) // (2 * net)) if net > 0 else 0
        made.append(replace(bill, tax=part))
        net, left = net - bill.net, left - part
    return made


def settled_by_day(bills: Sequence[Bill], paid: int) -> list[int]:
    """Return how much of each bill is paid: those due first, first; what is too much by the last of them."""
    order = sorted(range(len(bills)), key=lambda place: (bills[place].due_on, place))
    parts = dict(zip(order, _settled([bills[place].gross for place in order], paid), strict=True))
    return [parts[place] for place in range(len(bills))]


def _settled(due: Sequence[int], paid: int) -> Iterator[int]:
    for place, amount in enumerate(due, start=1):
        part = paid if place == len(due) else min(amount, paid)
        paid -= part
        yield part
