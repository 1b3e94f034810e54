"""What an amendment 变更 makes of an order's lines and schedule: what has gone out stays as it was agreed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money, allocate
from chalicelib.sales.orders.balance import Settlement, filled
from chalicelib.sales.orders.chain import Approval, Rows
from chalicelib.sales.orders.lines import MOST_LINES, MOST_MINOR, MOST_NUMBER, Line, require_few_parts

#: Lines that one amendment adds: with the largest order they still fit into an item.
MOST_ADDED: Final = 10


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of an order that waits for its `approvals`.

    `change` has by line what becomes of it (number, quantity, unit_price_minor, discount_bps, tax_bps;
    what is None stays), `add` new lines, `drop` the numbers of those that go. `credit` is what the
    customer's credit says against it.
    """

    currency: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    change: Rows
    add: list[Line]
    drop: Sequence[int]
    approvals: list[Approval]
    credit: Rows

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What becomes of lines, with prices as money."""
        return [
            {**each, "unit_price": None if price is None else Money(price, self.currency)}
            for each in self.change
            for price in [each["unit_price_minor"]]
        ]

    def document(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "reason": self.reason,
            "proposed_by": self.proposed_by,
            "proposed_at": clock.iso(self.proposed_at),
            "change": [dict(each) for each in self.change],
            "add": [line.row() for line in self.add],
            "drop": list(self.drop),
            "approvals": [each.row() for each in self.approvals],
            "credit": [dict(each) for each in self.credit],
        }

    @classmethod
    def of_document(cls, kept: Mapping[str, Any], currency: str) -> "Amendment":
        """Return the amendment that was kept."""
        return cls(
            currency=currency,
            reason=kept["reason"],
            proposed_by=kept["proposed_by"],
            proposed_at=clock.parse(kept["proposed_at"]),
            change=kept["change"],
            add=[Line.of_row(row, currency) for row in kept["add"]],
            drop=kept["drop"],
            approvals=[Approval.of_row(row) for row in kept["approvals"]],
            credit=kept["credit"],
        )

    def lines(self, lines: Sequence[Line], *, gone: Mapping[int, int], back: Mapping[int, int]) -> list[Line]:
        """Return what becomes of lines of which pieces have `gone` out, and come `back`, by number.

        Invalid, naming each, for a line not there, one that goes or becomes cheaper after it has gone
        out, less than has gone out, nothing left, or more than an order can carry.
        """
        by_number = {line.number: line for line in lines}
        if wrong := [*self._wrong(by_number, gone, back), *self._too_much(len(lines))]:
            raise errors.Invalid(*wrong)
        changes = {each["number"]: each for each in self.change}
        kept = [
            _changed(line, changes.get(line.number, {})) for line in lines if line.number not in self.drop
        ]
        taken = {line.number for line in kept}
        free = (number for number in range(1, MOST_NUMBER + 1) if number not in taken)
        made = [*kept, *(replace(line, number=next(free)) for line in self.add)]
        require_few_parts(made, field="add")
        return made

    def _too_much(self, count: int) -> Iterator[FieldError]:
        left = count - len(set(self.drop)) + len(self.add)
        if left < 1:
            yield FieldError("drop", "no_lines")
        if left > max(count, MOST_LINES):  # an order of a deal may have more, but not come to more
            yield FieldError("add", "too_many_lines", {"most": MOST_LINES})

    def _wrong(
        self, lines: Mapping[int, Line], gone: Mapping[int, int], back: Mapping[int, int]
    ) -> Iterator[FieldError]:
        for position, number in enumerate(self.drop):
            if number not in lines:
                yield FieldError(f"drop.{position}", "unknown_line", {"number": number})
            elif gone.get(number):
                yield FieldError(f"drop.{position}", "line_gone", {"number": number, "gone": gone[number]})
        for position, each in enumerate(self.change):
            number, field = each["number"], f"change.{position}"
            if number not in lines or number in self.drop:
                yield FieldError(f"{field}.number", "unknown_line", {"number": number})
                continue
            sent, wanted = gone.get(number, 0), each["quantity"] or lines[number].quantity
            if wanted < sent or back.get(number):
                yield FieldError(f"{field}.quantity", "line_gone", {"number": number, "gone": sent})
            if sent and any(each[name] is not None for name in _TERMS):
                yield FieldError(f"{field}.number", "terms_stand", {"number": number, "gone": sent})
            price = each["unit_price_minor"] or lines[number].unit_price.minor
            if price * wanted > MOST_MINOR:
                yield FieldError(f"{field}.unit_price", "beyond_reckoning")


_TERMS: Final = ("unit_price_minor", "discount_bps", "tax_bps")


def _changed(line: Line, change: Mapping[str, Any]) -> Line:
    """Return a line as changed; what was agreed or is known of all of it changes with its quantity."""
    given = {name: value for name, value in change.items() if value is not None}
    if not given:
        return line
    quantity = given.get("quantity", line.quantity)
    currency = line.unit_price.currency
    price = Money(given.get("unit_price_minor", line.unit_price.minor), currency)
    anew = "unit_price_minor" in given or "discount_bps" in given
    return replace(
        line,
        quantity=quantity,
        unit_price=price,
        discount_bps=given.get("discount_bps", line.discount_bps),
        tax_bps=given.get("tax_bps", line.tax_bps),
        reduction_minor=0 if anew else line.reduction_minor * quantity // line.quantity,
        cost=_of_quantity(line.cost, line, quantity),
        listed=_of_quantity(line.listed, line, quantity),
    )


def _of_quantity(money: Money | None, line: Line, quantity: int) -> Money | None:
    return None if money is None else Money(money.minor * quantity // line.quantity, money.currency)


def respread(amounts: Sequence[int], made: Settlement, total: int) -> list[int]:
    """Return what becomes of a schedule's amounts when they are to come to another total.

    What is more goes to what is open, in proportion, and to the last where nothing is; what is less
    comes off the last ones.
    """
    more = total - sum(amounts)
    if more <= 0:
        return list(filled(amounts, total))
    still = [due - paid for due, paid in zip(made.due, made.paid, strict=True)]
    weights = still if any(still) else [0] * (len(amounts) - 1) + [1]
    return [amount + part for amount, part in zip(amounts, allocate(more, weights), strict=True)]
