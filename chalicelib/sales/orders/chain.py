"""Who has to approve an order, and why 审批链: steps that follow from what it says, each in its turn."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from chalicelib.core import clock
from chalicelib.core.access import Principal, Role, may
from chalicelib.core.money import Money
from chalicelib.core.rounding import WHOLE
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders.lines import Line, totals

#: The steps that need no policy to be there: an order's prices, its total, and its customer's credit.
PRICE: Final = "PRICE"
AMOUNT: Final = "AMOUNT"
CREDIT: Final = "CREDIT"
#: Reasons that are told of lines which nobody has approved yet: no signature of before is for these.
_UNKNOWN: Final = frozenset({"discount_unknown", "margin_unknown"})

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A step of the policy: needed when one of its criteria holds, signed by somebody of its `roles`.

    `over` are minor units by currency (in a currency that it does not name, every order is over);
    None where the amount is no criterion. `unlisted_over` is the same for what stands at no price of the
    catalogue: services, charges, and products that have none in the currency. Without `roles` whoever
    may approve orders signs.
    """

    name: str
    over: Mapping[str, int] | None = None
    margin_below_bps: int | None = None
    discount_above_bps: int | None = None
    unlisted_over: Mapping[str, int] | None = None
    roles: tuple[str, ...] = ()

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Rule":
        """Return the step that `row` kept."""
        return cls(**{**row, "roles": tuple(row["roles"])})

    def row(self) -> dict[str, Any]:
        """Return it as kept in the policy."""
        return {
            "name": self.name,
            "over": self.over,
            "margin_below_bps": self.margin_below_bps,
            "discount_above_bps": self.discount_above_bps,
            "unlisted_over": self.unlisted_over,
            "roles": list(self.roles),
        }

    def reasons(
        self, lines: Sequence[Line], currency: str, *, anew: Sequence[Line]
    ) -> Iterator[dict[str, Any]]:
        """Yield why these lines need it, of which some are `anew`. What things cost is not told."""
        yield from self._of_amount(lines, currency)
        if self.margin_below_bps is not None:
            yield from _of_margin(lines, anew, self.margin_below_bps)
        if self.discount_above_bps is not None:
            yield from _of_discount(lines, anew, self.discount_above_bps)
        if self.unlisted_over is not None:
            yield from _of_unlisted(lines, currency, self.unlisted_over.get(currency, 0))

    def _of_amount(self, lines: Sequence[Line], currency: str) -> Iterator[dict[str, Any]]:
        total = totals(lines, currency).total
        if self.over is not None and currency not in self.over:
            yield _reason("order_currency", total.minor, currency=currency, total=str(total))
        elif self.over is not None and total.minor > self.over[currency]:
            limit = Money(self.over[currency], currency)
            yield _reason("order_amount", total.minor, total=str(total), limit=str(limit))


def _of_margin(lines: Sequence[Line], anew: Sequence[Line], least: int) -> Iterator[dict[str, Any]]:
    earned, price = catalog.margin(lines)
    if earned * WHOLE < least * price:
        yield _reason("order_margin", margin_level(lines), least_bps=least)
    if any("cost" in line.uncompared for line in anew):
        yield _reason("margin_unknown", 0, least_bps=least)


def _of_discount(lines: Sequence[Line], anew: Sequence[Line], most: int) -> Iterator[dict[str, Any]]:
    given = max((catalog.bps_off(line) for line in lines), default=0)
    if given > most:
        yield _reason("order_discount", given, limit_bps=most, discount_bps=given)
    unknown = next((line for line in anew if catalog.is_unknown(line, most)), None)
    if unknown:
        yield _reason("discount_unknown", 0, currency=unknown.net.currency)


def _of_unlisted(lines: Sequence[Line], currency: str, most: int) -> Iterator[dict[str, Any]]:
    total = totals([line for line in lines if not line.is_listed], currency).total
    if total.minor > most:
        yield _reason("order_unlisted", total.minor, total=str(total), limit=str(Money(most, currency)))


