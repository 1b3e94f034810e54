"""Changing what was approved 变更: signed anew only where it is worse than what was signed, then in force."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.money import Money
from chalicelib.core.step import Step
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders import crediting, keeping, limits
from chalicelib.sales.orders.amendments import MOST_ADDED, Amendment, respread
from chalicelib.sales.orders.approving import signatures
from chalicelib.sales.orders.chain import PRICE, Approval, carried, needed, pending
from chalicelib.sales.orders.lines import Line, totals
from chalicelib.sales.orders.models import Order
from chalicelib.sales.orders.policy import policy
from chalicelib.sales.orders.pricing import Asked, Market, measured, priced
from chalicelib.sales.orders.recording import note, ready, record
from chalicelib.sales.orders.shipping import pieces


def amend(
    order_id: str,
    *,
    reason: str,
    by: Principal,
    version: int | None = None,
    change: Sequence[Asked] = (),
    add: Sequence[Asked] = (),
    drop: Sequence[int] = (),
) -> Order:
    """Change lines of an approved order (`change`, by number), `add` some, `drop` some not gone out.

    Signatures hold for what is no worse than what they were given for. Where none is missing it is in
    force at once, with stock and schedule; else the order stays as it is until it is approved. Conflict
    when another amendment waits. Invalid, naming each, for what cannot be (`Amendment.lines`).
    """
    return keeping.while_stock_moves(
        partial(_amend, order_id, reason, change, add, drop, by=by, version=version)
    )


def _amend(
    order_id: str,
    reason: str,
    change: Sequence[Asked],
    add: Sequence[Asked],
    drop: Sequence[int],
    *,
    by: Principal,
    version: int | None,
) -> Order:
    order = ready("amend", order_id, by=by, version=version)
    if order.amendment is not None:
        raise errors.Conflict("amendment_open")
    asked = Amendment(
        currency=order.currency,
        reason=reason,
        proposed_by=by.id,
        proposed_at=clock.now(),
        change=[_terms(each, position, order.currency) for position, each in enumerate(change)],
        add=_added(order, add, change, drop),
        drop=drop,
        approvals=[],
        credit=(),
    )
    lines = _lines(order, asked)
    if [line.row() for line in lines] == order.line_rows:
        raise errors.Invalid.one("change", "nothing_amended")
    proposed = _with_approvals(order, asked, lines, by=by)
    if pending(proposed.approvals):
        return record(order, "amend", by=by, amendment_document=proposed.document())
    return _apply(order, proposed, "amend", by=by)


def _added(order: Order, add: Sequence[Asked], change: Sequence[Asked], drop: Sequence[int]) -> list[Line]:
    """Return lines to add, priced as of today: by all pieces of a product that the order then has."""
    asked = {each["number"]: each.get("quantity") for each in change} | dict.fromkeys(drop, 0)
    beside: Counter[str] = Counter()
    bundles = catalog.known(line.product_id for line in order.lines if line.contents and line.product_id)
    for line in order.lines:
        left = asked.get(line.number)
        bundle = bundles.get(line.product_id or "")
        counted = line.contents if bundle and bundle.price_from_components else _own(line)
        beside.update({each: n * (line.quantity if left is None else left) for each, n in counted.items()})
    market = Market(order.account_id, order.currency, order.channel, clock.today())
    return priced(add, market, field="add", most=MOST_ADDED, beside=beside)


def _terms(asked: Asked, position: int, currency: str) -> dict[str, Any]:
    price: Money | None = asked.get("unit_price")
    if price and price.currency != currency:
        raise errors.Invalid.one(f"change.{position}.unit_price", "currency_mismatch")
    told = {name: asked.get(name) for name in ("number", "quantity", "discount_bps", "tax_bps")}
    return {**told, "unit_price_minor": price and price.minor}


def _lines(order: Order, amendment: Amendment) -> list[Line]:
    """Return what becomes of an order's lines: each at the price agreed, but measured from what the pieces
    that there then are would cost.
    """
    made = amendment.lines(order.lines, gone=pieces(order.shipment_rows), back=pieces(order.return_rows))
    before, after = _wanted(order.lines), _wanted(made)
    moved = {each for each in before | after if before[each] != after[each]}
    stay = {line.number for line in order.lines} - {*amendment.drop}
    touched = {line.number for line in made if line.number in stay and not moved.isdisjoint(_named(line))}
    priced_on: date | None = order.priced_on
    market = Market(order.account_id, order.currency, order.channel, priced_on or order.ordered_on)
    return measured(made, market, numbers=touched)


def _wanted(lines: Sequence[Line]) -> Counter[str]:
    """Return how many pieces of each product are wanted in all, those in bundles among them."""
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted.update({each: n * line.quantity for each, n in _named(line).items()})
    return wanted


def _named(line: Line) -> dict[str, int]:
    return {**line.contents, **_own(line)}


def _own(line: Line) -> dict[str, int]:
    return {line.product_id: 1} if line.product_id else {}


def _with_approvals(order: Order, asked: Amendment, lines: Sequence[Line], *, by: Principal) -> Amendment:
    """Return an amendment with the steps that the order then needs, signed where that still holds.

    Prices that stand need nobody anew, whoever asks.
    """
    total, before = totals(lines, order.currency).total, order.total
    against = order.approval_reasons
    if total.minor > before.minor:
        owed_already = 0 if order.status == "APPROVED" else before.minor
        against = crediting.reasons_against(order, Money(total.minor - owed_already, order.currency))
    stay = [line for line in order.lines if line.number not in asked.drop]
    anew = limits.worse(lines, stay)
    price = limits.beyond_anew(lines, anew=anew, before=order.lines, role=by.role)
    wanted = needed(policy().rules, lines, order.currency, credit=against, price=price, anew=anew)
    signed = [] if price else [each for each in order.approvals if each.step == PRICE]
    return replace(asked, approvals=[*signed, *carried(wanted, order.approvals)], credit=against)


def approve_amendment(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Sign the steps of an amendment that are the caller's turn. With the last it is in force.

    Forbidden to who proposed it, administrators aside, and to who is not of the next step. Blocked, naming
    each line, when more has gone out meanwhile than it leaves.
    """
    return keeping.while_stock_moves(partial(_approve, order_id, by=by, version=version))


