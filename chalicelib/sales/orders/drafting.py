"""How an order comes to be: drafted by hand or API, or made of a won opportunity; and edited."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from chalicelib.core import clock, errors, guards, ids
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.numbering import document_number
from chalicelib.core.ownership import owner_to_be, reached
from chalicelib.core.references import References
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders.crediting import payment_days
from chalicelib.sales.orders.lifecycle import ORDER
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.policy import policy
from chalicelib.sales.orders.pricing import Asked, Market, of_deal, priced, scheduled
from chalicelib.sales.quotes import service as quotes


class Origins(Protocol):
    """What an order or a contract was made of."""

    id: Any
    opportunity_id: Any
    quote_id: Any


def draft(
    *,
    by: Principal,
    account_id: str,
    currency: str,
    lines: Sequence[Asked] = (),
    payment_schedule: Sequence[Asked] = (),
    contact_id: str | None = None,
    opportunity_id: str | None = None,
    owner_id: str | None = None,
    **terms: Any,
) -> Order:
    """Draft an order, priced as of today for the account's grade and region (`catalog.priced_lines`).

    `terms`: channel, ordered_on, payment_days, customer_reference, note. Invalid, naming the fields, for
    an account, contact, opportunity or owner that is not there, or what the catalogue refuses. Forbidden
    when given to somebody else without the right.
    """
    account = _account(by, account_id=account_id, contact_id=contact_id, opportunity_id=opportunity_id)
    owner = owner_to_be(Order.area, by=by, asked=owner_id, otherwise=account.owner_id)
    market = Market(account_id, currency, terms.get("channel"), clock.today())
    order = order_of(
        terms,
        account_id=account_id,
        contact_id=contact_id,
        opportunity_id=opportunity_id,
        currency=currency,
        priced_on=market.on,
        line_rows=_rows(priced(lines, market)),
        instalment_rows=_rows(scheduled(payment_schedule, currency=currency)),
        **people.owner_fields(owner),
    )
    step = Step(by=by.id)
    step.create(order)
    step.commit()
    return order


def draft_from(opportunity_id: str, *, by: Principal, **terms: Any) -> Order:
    """Draft the order of a won opportunity: its account, owner, lines and amounts.

    Forbidden when it is theirs to read only, Conflict when it is not won; Blocked when it has no
    account; AlreadyExists, with the order's id, when there is one of it.
    """
    named = References(by)
    to_order = partial(opportunities.opportunity, to_write=True)
    deal = named.take("opportunity_id", to_order, opportunity_id)
    named.check()
    if deal.status != "WON":
        raise errors.Conflict("opportunity_not_won", state=deal.status)
    if deal.account_id is None:
        raise errors.Blocked(FieldError("account_id", "missing"))
    market = Market(deal.account_id, deal.amount.currency, None, clock.today())
    asked = of_deal(name=deal.name, amount=deal.amount, lines=deal.lines)
    order = order_of(
        terms,
        account_id=deal.account_id,
        contact_id=deal.contact_id,
        opportunity_id=deal.id,
        currency=market.currency,
        priced_on=market.on,
        line_rows=_rows(priced(asked, market, field="opportunity_id", most=len(asked), sold=True)),
        owner_id=deal.owner_id,
        team_id=deal.team_id,
    )
    step = Step(by=by.id)
    step.create(order)
    step.claim(origin_key(deal.id), order.id)
    step.commit()
    return order


def edit(order_id: str, *, by: Principal, version: int | None, **changes: Any) -> Order:
    """Change a draft; `lines`, priced as of today, and `payment_schedule` are replaced as a whole.

    Another channel comes with the lines that it is to price.
    """
    order = reached(Order, order_id, who=by, to_write=True)
    expect(order, version)
    ORDER.require("edit", order.status, by=by)
    if changes.get("contact_id"):
        _account(by, account_id=order.account_id, contact_id=changes["contact_id"])
    if "lines" in changes:
        channel = changes.get("channel", order.channel)
        market = Market(order.account_id, order.currency, channel, clock.today())
        rows = _rows(priced(changes.pop("lines"), market))
        changes |= {"line_rows": rows, "priced_on": market.on, "prices_agreed": False}
    elif "channel" in changes:
        raise errors.Invalid.one("channel", "with_lines")
    if "payment_schedule" in changes:
        schedule = scheduled(changes.pop("payment_schedule"), currency=order.currency)
        changes["instalment_rows"] = _rows(schedule)
    step = Step(by=by.id)
    step.change(order, **changes)
    step.commit()
    return order


def hold_deal(step: Step, opportunity_id: str | None, holder: str) -> None:
    """Add to a step that an opportunity is sold by its holder; one that is sold elsewhere stays so."""
    if opportunity_id and not guards.holders([key := origin_key(opportunity_id)]):
        step.claim(key, holder)


def free_origin(step: Step, sold: Origins) -> None:
    """Add to a step that an order's or contract's opportunity, and its quote, can be sold again."""
    keys = [origin_key(each) for each in (sold.opportunity_id, sold.quote_id) if each]
    # What only names an opportunity does not hold it.
    for key, holder in guards.holders(keys).items():
        if holder == sold.id:
            step.release(key, sold.id)
    quotes.forget(step, sold.quote_id, sold.id)


def order_of(terms: Mapping[str, Any], **values: Any) -> Order:
    """Return a new order on terms agreed (those that are None: as policy and customer's grade have them)."""
    rules = policy()
    agreed: dict[str, Any] = {name: term for name, term in terms.items() if term is not None}
    agreed.setdefault("ordered_on", clock.today())
    if "payment_days" not in agreed:
        agreed["payment_days"] = payment_days(values["account_id"], usual=rules.payment_days)
    number = document_number(rules.number_prefix, agreed["ordered_on"])
    return Order(number=number, **values, **agreed)


def _account(
    by: Principal, *, account_id: str, contact_id: str | None = None, opportunity_id: str | None = None
) -> Any:
    """Return the account. Invalid, naming each, for it and for what is not of this account."""
    named = References(by)
    account = named.take("account_id", accounts.account, account_id)
    named.take("contact_id", accounts.contact, contact_id, account_id=account_id)
    named.take("opportunity_id", opportunities.opportunity, opportunity_id, account_id=account_id)
    named.check()
    return account


def _rows(parts: Sequence[Any]) -> list[dict[str, Any]]:
    return [part.row() for part in parts]


def origin_key(origin_id: str) -> str:
    """Return the guard key by which an opportunity or a quote becomes one order."""
    return f"order|{ids.kind_of(origin_id)}|{origin_id}"