def margin_level(lines: Sequence[Line]) -> int:
    """Return how bad the margin of lines is."""
    # Given away it is as bad as at the smallest price: worse than at any other.
    earned, price = catalog.margin(lines)
    return -(earned * WHOLE // (price or 1))


def _reason(code: str, level: int, **values: Any) -> dict[str, Any]:
    # The higher the level, the worse: what was signed at one holds for all below.
    return {"code": code, "values": values, "level": level}


@dataclass(frozen=True, slots=True)
class Approval:
    """A step that an order needs, why (`reasons`, as kept), and who signed it when.

    It takes somebody with the permission `needs`, of one of the `roles` where there are any.
    """

    step: str
    needs: str
    roles: tuple[str, ...]
    reasons: Rows
    approved_by: str | None = None
    approved_at: datetime | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Approval":
        """Return the step that `row` kept."""
        at = row["approved_at"]
        return cls(**{**row, "roles": tuple(row["roles"]), "approved_at": at and clock.parse(at)})

    def row(self) -> dict[str, Any]:
        """Return it as kept on the order."""
        return {
            "step": self.step,
            "needs": self.needs,
            "roles": list(self.roles),
            "reasons": [dict(each) for each in self.reasons],
            "approved_by": self.approved_by,
            "approved_at": self.approved_at and clock.iso(self.approved_at),
        }

    def may_sign(self, who: Principal) -> bool:
        """Whether somebody may sign it."""
        fits = not self.roles or who.role in (*self.roles, Role.ADMIN)
        return fits and may(who, self.needs)

    def covers(self, other: "Approval") -> bool:
        """Whether it was signed for as much as another of its step asks for, or more."""
        levels = {each["code"]: each["level"] for each in self.reasons}
        known = all(each["code"] in levels.keys() - _UNKNOWN for each in other.reasons)
        return (
            self.approved_by is not None
            and self.step == other.step
            and known
            and all(each["level"] <= levels[each["code"]] for each in other.reasons)
        )


def needed(
    rules: Iterable[Rule],
    lines: Sequence[Line],
    currency: str,
    *,
    credit: Rows,
    price: Approval | None = None,
    anew: Sequence[Line] | None = None,
) -> list[Approval]:
    """Return the steps that an order of these lines needs; `credit` is what its customer's credit says.

    `price` is the step for what is beyond somebody's limits (`limits`). What cannot be compared is asked
    for lines that are `anew`: all of them, unless said.
    """
    fresh = lines if anew is None else anew
    found = [price] if price else []
    found += [
        Approval(rule.name, "orders:approve", rule.roles, reasons)
        for rule in rules
        if (reasons := list(rule.reasons(lines, currency, anew=fresh)))
    ]
    if credit:
        total = totals(lines, currency).total.minor
        against = [{**each, "level": each["values"].get("days", total)} for each in credit]
        found.append(Approval(CREDIT, "credit:approve", (), against))
    return found


def signed(approvals: Sequence[Approval], *, by: Principal, at: datetime) -> list[Approval]:
    """Return the steps with somebody's signature where it is his turn: each waits for the one before."""
    made: list[Approval] = []
    waiting = False
    for each in approvals:
        waiting = waiting or (each.approved_by is None and not each.may_sign(by))
        mine = each.approved_by is None and not waiting
        made.append(replace(each, approved_by=by.id, approved_at=at) if mine else each)
    return made


def carried(wanted: Sequence[Approval], had: Sequence[Approval]) -> list[Approval]:
    """Return the steps wanted; where one was signed for as much or more, as it was signed."""
    return [next((old for old in had if old.covers(each)), each) for each in wanted]


def pending(approvals: Iterable[Approval]) -> list[Approval]:
    """Return the steps that nobody has signed yet."""
    return [each for each in approvals if each.approved_by is None]
