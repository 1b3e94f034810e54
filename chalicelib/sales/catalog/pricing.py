"""From lines asked for to lines with a price, each explained step by step; every wrong field at once.

A line asks for a `product_id` (or, for a service or charge, a `name` and a `unit_price`) and a
`quantity`; perhaps for `options` and a bundle's `components` (product_id, quantity), a `unit_price`
of its own, `discount_bps` (on its options too). Tiers and promotions look at all pieces of a
product in all lines, so that neither the order of lines nor how they are cut matters.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money, allocate
from chalicelib.sales.catalog import configuration
from chalicelib.sales.catalog.models import Product
from chalicelib.sales.catalog.offers import Market
from chalicelib.sales.catalog.promotions import Bought, best
from chalicelib.sales.catalog.shelf import Shelf, Tag, shelf
from chalicelib.sales.catalog.steps import Content, PricedLine, Reckoning, Step

#: Lines, options among them, of one document.
MOST_LINES: Final = 60
#: The largest price of a line before anything is taken off, in minor units.
MOST_MINOR: Final = 10**18

Asked = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One line to come: `field` is what a mistake in it is told by, `contents` what one bundle holds."""

    asked: int
    field: str
    name: str
    quantity: int
    product: Product | None
    unit_price: Money | None = None
    discount_bps: int = 0
    is_option: bool = False
    contents: Sequence[tuple[str, int]] = ()

    @property
    def own_price(self) -> bool:
        """Whether the price is its own, and not that of what it holds."""
        return not (self.product and self.product.price_from_components)


def priced_lines(
    asked: Sequence[Asked],
    *,
    currency: str,
    grade: str | None = None,
    channel: str | None = None,
    region: str | None = None,
    on: date | None = None,
    discount: Money | None = None,
) -> list[PricedLine]:
    """Return lines with their prices for a customer of a grade and region, by a channel, on a day.

    `discount` comes off the whole, shared out by the lines' prices. Invalid, naming every field:
    what is not on sale or has no price in the currency, options and quantities that a product does
    not take, a price in another currency, more off than it costs.
    """
    market = Market(currency, on or clock.today(), grade, channel, region)
    return reckoned(asked, shelf(asked, market), discount=discount)


def reckoned(asked: Sequence[Asked], found: Shelf, *, discount: Money | None = None) -> list[PricedLine]:
    """Return what `priced_lines` does, from what was read before. Pure."""
    wrong, items = _items(asked, found)
    if len(items) > MOST_LINES:
        wrong.append(FieldError("lines", "too_many_lines", {"most": MOST_LINES}))
    pieces = _pieces(items)
    wrong += [error for item in items for error in _unpriced(item, found, pieces)]
    if wrong:
        raise errors.Invalid(*wrong)
    lines = [_line(item, found, pieces) for item in items]
    if discount:
        lines = _less(lines, discount, found.market.currency)
    return [_with_contents(line, item, found) for line, item in zip(lines, items, strict=True)]


def at_list(items: Sequence[Item], found: Shelf) -> list[PricedLine | None]:
    """Return items with their prices, None where there is no product, or no price for it. Pure."""
    pieces = _pieces(items)
    return [
        _line(item, found, pieces) if _priced_by(item) and not any(_unpriced(item, found, pieces)) else None
        for item in items
    ]


def _items(asked: Sequence[Asked], found: Shelf) -> tuple[list[FieldError], list[Item]]:
    wrong: list[FieldError] = []
    items: list[Item] = []
    for at, line in enumerate(asked):
        mistakes = list(_wrong(line, found, f"lines.{at}"))
        wrong += mistakes
        if not mistakes:
            items += _configured(line, at, found)
    return wrong, items


