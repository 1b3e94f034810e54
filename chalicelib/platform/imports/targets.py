"""What files can become: for each target, the shape of a row and the verb that brings it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.core import errors, idempotency
from chalicelib.core.access import Principal
from chalicelib.core.money import Money, exponent
from chalicelib.core.settings import settings
from chalicelib.core.shapes import Shape
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from chalicelib.platform.imports.references import References
from chalicelib.platform.imports.rows import AccountRow, LeadRow, OpportunityRow, OrderRow, ProductRow
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.leads import service as leads
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import service as orders

#: Whether the row is new here, was brought in before, or joined a record of the same person.
Outcome = Literal["imported", "known", "joined"]
#: For so long a line of a job knows that it came in: as long as the job's file is kept.
_MARK_LIVES: Final = timedelta(days=30)
_CONSENT: Final = ("consent_text", "consent_version", "consent_at")
_NOT_OF_A_LEAD: Final = ("external_id", "numbered_by", "owner", "event", *_CONSENT)
_LEADS: Final[dict[str, Outcome]] = {"CREATED": "imported", "KNOWN": "known", "JOINED": "joined"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who brings rows in, from which line of which job, begun when, and what their names stand for."""

    who: Principal
    line: str
    begun_at: datetime
    refs: References


#: Brings in the rows of one record, and says what became of them.
BringIn = Callable[[Sequence[Any], Arrival], Outcome]


@dataclass(frozen=True, slots=True)
class Target:
    """What rows become: one each, or one of all the adjacent rows that have the same `together`."""

    shape: type[Shape]
    bring_in: BringIn
    together: str | None = None

    @property
    def fields(self) -> set[str]:
        """The fields a mapping can name."""
        return set(self.shape.model_fields)


def _money(amount: str, currency: str | None, field: str) -> Money:
    currency = currency or settings().currency
    try:
        return Money.of(amount, currency)
    except ValueError as refused:
        raise errors.Invalid.one(field, "decimals", most=exponent(currency)) from refused


def _product(row: ProductRow, arrival: Arrival) -> Outcome:
    code = row.code or "-".join("".join(c if c.isalnum() else " " for c in row.name).upper().split())[:40]
    price = _money(row.price, row.currency, "price")
    try:
        catalog.add_product(code=code, name=row.name, family=row.family, list_price=price, by=arrival.who)
    except errors.AlreadyExists:
        return "known"
    return "imported"


def _account(row: AccountRow, arrival: Arrival) -> Outcome:
    details = row.model_dump(exclude={"name", "owner"}, exclude_none=True)
    owned = arrival.refs.owner(row.owner, who=arrival.who)
    step = Step(by=arrival.who.id)
    accounts.put_account(step, name=row.name, **owned, **details)
    try:
        step.commit()
    except errors.AlreadyExists:
        return "known"
    return "imported"


def _opportunity(row: OpportunityRow, arrival: Arrival) -> Outcome:
    refs = arrival.refs
    product, account, pipeline = (
        refs.product(row.product),
        refs.account(row.account),
        refs.pipeline(row.pipeline),
    )
    amount = product.list_price if product else None
    if row.amount:
        amount = _money(row.amount, row.currency or (amount.currency if amount else None), "amount")
    made = opportunities.bring_in(
        external_id=row.external_id,
        name=row.name or " · ".join(filter(None, (row.account, row.product, row.external_id))),
        pipeline=pipeline,
        stage_id=refs.stage(pipeline, row.stage),
        amount=amount,
        lines=[{"product_id": product.id, "quantity": 1, "unit_price": amount}] if product else [],
        account_id=account.id if account else None,
        industry=row.industry or (account.industry if account else None),
        region=row.region or refs.region_of(row.owner),
        through=_through(row, refs, pipeline),
        by=arrival.who.id,
        **refs.owner(row.owner, who=arrival.who),
        **row.model_dump(include={"source", "opened_on", "close_on", "closed_on"}, exclude_none=True),
    )
    return "imported" if made else "known"


def _through(row: OpportunityRow, refs: References, pipeline: Any) -> list[tuple[str, date]]:
    if row.closed_from is None or row.opened_on is None or row.closed_on is None:
        return []
    return [(refs.stage(pipeline, row.closed_from), row.opened_on)]


