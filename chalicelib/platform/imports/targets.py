"""What files can become: for each target, the shape of a row and the verb that brings it in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money, exponent
from chalicelib.core.settings import settings
from chalicelib.core.shapes import Code, CurrencyCode, Day, Email, Instant, Line, PastDay, Phone, Shape, Text
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from chalicelib.platform.imports.references import References
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.leads import service as leads
from chalicelib.sales.opportunities import service as opportunities

#: A price or the value of a deal: never below nothing, as where people type it in.
Decimal = Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,4})?$")]
LeadStatus = Literal["NEW", "WORKING", "QUALIFIED", "CONVERTED", "UNQUALIFIED"]
Whole = Annotated[int, Field(ge=0, le=10**12)]


class ProductRow(Shape):
    """A product of a file."""

    code: Code | None = None
    name: Line
    family: Line | None = None
    price: Decimal
    currency: CurrencyCode | None = None


class AccountRow(Shape):
    """A customer of a file; `owner` by name or e-mail."""

    name: Line
    industry: Line | None = None
    region: Line | None = None
    country: Line | None = None
    city: Line | None = None
    employees: Whole | None = None
    website: Line | None = None
    phone: Line | None = None
    owner: Line | None = None


class OpportunityRow(Shape):
    """A deal as history tells it; `owner`, `account`, `product` and stages by name.

    `closed_from` is the stage in which closed deals were worked on, if it is known.
    """

    external_id: Line
    name: Line | None = None
    pipeline: Line | None = None
    owner: Line
    account: Line | None = None
    product: Line | None = None
    stage: Line
    closed_from: Line | None = None
    opened_on: Day | None = None
    close_on: Day | None = None
    closed_on: Day | None = None
    amount: Decimal | None = None
    currency: CurrencyCode | None = None
    source: Line | None = None
    region: Line | None = None
    industry: Line | None = None


class LeadRow(Shape):
    """A lead of a file; with a status it is history. Further columns go to ``answers.…``."""

    external_id: Line | None = None
    name: Line | None = None
    company: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    title: Line | None = None
    status: LeadStatus | None = None
    received_at: Instant | None = None
    source: Line | None = None
    campaign: Line | None = None
    industry: Line | None = None
    region: Line | None = None
    country: Line | None = None
    city: Line | None = None
    street: Line | None = None
    postcode: Line | None = None
    born_on: PastDay | None = None
    owner: Line | None = None
    answers: dict[str, Text] | None = None


#: Whether the row is new here, was brought in before, or joined a record of the same person.
Outcome = Literal["imported", "known", "joined"]
_LEADS: Final[dict[str, Outcome]] = {"CREATED": "imported", "KNOWN": "known", "JOINED": "joined"}


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who brings a row in, from which line of which job, and what its names stand for."""

    who: Principal
    line: str
    refs: References


@dataclass(frozen=True, slots=True)
class Target:
    """What rows become."""

    shape: type[Shape]
    bring_in: Callable[[Any, Arrival], Outcome]

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
    details = row.model_dump(exclude={"external_id", "owner"}, exclude_none=True)
    owner_id = arrival.refs.owner(row.owner, who=arrival.who)["owner_id"] if row.owner else None
    external_id = row.external_id or arrival.line
    taken = leads.bring_in(external_id=external_id, owner_id=owner_id, by=arrival.who.id, **details)
    return _LEADS[taken.how]


TARGETS: Final = {
    "products": Target(ProductRow, _product),
    "accounts": Target(AccountRow, _account),
    "opportunities": Target(OpportunityRow, _opportunity),
    "leads": Target(LeadRow, _lead),
}
