"""What files can become: for each target, the shape of a row and the verb that brings it in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.core.shapes import Code, CurrencyCode, Email, Line, Shape, Text
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from chalicelib.platform.imports.references import References
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.leads import service as leads
from chalicelib.sales.opportunities import service as opportunities

Decimal = Annotated[str, Field(pattern=r"^-?\d{1,15}(\.\d{1,4})?$")]
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
    """A deal as history tells it; `owner`, `account` and `product` by name."""

    external_id: Line
    name: Line | None = None
    owner: Line
    account: Line | None = None
    product: Line | None = None
    stage: Line
    opened_on: date | None = None
    close_on: date | None = None
    closed_on: date | None = None
    amount: Decimal | None = None
    currency: CurrencyCode | None = None
    source: Line | None = None
    region: Line | None = None
    industry: Line | None = None


class LeadRow(Shape):
    """A lead of a file. Further columns go to ``details.…``."""

    external_id: Line | None = None
    name: Line | None = None
    company: Line | None = None
    email: Email | None = None
    phone: Line | None = None
    title: Line | None = None
    source: Line | None = None
    campaign: Line | None = None
    industry: Line | None = None
    region: Line | None = None
    country: Line | None = None
    city: Line | None = None
    owner: Line | None = None
    details: dict[str, Text] | None = None


#: Whether the row is new here, or was brought in before.
Outcome = Literal["imported", "known"]


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
    try:
        return Money.of(amount, currency or settings().currency)
    except ValueError as refused:
        raise errors.Invalid.one(field, "value", reason=str(refused)) from refused


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
    product = arrival.refs.product(row.product)
    account = arrival.refs.account(row.account)
    currency = row.currency or (product.list_price.currency if product else None)
    amount = _money(row.amount, currency, "amount") if row.amount else None
    if amount is None and product is not None:
        amount = product.list_price
    details = row.model_dump(include={"source", "opened_on", "close_on", "closed_on"}, exclude_none=True)
    made = opportunities.bring_in(
        external_id=row.external_id,
        name=row.name or f"{row.account or '-'} · {row.product or row.external_id}",
        stage=row.stage,
        amount=amount,
        account_id=account.id if account else None,
        industry=row.industry or (account.industry if account else None),
        region=row.region or arrival.refs.region_of(row.owner),
        product_id=product.id if product else None,
        by=arrival.who,
        **arrival.refs.owner(row.owner, who=arrival.who),
        **details,
    )
    return "imported" if made else "known"


def _lead(row: LeadRow, arrival: Arrival) -> Outcome:
    details = row.model_dump(exclude={"external_id", "owner"}, exclude_none=True)
    owner = arrival.refs.owner(row.owner, who=arrival.who) if row.owner else {}
    made = leads.bring_in(external_id=row.external_id or arrival.line, by=arrival.who, **owner, **details)
    return "imported" if made else "known"


TARGETS: Final = {
    "products": Target(ProductRow, _product),
    "accounts": Target(AccountRow, _account),
    "opportunities": Target(OpportunityRow, _opportunity),
    "leads": Target(LeadRow, _lead),
}