def _wrong(line: Asked, found: Shelf, field: str) -> Iterator[FieldError]:
    price = line.get("unit_price")
    if price and price.currency != found.market.currency:
        yield FieldError(f"{field}.unit_price", "currency_mismatch")
    if not line.get("product_id"):
        yield from (FieldError(f"{field}.{name}", "missing") for name in _needed(line))
        return
    product = found.products.get(line["product_id"])
    if product is None:
        yield FieldError(f"{field}.product_id", "unknown_reference")
    elif product.type == "TEMPLATE":
        yield FieldError(f"{field}.product_id", "choose_variant")
    else:
        options = line.get("options") or ()
        yield from configuration.choices_wrong(product, options, field=f"{field}.options")
        yield from (
            FieldError(f"{field}.options.{at}.product_id", "unknown_reference")
            for at, each in enumerate(options)
            if each["product_id"] not in found.products
        )
        parts = line.get("components") or ()
        yield from configuration.components_wrong(product, parts, field=f"{field}.components")
        if not all(each["product_id"] in found.products for each in product.components):
            yield FieldError(f"{field}.product_id", "component_gone")


def _needed(line: Asked) -> list[str]:
    return [name for name in ("name", "unit_price") if not line.get(name)]


def _configured(line: Asked, at: int, found: Shelf) -> Iterator[Item]:
    product = found.products.get(line.get("product_id") or "")
    bps = line.get("discount_bps") or 0
    yield Item(
        asked=at,
        field=f"lines.{at}",
        name=line.get("name") or (product.name if product else ""),
        quantity=line["quantity"],
        product=product,
        unit_price=line.get("unit_price"),
        discount_bps=bps,
        contents=configuration.contents(product, line.get("components") or ()) if product else (),
    )
    for number, option in enumerate(line.get("options") or ()):
        chosen = found.products[option["product_id"]]
        quantity = option["quantity"] * line["quantity"]
        where = f"lines.{at}.options.{number}"
        yield Item(at, where, chosen.name, quantity, chosen, discount_bps=bps, is_option=True)


def _pieces(items: Sequence[Item]) -> Counter[str]:
    """Return how many pieces of each product are bought in all."""
    pieces: Counter[str] = Counter()
    for item in items:
        if item.product and item.own_price:
            pieces[item.product.id] += item.quantity
        elif item.product:
            pieces.update({each: n * item.quantity for each, n in item.contents})
    return pieces


def _unpriced(item: Item, found: Shelf, pieces: Counter[str]) -> Iterator[FieldError]:
    """Yield that an item, or something in it, has no price here, or one beyond all reckoning."""
    if item.product is None:
        worth = item.unit_price.minor * item.quantity if item.unit_price else 0
    else:
        tags = [(n, found.tag(each, pieces[each])) for each, n in _priced_by(item)]
        if any(tag is None for _, tag in tags):
            yield FieldError(f"{item.field}.product_id", "no_price", {"currency": found.market.currency})
        own = item.unit_price.minor if item.unit_price else 0
        worth = item.quantity * max(own, sum(n * max(tag.base, tag.minor) for n, tag in tags if tag))
    if worth > MOST_MINOR:
        yield FieldError(f"{item.field}.quantity", "beyond_reckoning")


def _priced_by(item: Item) -> list[tuple[str, int]]:
    """Return whose prices make one piece's price, and of how many pieces."""
    if item.product is None:
        return []
    return [(item.product.id, 1)] if item.own_price else list(item.contents)


def _line(item: Item, found: Shelf, pieces: Counter[str]) -> PricedLine:
    reckoning = Reckoning(found.market.currency)
    unit = _list(reckoning, item, found, pieces)
    if item.product:
        for reduction in best(found.promotions, _bought(item.product, item, reckoning, pieces)):
            reckoning.add("PROMOTION", -reduction.taken, reduction.promotion.id)
    before = reckoning.so_far
    if item.product and item.unit_price:
        asked = item.unit_price.minor
        reckoning.add("DISCOUNT", asked * item.quantity - reckoning.exact, unit_price_minor=asked)
    reckoning.discount(item.discount_bps)
    return PricedLine(
        asked=item.asked,
        product_id=item.product.id if item.product else None,
        name=item.name,
        quantity=item.quantity,
        unit_price=Money(unit, found.market.currency),
        before_discount=before,
        steps=reckoning.closed(),
        cost=_cost(item, found),
        is_option=item.is_option,
    )


