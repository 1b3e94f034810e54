"""Orders of an accepted quote: the very lines and amounts that the customer accepted, or a part of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders.drafting import hold_deal, order_of, origin_key
from chalicelib.sales.orders.lines import Line, require_few_parts
from chalicelib.sales.orders.models import Order
from chalicelib.sales.quotes import service as quotes

#: Of a quote's line, by its number: how many pieces, and their net price in minor units.
Parts = Mapping[int, tuple[int, int]]


def draft_from_quote(quote_id: str, *, by: Principal, **terms: Any) -> Order:
    """Draft the order of an accepted quote: its account, owner, lines and amounts.

    Conflict when it is not accepted; AlreadyExists, with the id of its order, or of the contract that
    it is under. Its opportunity becomes no second order, unless it has one from elsewhere. Invalid
    (`quote_id`) when its bundles hold more than an order takes.
    """
    quote = quotes.accepted_quote(quote_id, who=by)
    whole = {line.number: (line.quantity, line.net.minor) for line in quote.lines}
    owner = {"owner_id": quote.owner_id, "team_id": quote.team_id}
    order = _order_of(quote, _lines(quote.lines, whole, field="quote_id"), owner, terms)
    step = Step(by=by.id)
    step.create(order)
    step.claim(origin_key(quote.id), order.id)
    quotes.note_order(step, quote, order.id)
    hold_deal(step, quote.opportunity_id, order.id)
    step.commit()
    return order


def put_part(
    step: Step, quote: Any, parts: Parts, *, contract_id: str, owner: Mapping[str, Any], **terms: Any
) -> Order:
    """Add to a step the order of a part of an accepted quote, under its contract.

    Invalid (`lines`) when its bundles hold more than an order takes.
    """
    lines = _lines(quote.lines, parts, field="lines")
    order = _order_of(quote, lines, owner, {**terms, "contract_id": contract_id})
    step.create(order)
    return order


def put_under(step: Step, order: Order, *, contract_id: str) -> None:
    """Add to a step that an order stands under a contract.

    Stale when it was cancelled, or put under another, since it was read.
    """
    under = Order.contract_id
    as_read = under == order.contract_id if order.contract_id else under.does_not_exist()
    step.add(order, {}, where=as_read & (Order.status != "CANCELLED"), contract_id=contract_id)


def _order_of(quote: Any, lines: Sequence[Line], owner: Mapping[str, Any], terms: Mapping[str, Any]) -> Order:
    return order_of(
        terms,
        account_id=quote.account_id,
        contact_id=quote.contact_id,
        opportunity_id=quote.opportunity_id,
        quote_id=quote.id,
        currency=quote.currency,
        channel=quote.channel,
        priced_on=quote.priced_on,
        prices_agreed=True,
        line_rows=[line.row() for line in lines],
        **owner,
    )


def _lines(quoted: Sequence[Any], parts: Parts, *, field: str) -> list[Line]:
    wanted = [line for line in quoted if line.number in parts]
    bundles = catalog.known(line.product_id for line in wanted if line.contents)
    made = [_line(each, *parts[each.number], bundles.get(each.product_id)) for each in wanted]
    require_few_parts(made, field=field)
    return made


def _line(quoted: Any, pieces: int, net: int, bundle: Any) -> Line:
    """Return an order's line of so many quoted pieces, at this very net price and with the quoted tax."""
    price = max(quoted.unit_price.minor, -(-net // pieces))

    def part(whole: Money | None) -> Money | None:
        return whole and Money(whole.minor * pieces // quoted.quantity, whole.currency)

    return Line(
        number=quoted.number,
        product_id=quoted.product_id,
        name=quoted.name,
        quantity=pieces,
        unit_price=Money(price, quoted.net.currency),
        tax_bps=quoted.tax_bps,
        reduction_minor=price * pieces - net,
        cost=part(quoted.cost),
        listed=part(quoted.before_discount),
        contents=catalog.goods(bundle, list(quoted.parts.items())),
        uncompared=tuple(quoted.uncompared),
    )