def _lead(row: LeadRow, arrival: Arrival) -> Outcome:
    # Not dumped: that would make texts of instants.
    details = {name: told for name, told in row.values().items() if name not in _NOT_OF_A_LEAD}
    if row.event:
        details = {"channel": "EVENT", "source": "Event", "campaign": row.event} | details
    if any(getattr(row, name) for name in _CONSENT):
        details["consent"] = _consent(row, arrival)
    owner_id = arrival.refs.owner(row.owner, who=arrival.who)["owner_id"] if row.owner else None
    taken = leads.bring_in(
        external_id=_number(row) or arrival.line,
        owner_id=owner_id,
        origin=leads.origin_of(arrival.line, row.received_at or arrival.begun_at),
        by=arrival.who.id,
        **details,
    )
    return _LEADS[taken.how]


def _consent(row: LeadRow, arrival: Arrival) -> dict[str, Any]:
    text, version = row.consent_text, row.consent_version
    if not text or not version:
        raise errors.Invalid.one("consent_version" if text else "consent_text", "missing")
    given_at = row.consent_at or row.received_at or arrival.begun_at
    return leads.consented(text=text, version=version, given_at=given_at)


def _number(row: LeadRow) -> str | None:
    """Return what a row is known by: every fair has a badge 1, and each is somebody else's."""
    numbered_by = row.numbered_by or row.event
    return f"{numbered_by}:{row.external_id}" if row.external_id and numbered_by else row.external_id


def _order(rows: Sequence[OrderRow], arrival: Arrival) -> Outcome:
    first, refs = rows[0], arrival.refs
    back = first.quantity < 0
    if any(row.quantity == 0 or (row.quantity < 0) != back for row in rows):
        raise errors.Invalid.one("quantity", "import_signs")
    account = refs.account(first.account)
    currency = first.currency or settings().currency
    told: dict[str, Any] = {
        "external_id": first.order,
        "account_id": account.id,
        "currency": currency,
        "lines": [_order_line(row, refs) for row in rows],
        "by": arrival.who,
        **refs.owner(first.owner, who=arrival.who),
    }
    if back:
        is_new = orders.bring_in_credit_note(issued_on=first.ordered_on, **told)
    else:
        days = first.model_dump(include={"ordered_on", "shipped_on", "paid_on"})
        is_new = orders.bring_in(**days, **told)
    return "imported" if is_new else "known"


def _order_line(row: OrderRow, refs: References) -> orders.PastLine:
    product = refs.product(row.product)
    return orders.PastLine(
        product_id=product.id if product else None,
        name=row.name or (product.name if product else row.order),
        quantity=abs(row.quantity),
        price=row.unit_price,
    )


def _each(bring_in: Callable[[Any, Arrival], Outcome]) -> BringIn:
    return lambda rows, arrival: bring_in(rows[0], arrival)


def _marked(bring_in: BringIn) -> BringIn:
    """Return a verb that calls a line `imported` however often it comes: it was, by an earlier delivery.

    The line is marked in the transaction that writes its record: who comes after finds both or
    neither. Leads need no mark, they follow from their line.
    """

    def verb(rows: Sequence[Any], arrival: Arrival) -> Outcome:
        line = {"who": "imports", "request": arrival.line}
        with idempotency.attempt(arrival.line, origin=arrival.line, lives=_MARK_LIVES, **line):
            try:
                outcome = bring_in(rows, arrival)
            except errors.Conflict:
                if not idempotency.earlier(arrival.line, **line):
                    raise
                return "imported"
        was_it = outcome == "known" and idempotency.earlier(arrival.line, **line)
        return "imported" if was_it else outcome

    return verb


TARGETS: Final = {
    "products": Target(ProductRow, _marked(_each(_product))),
    "accounts": Target(AccountRow, _marked(_each(_account))),
    "opportunities": Target(OpportunityRow, _marked(_each(_opportunity))),
    "leads": Target(LeadRow, _each(_lead)),
    "orders": Target(OrderRow, _marked(_order), together="order"),
}