def _list(reckoning: Reckoning, item: Item, found: Shelf, pieces: Counter[str]) -> int:
    """Add the steps up to the volume tier; return one piece's price so far."""
    if item.product is None:
        given = item.unit_price.minor if item.unit_price else 0
        reckoning.add("GIVEN", given * item.quantity, unit_price_minor=given, quantity=item.quantity)
        return given
    unit = 0
    for product_id, n in _priced_by(item):
        tag = found.tag(product_id, pieces[product_id])
        if tag:
            _by_tag(reckoning, tag, n * item.quantity, kind=tag.kind if item.own_price else "COMPONENT")
            unit += n * tag.minor
    return unit


def _by_tag(reckoning: Reckoning, tag: Tag, quantity: int, *, kind: str) -> None:
    reckoning.add(kind, tag.base * quantity, tag.source_id, unit_price_minor=tag.base, quantity=quantity)
    if tag.minor != tag.base:
        tier = {"from": tag.start, "unit_price_minor": tag.minor}
        reckoning.add("TIER", (tag.minor - tag.base) * quantity, tag.source_id, **tier)


def _bought(product: Product, item: Item, reckoning: Reckoning, pieces: Counter[str]) -> Bought:
    return Bought(
        product_id=product.id,
        parent_id=product.parent_id,
        family=product.family,
        pieces_in_all=max(pieces[product.id], item.quantity),
        quantity=item.quantity,
        price=reckoning.exact,
    )


def _cost(item: Item, found: Shelf) -> Money | None:
    """Return what a line costs us; a bundle without a cost of its own what its components do."""
    if item.product is None:
        return None
    own: Money | None = item.product.cost
    parts = [(item.product.id, 1)] if own or not item.contents else list(item.contents)
    total = 0
    for product_id, n in parts:
        cost: Money | None = found.products[product_id].cost
        if cost is None or cost.currency != found.market.currency:
            return None
        total += cost.minor * n * item.quantity
    return Money(total, found.market.currency)


def _less(lines: Sequence[PricedLine], discount: Money, currency: str) -> list[PricedLine]:
    """Return lines with a discount on the whole, shared out by their prices."""
    total = sum(line.net.minor for line in lines)
    if discount.currency != currency:
        raise errors.Invalid.one("discount", "currency_mismatch")
    if discount.minor > total:
        raise errors.Invalid.one("discount", "more_than_price", total=Money(total, currency))
    if not discount.minor:
        return list(lines)
    # In an order of their own, so that what does not divide falls on the same line wherever it stands.
    order = sorted(range(len(lines)), key=lambda at: _place(lines[at]))
    parts = dict(zip(order, allocate(discount.minor, [lines[at].net.minor for at in order]), strict=True))
    return [
        replace(line, steps=(*line.steps, Step("WHOLE_DISCOUNT", -parts[at]))) if parts[at] else line
        for at, line in enumerate(lines)
    ]


def _place(line: PricedLine) -> tuple[Any, ...]:
    return (line.product_id or "", line.name, line.is_option, line.quantity, line.net.minor)


def _with_contents(line: PricedLine, item: Item, found: Shelf) -> PricedLine:
    """Return a bundle's line with its price shared out over what it holds."""
    if not item.contents:
        return line
    tags = [(each, n, found.tag(each, n * item.quantity)) for each, n in item.contents]
    worths = [tag.minor * n if tag else 0 for _, n, tag in tags]
    parts = allocate(line.net.minor, worths if any(worths) else [n for _, n, _ in tags])
    held = [
        Content(each, found.products[each].name, n * item.quantity, Money(part, line.net.currency))
        for (each, n, _), part in zip(tags, parts, strict=True)
    ]
    return replace(line, contents=held)
