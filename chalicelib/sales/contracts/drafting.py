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
_OURS: Final = frozenset({"reminder_days", "note"})
_OF_RENEWAL: Final = ("renewal", "renewal_months", "ends_on")


def draft(
    *,
    by: Principal,
    account_id: str,
    title: str,
    value: Money,
    opportunity_id: str | None = None,
    order_ids: Sequence[str] = (),
    owner_id: str | None = None,
    milestones: Sequence[Mapping[str, Any]] = (),
    **terms: Any,
) -> Contract:
    """Draft a contract.

    `terms`: starts_on, ends_on, reminder_days, note, renewal, renewal_months, notice_days.

    Invalid, naming the fields, for an account, opportunity, order or owner that is not there, an
    end before the start, or an amount in another currency. Forbidden when given to somebody else
    without the right.
    """
    account = _account(by, account_id=account_id, opportunity_id=opportunity_id, order_ids=order_ids)
    owner = owner_to_be(Contract.area, by=by, asked=owner_id, otherwise=account.owner_id)
    require_span(terms.get("starts_on"), terms.get("ends_on"))
    _require_renewal(terms.get("renewal"), terms.get("renewal_months"), terms.get("ends_on"))
    planned = steps(milestones)
    require_currency(planned, value.currency)
    terms.setdefault("reminder_days", REMINDER_DAYS)
    contract = Contract(
        number=document_number(PREFIX, clock.today()),
        account_id=account_id,
        title=title,
        value=value,
        opportunity_id=opportunity_id,
        order_ids=list(order_ids),
        **_kept(planned),
        **people.owner_fields(owner),
        **terms,
    )
    step = Step(by=by.id)
    step.create(contract)
    step.commit()
    return contract


def edit(contract_id: str, *, by: Principal, version: int | None, **changes: Any) -> Contract:
    """Change a draft; `milestones` and `order_ids` are replaced as a whole.

    The reminder and the note may change as long as the contract stands.
    """
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    CONTRACT.require("keep" if changes.keys() <= _OURS else "edit", contract.status, by=by)
    if changes.keys() & {"opportunity_id", "order_ids"}:
        _account(
            by,
            account_id=contract.account_id,
            opportunity_id=changes.get("opportunity_id"),
            order_ids=changes.get("order_ids", ()),
        )
    require_span(
        changes.get("starts_on", contract.starts_on),
        changes.get("ends_on", contract.ends_on),
    )
    _require_renewal(*(changes.get(name, getattr(contract, name)) for name in _OF_RENEWAL))
    planned = steps(changes.pop("milestones")) if "milestones" in changes else contract.milestones
    require_currency(planned, changes.get("value", contract.value).currency)
    contract.reminder_days = changes.get("reminder_days", contract.reminder_days)
    step = Step(by=by.id)
    step.change(contract, **changes, **_kept(planned), due_minute=due_minute(contract))
    step.commit()
    return contract


def _account(by: Principal, *, account_id: str, opportunity_id: str | None, order_ids: Sequence[str]) -> Any:
    """Return the account. Invalid, naming each, for it and for what is not of this account."""
    named = References(by)
    account = named.take("account_id", accounts.account, account_id)
    named.take("opportunity_id", opportunities.opportunity, opportunity_id, account_id=account_id)
    for position, order_id in enumerate(order_ids):
        named.take(f"order_ids.{position}", orders.order, order_id, account_id=account_id)
    named.check()
    return account


def require_span(starts_on: date | None, ends_on: date | None) -> None:
    """Raise Invalid (`ends_on`) when a term ends before it starts."""
    if starts_on and ends_on and ends_on < starts_on:
        raise errors.Invalid.one("ends_on", "before_start")


def _require_renewal(renewal: str | None, months: int | None, ends_on: date | None) -> None:
    needed = {"renewal_months": months, "ends_on": ends_on}
    missing = [FieldError(name, "needed_to_renew") for name, value in needed.items() if value is None]
    if renewal == "AUTOMATIC" and missing:
        raise errors.Invalid(*missing)


def require_currency(planned: Sequence[Milestone], currency: str) -> None:
    """Raise Invalid, naming each, for milestones with an amount in another currency."""
    wrong = [
        FieldError(f"milestones.{position}.amount", "currency_mismatch")
        for position, step in enumerate(planned)
        if step.amount and step.amount.currency != currency
    ]
    if wrong:
        raise errors.Invalid(*wrong)


def steps(asked: Sequence[Mapping[str, Any]]) -> list[Milestone]:
    """Return milestones as they were asked for, numbered from 1."""
    return [
        Milestone(number, each["name"], each["due_on"], each.get("amount"))
        for number, each in enumerate(asked, start=1)
    ]


def _kept(planned: Sequence[Milestone]) -> dict[str, Any]:
    return {
        "milestone_rows": [step.row() for step in planned],
        "fulfilment_status": fulfilment_status(planned),
    }
