"""How a contract comes to be, and what may be changed of it while it is a draft."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.numbering import document_number
from chalicelib.core.ownership import owner_to_be, reached
from chalicelib.core.references import References
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.customers.accounts import service as accounts
from chalicelib.organisation.people import service as people
from chalicelib.sales.contracts.billing_plan import Instalment, planned
from chalicelib.sales.contracts.deadlines import due_minute
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.milestones import Milestone, fulfilment_status
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.orders import service as orders

#: What stands before the number of a contract.
PREFIX: Final = "CT"
#: Days before the end at which the owner is reminded, unless the contract says otherwise.
REMINDER_DAYS: Final = 30
#: What is no term of the agreement, and may be changed while it stands.
_OURS: Final = frozenset({"contact_id", "reminder_days", "note"})
_OF_RENEWAL: Final = ("renewal", "renewal_months", "ends_on")
_REFERENCES: Final = ("contact_id", "opportunity_id", "order_ids")


def draft(
    *,
    by: Principal,
    account_id: str,
    contact_id: str | None = None,
    opportunity_id: str | None = None,
    order_ids: Sequence[str] = (),
    owner_id: str | None = None,
    **terms: Any,
) -> Contract:
    """Draft a contract; `terms` as `contract_of` takes them.

    Invalid, naming the fields, for an account, contact, opportunity, order or owner that is not there,
    and as `contract_of` says. Forbidden when given to somebody else without the right.
    """
    named: dict[str, Any] = {
        "contact_id": contact_id,
        "opportunity_id": opportunity_id,
        "order_ids": order_ids,
    }
    account = _account(by, account_id, **named)
    owner = owner_to_be(Contract.area, by=by, asked=owner_id, otherwise=account.owner_id)
    contract = contract_of(account_id=account_id, **named, **people.owner_fields(owner), **terms)
    step = Step(by=by.id)
    step.create(contract)
    step.commit()
    return contract


def contract_of(
    *,
    value: Money,
    tax: Money | None = None,
    order_ids: Sequence[str] = (),
    billed_by: str | None = None,
    milestones: Sequence[Mapping[str, Any]] = (),
    billing_plan: Sequence[Mapping[str, Any]] = (),
    **details: Any,
) -> Contract:
    """Return a new contract on the terms agreed: title, starts_on, ends_on, renewal, reminder_days …

    It is billed by its orders where it names some, else itself unless said. Invalid, naming the
    fields, for an end before the start, an amount in another currency, or a plan of its own for what
    orders bill.
    """
    require_span(details.get("starts_on"), details.get("ends_on"))
    _require_renewal(*(details.get(name) for name in _OF_RENEWAL))
    steps_to_take, instalments = steps(milestones), planned(billing_plan, value.currency)
    require_currency(steps_to_take, value.currency, tax=tax)
    billing = _billing(order_ids, billed_by, has_plan=bool(instalments))
    details.setdefault("reminder_days", REMINDER_DAYS)
    return Contract(
        number=document_number(PREFIX, clock.today()),
        value=value,
        tax=tax,
        order_ids=list(order_ids),
        billed_by=billing,
        instalment_rows=[each.row() for each in instalments],
        **_kept(steps_to_take),
        **details,
    )


def _billing(order_ids: Sequence[str], asked: str | None, *, has_plan: bool) -> str:
    """Return what bills a contract. Invalid for one that names orders and would be billed itself."""
    billed_by = asked or ("ORDERS" if order_ids else "CONTRACT")
    if order_ids and billed_by == "CONTRACT":
        raise errors.Invalid.one("billed_by", "orders_bill")
    if has_plan and billed_by == "ORDERS":
        raise errors.Invalid.one("billing_plan", "orders_bill")
    return billed_by


def edit(contract_id: str, *, by: Principal, version: int | None, **changes: Any) -> Contract:
    """Change a draft; `milestones`, `billing_plan` and `order_ids` are replaced as a whole.

    Reminder, note and contact may change as long as the contract stands.
    """
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    verb = "keep" if changes.keys() <= _OURS else "edit"
    CONTRACT.require(verb, contract.status, by=by)
    if contract.quote_id:
        _require_as_quoted(contract, changes)
    if named := {name: changes[name] for name in _REFERENCES if name in changes}:
        _account(by, contract.account_id, **named)
    require_span(
        changes.get("starts_on", contract.starts_on),
        changes.get("ends_on", contract.ends_on),
    )
    _require_renewal(*(changes.get(name, getattr(contract, name)) for name in _OF_RENEWAL))
    values = changes if verb == "keep" else _as_kept(contract, **changes)
    contract.reminder_days = changes.get("reminder_days", contract.reminder_days)
    step = Step(by=by.id)
    step.change(contract, **values, due_minute=due_minute(contract))
    step.commit()
    return contract


def _require_as_quoted(contract: Contract, changes: Mapping[str, Any]) -> None:
    """Raise Invalid where a contract would be in another currency, or of other orders, than its lines."""
    if "order_ids" in changes:
        raise errors.Invalid.one("order_ids", "orders_follow_lines")
    if changes.get("value", contract.value).currency != contract.value.currency:
        raise errors.Invalid.one("value", "currency_mismatch")


def _as_kept(
    contract: Contract,
    *,
    milestones: Sequence[Mapping[str, Any]] | None = None,
    billing_plan: Sequence[Mapping[str, Any]] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Return the changes to a draft as they are kept: its milestones, its plan, and what bills it."""
    currency = changes.get("value", contract.value).currency
    steps_to_take = contract.milestones if milestones is None else steps(milestones)
    require_currency(steps_to_take, currency, tax=changes.get("tax", contract.tax))
    asked_for = [_asked(each) for each in contract.billing_plan] if billing_plan is None else billing_plan
    instalments = planned(asked_for, currency)
    order_ids = changes.get("order_ids", contract.order_ids)
    asked = changes.get("billed_by", None if order_ids else contract.billed_by)
    return {
        **changes,
        **_kept(steps_to_take),
        "instalment_rows": [each.row() for each in instalments],
        "billed_by": _billing(order_ids, asked, has_plan=bool(instalments)),
    }


