"""The order of an accepted quote: the very lines and amounts that the customer accepted."""

from collections.abc import Sequence
from typing import Any

from chalicelib.core import guards
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders.drafting import order_of, origin_key
from chalicelib.sales.orders.lines import Line, require_few_parts
from chalicelib.sales.orders.models import Order
from chalicelib.sales.quotes import service as quotes


def draft_from_quote(quote_id: str, *, by: Principal, **terms: Any) -> Order:
    """Draft the order of an accepted quote: its account, owner, lines and amounts.

    Conflict when it is not accepted; AlreadyExists, with the order's id, when there is one of it.
    Its opportunity becomes no second order, unless it has one from elsewhere. Invalid (`quote_id`) when
    its bundles hold more than an order takes.
    """
    quote = quotes.accepted_quote(quote_id, who=by)
    lines = _lines(quote.lines)
    order = order_of(
        terms,
        account_id=quote.account_id,
        contact_id=quote.contact_id,
        opportunity_id=quote.opportunity_id,
        quote_id=quote.id,
        currency=quote.currency,
        line_rows=[line.row() for line in lines],
        owner_id=quote.owner_id,
        team_id=quote.team_id,
    )
    step = Step(by=by.id)
    step.create(order)
    step.claim(origin_key(quote.id), order.id)
    if quote.opportunity_id and not guards.holders([key := origin_key(quote.opportunity_id)]):
        step.claim(key, order.id)
    step.commit()
    return order


def _lines(quoted: Sequence[Any]) -> list[Line]:
    bundles = catalog.known(line.product_id for line in quoted if line.contents)
    made = [_line(each, bundles.get(each.product_id)) for each in quoted]
    require_few_parts(made, field="quote_id")
    return made


def _line(quoted: Any, bundle: Any) -> Line:
    """Return an order's line with a quoted line's very net price, tax, and what it was put together of."""
    price = max(quoted.unit_price.minor, -(-quoted.net.minor // quoted.quantity))
    return Line(
        number=quoted.number,
        product_id=quoted.product_id,
        name=quoted.name,
        quantity=quoted.quantity,
        unit_price=Money(price, quoted.net.currency),
        tax_bps=quoted.tax_bps,
        reduction_minor=price * quoted.quantity - quoted.net.minor,
        cost=quoted.cost,
        listed=quoted.before_discount,
        contents=quoted.parts if bundle and not bundle.stocked else {},
    )