def _approve(order_id: str, *, by: Principal, version: int | None) -> Order:
    order, waiting = _open("approve_amendment", order_id, by=by, version=version)
    if waiting.proposed_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    facts = signatures(waiting.approvals, by=by)
    made = replace(waiting, approvals=[Approval.of_row(row) for row in facts.pop("approval_rows")])
    if pending(made.approvals):
        return record(order, "approve_amendment", by=by, amendment_document=made.document())
    return _apply(order, made, "approve_amendment", by=by, **facts)


def drop_amendment(order_id: str, *, by: Principal, version: int | None = None) -> Order:
    """Take an amendment back, or refuse it; the order stays as it is."""
    order, _ = _open("drop_amendment", order_id, by=by, version=version)
    return record(order, "drop_amendment", by=by, amendment_document=None)


def _open(verb: str, order_id: str, *, by: Principal, version: int | None) -> tuple[Order, Amendment]:
    order = ready(verb, order_id, by=by, version=version)
    waiting = order.amendment
    if waiting is None:
        raise errors.Conflict("no_amendment")
    return order, waiting


def _apply(order: Order, amendment: Amendment, verb: str, *, by: Principal, **facts: Any) -> Order:
    """Write an order as amended: lines, schedule, approvals, what its customer owes, and its stock."""
    try:
        lines = _lines(order, amendment)
    except errors.Invalid as overtaken:
        if verb == "amend":
            raise
        raise errors.Blocked(*overtaken.errors) from overtaken
    before, total = order.lines, totals(lines, order.currency).total
    asks_credit = order.status != "APPROVED" and total.minor > order.total.minor
    standing = crediting.standing(order) if asks_credit else None
    facts |= {
        "line_rows": [line.row() for line in lines],
        "instalment_rows": _schedule(order, total.minor),
        "approval_rows": [each.row() for each in amendment.approvals],
        "approval_reasons": [dict(each) for each in amendment.credit],
        "amendment_document": None,
        "amended_at": clock.now(),
        "amended_by": amendment.proposed_by,
        "amendment_reason": amendment.reason,
    }
    step = Step(by=by.id)
    note(step, order, verb, standing=standing, **facts)
    keeping.follow(step, order, before=before)
    step.commit()
    return order


def _schedule(order: Order, total: int) -> list[Mapping[str, Any]]:
    if not order.instalment_rows:
        return []
    amounts = respread([row["amount_minor"] for row in order.instalment_rows], order.settlement, total)
    rows = zip(order.instalment_rows, amounts, strict=True)
    return [{**row, "amount_minor": minor} for row, minor in rows]