def _asked(part: Instalment) -> dict[str, Any]:
    return {"bill_on": part.bill_on, "amount": part.amount}


def _account(
    by: Principal,
    account_id: str,
    *,
    contact_id: str | None = None,
    opportunity_id: str | None = None,
    order_ids: Sequence[str] = (),
) -> Any:
    """Return the account. Invalid, naming each, for it and for what is not of this account."""
    named = References(by)
    account = named.take("account_id", accounts.account, account_id)
    named.take("contact_id", accounts.contact, contact_id, account_id=account_id)
    named.take("opportunity_id", opportunities.opportunity, opportunity_id, account_id=account_id)
    for position, order_id in enumerate(order_ids):
        named.take(f"order_ids.{position}", orders.order, order_id, account_id=account_id)
    named.check()
    return account


def require_span(
    starts_on: date | None,
    ends_on: date | None,
    *,
    refusal: type[errors.Invalid | errors.Blocked] = errors.Invalid,
) -> None:
    """Raise Invalid (`ends_on`), or as `refusal` says, when a term ends before it starts."""
    if starts_on and ends_on and ends_on < starts_on:
        raise refusal(FieldError("ends_on", "before_start"))


def _require_renewal(renewal: str | None, months: int | None, ends_on: date | None) -> None:
    needed = {"renewal_months": months, "ends_on": ends_on}
    missing = [FieldError(name, "needed_to_renew") for name, value in needed.items() if value is None]
    if renewal == "AUTOMATIC" and missing:
        raise errors.Invalid(*missing)


def require_currency(milestones: Sequence[Milestone], currency: str, *, tax: Money | None = None) -> None:
    """Raise Invalid, naming each, for milestones with an amount, and a tax, in another currency."""
    wrong = [
        FieldError(f"milestones.{position}.amount", "currency_mismatch")
        for position, step in enumerate(milestones)
        if step.amount and step.amount.currency != currency
    ]
    if tax and tax.currency != currency:
        wrong.append(FieldError("tax", "currency_mismatch"))
    if wrong:
        raise errors.Invalid(*wrong)


def steps(asked: Sequence[Mapping[str, Any]]) -> list[Milestone]:
    """Return milestones as they were asked for, numbered from 1."""
    return [
        Milestone(number, each["name"], each["due_on"], each.get("amount"))
        for number, each in enumerate(asked, start=1)
    ]


def _kept(milestones: Sequence[Milestone]) -> dict[str, Any]:
    return {
        "milestone_rows": [step.row() for step in milestones],
        "fulfilment_status": fulfilment_status(milestones),
    }
