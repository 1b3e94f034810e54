"""From what a client asks for to priced lines and a payment schedule, every wrong field at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money, allocate
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders.collecting import Instalment
from chalicelib.sales.orders.lines import MOST_MINOR, Line, require_few_parts

Asked = Mapping[str, Any]


def priced(asked: Sequence[Asked], *, currency: str, field: str = "lines") -> list[Line]:
    """Return the lines asked for (in `field`); a product's own name and list price where none is given.

    Raises Invalid: a product that is not on sale, a price in another currency, no price or no name.
    """
    products = catalog.on_sale(line["product_id"] for line in asked if line.get("product_id"))
    found = [
        _line(line, position, field, product=products.get(line.get("product_id") or ""), currency=currency)
        for position, line in enumerate(asked)
    ]
    if wrong := [error for each in found if not isinstance(each, Line) for error in each]:
        raise errors.Invalid(*wrong)
    lines = [each for each in found if isinstance(each, Line)]
    require_few_parts(lines, field=field)
    return lines


def _line(asked: Asked, position: int, field: str, *, product: Any, currency: str) -> Line | list[FieldError]:
    price: Money | None = asked.get("unit_price") or _list_price(product, currency)
    called: str | None = asked.get("name") or getattr(product, "name", None)
    wrong = list(_wrong(asked, product=product, name=called, price=price, currency=currency))
    if wrong or called is None or price is None:
        return [FieldError(f"{field}.{position}.{name}", code) for name, code in wrong]
    return Line(
        number=position + 1,
        product_id=asked.get("product_id"),
        name=called,
        quantity=asked["quantity"],
        unit_price=price,
        discount_bps=asked.get("discount_bps", 0),
        tax_bps=asked.get("tax_bps", 0),
        **_known(product, price, asked["quantity"]),
    )


def _list_price(product: Any, currency: str) -> Money | None:
    return product.list_price if product and product.list_price.currency == currency else None


def _known(product: Any, price: Money, quantity: int) -> dict[str, Any]:
    """Return what is known of so many pieces when they are ordered: what they hold, cost, and would by the
    list.
    """
    cost, listed = getattr(product, "cost", None), _list_price(product, price.currency)
    known = {"listed": listed.minor} if listed and listed.minor > price.minor else {}
    if cost and cost.currency == price.currency:
        known["cost"] = cost.minor
    sums = {name: Money(minor * quantity, price.currency) for name, minor in known.items()}
    return {**sums, "contents": catalog.parts(product) if product else {}}


def _wrong(
    line: Asked, *, product: Any, name: str | None, price: Money | None, currency: str
) -> Iterable[tuple[str, str]]:
    if line.get("product_id") and product is None:
        yield "product_id", "unknown_reference"
        return
    if name is None:
        yield "name", "missing"
    if price is None:
        yield "unit_price", "missing"
    elif price.currency != currency:
        yield "unit_price", "currency_mismatch"
    elif price.minor * line["quantity"] > MOST_MINOR:
        yield "unit_price", "beyond_reckoning"


def of_deal(*, name: str, amount: Money, lines: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return the lines of a deal, that sum to its amount exactly; without any it is one line itself.

    An amount that differs from the lines' sum is shared out over them. What does not divide by its
    quantity becomes two lines, one of them a minor unit dearer. Invalid (`opportunity_id`) when its bundles
    hold more than an order takes.
    """
    if not lines:
        return [Line(1, None, name, 1, amount)]
    products = catalog.known(line["product_id"] for line in lines)
    weights = [line["amount_minor"] for line in lines]
    parts = allocate(amount.minor, weights if any(weights) else [line["quantity"] for line in lines])
    split = [
        (line["product_id"], quantity, Money(minor, amount.currency))
        for line, part in zip(lines, parts, strict=True)
        for quantity, minor in _at_unit_prices(part, line["quantity"])
    ]
    made = [
        Line(
            number,
            product_id,
            getattr(products.get(product_id), "name", product_id),
            quantity,
            price,
            **_known(products.get(product_id), price, quantity),
        )
        for number, (product_id, quantity, price) in enumerate(split, start=1)
    ]
    require_few_parts(made, field="opportunity_id")
    return made


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
