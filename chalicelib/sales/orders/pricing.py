"""From what a client asks for to priced lines and a payment schedule, every wrong field at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money, allocate
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders.collecting import Instalment
from chalicelib.sales.orders.lines import MOST_LINES, Line, require_few_parts

Asked = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Market:
    """For whom, by which channel and when an order's lines are priced."""

    account_id: str
    currency: str
    channel: str | None
    on: date

    @property
    def terms(self) -> dict[str, Any]:
        """Return it as the catalogue asks for it: an account by its grade and region."""
        account = accounts.account(self.account_id, who=SYSTEM)
        return {
            "currency": self.currency,
            "channel": self.channel,
            "on": self.on,
            "grade": account.grade,
            "region": account.region,
        }


def priced(
    asked: Sequence[Asked], market: Market, *, field: str = "lines", most: int = MOST_LINES, **how: Any
) -> list[Line]:
    """Return the lines asked for (in `field`), options among them, at the prices of the catalogue.

    A `unit_price` that is given is taken instead, and measured by the catalogue's. `how`: as for
    `catalog.priced_lines`. Invalid, naming every field, for what that refuses.
    """
    if not asked:
        return []
    found = catalog.priced_lines(asked, field=field, most=most, **market.terms, **how)
    lines = [_line(number, asked[each.asked], each) for number, each in enumerate(found, start=1)]
    require_few_parts(lines, field=field)
    return lines


def _line(number: int, asked: Asked, found: catalog.PricedLine) -> Line:
    """Return an order's line of this very net price; what does not divide by its pieces comes off."""
    agreed: Money | None = None if found.is_option else asked.get("unit_price")
    each = Money(-(-found.before_discount.minor // found.quantity), found.net.currency)
    line = Line(
        number=number,
        product_id=found.product_id,
        name=found.name,
        quantity=found.quantity,
        unit_price=agreed or each,
        discount_bps=asked.get("discount_bps") or 0,
        tax_bps=asked.get("tax_bps") or 0,
        contents=found.parts,
        **_known(found),
    )
    return replace(line, reduction_minor=line.net.minor - found.net.minor)


def _known(found: catalog.PricedLine) -> dict[str, Any]:
    """Return what is known of a line beside its price: what it costs, and would without anybody's say."""
    return {
        "cost": found.cost,
        "listed": found.before_discount if found.is_listed else None,
        "uncompared": tuple(found.uncompared),
    }


def measured(lines: Sequence[Line], market: Market, *, numbers: Collection[int]) -> list[Line]:
    """Return lines at the prices agreed, those of `numbers` measured from what so many pieces cost."""
    sold = [line for line in lines if line.product_id]
    if not numbers:
        return list(lines)
    asked = [
        {
            "product_id": line.product_id,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "components": [{"product_id": each, "quantity": n} for each, n in line.contents.items()],
        }
        for line in sold
    ]
    found = catalog.priced_lines(asked, most=len(asked), sold=True, **market.terms)
    known = {line.number: _known(each) | {"cost": line.cost} for line, each in zip(sold, found, strict=True)}
    return [replace(line, **known[line.number]) if line.number in numbers else line for line in lines]


def of_deal(*, name: str, amount: Money, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what a deal asks for, to be `priced`: lines that sum to its amount exactly, or itself as one.

    An amount that differs from the lines' sum is shared out over them. What does not divide by its
    quantity becomes two lines, one of them a minor unit dearer.
    """
    if not lines:
        return [{"name": name, "quantity": 1, "unit_price": amount}]
    products = catalog.known(line["product_id"] for line in lines)
    weights = [line["amount_minor"] for line in lines]
    parts = allocate(amount.minor, weights if any(weights) else [line["quantity"] for line in lines])
    return [
        {
            "product_id": product_id if product_id in products else None,
            "name": getattr(products.get(product_id), "name", product_id),
            "quantity": quantity,
            "unit_price": Money(minor, amount.currency),
        }
        for line, part in zip(lines, parts, strict=True)
        for product_id in [line["product_id"]]
        for quantity, minor in _at_unit_prices(part, line["quantity"])
    ]


def _at_unit_prices(amount: int, quantity: int) -> list[tuple[int, int]]:
    price, dearer = divmod(amount, quantity)
    return [(n, minor) for n, minor in ((quantity - dearer, price), (dearer, price + 1)) if n]


def scheduled(asked: Sequence[Asked], *, currency: str) -> list[Instalment]:
    """Return a payment schedule in the order of its days. Invalid for an amount in another currency."""
    wrong = [
        FieldError(f"payment_schedule.{position}.amount", "currency_mismatch")
        for position, part in enumerate(asked)
        if part["amount"].currency != currency
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    parts = [Instalment(part["due_on"], part["amount"]) for part in asked]
    return sorted(parts, key=_day)


def _day(part: Instalment) -> date:
    return part.due_on
