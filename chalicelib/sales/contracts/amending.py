"""Change orders 变更: what was signed changes only by one that somebody else approves; all are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.core import clock, errors, ids
from chalicelib.core.access import Principal, Role
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.ownership import reached
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.contracts.billing_plan import MOST_INSTALMENTS, Instalment, planned
from chalicelib.sales.contracts.drafting import require_currency, require_span, steps
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.milestones import MOST_MILESTONES, Milestone, fulfilment_status
from chalicelib.sales.contracts.models import ChangeOrder, Contract
from chalicelib.sales.contracts.moves import note, require_within


def propose(
    contract_id: str,
    *,
    reason: str,
    by: Principal,
    version: int | None = None,
    value: Money | None = None,
    tax: Money | None = None,
    ends_on: date | None = None,
    milestones: Sequence[Mapping[str, Any]] = (),
    drop_milestones: Sequence[int] = (),
    billing_plan: Sequence[Mapping[str, Any]] | None = None,
) -> ChangeOrder:
    """Propose to change a signed contract's value, tax, end, milestones, or what is billed when.

    Invalid, naming the field, for another currency, an end before the start, too many milestones,
    one to drop that is not there or was reached, a plan for what orders bill, a value whose tax does
    not follow from it, or nothing to change.
    """
    contract = _ready("propose", contract_id, by=by, version=version)
    added, currency = steps(milestones), contract.value.currency
    plan = None if billing_plan is None else planned(billing_plan, currency)
    if not (value or tax or ends_on or added or drop_milestones or plan is not None):
        raise errors.Invalid.one("value", "nothing_to_change")
    _require_sense(contract, value=value, tax=tax, ends_on=ends_on, added=added, dropped=drop_milestones)
    if plan and contract.billed_by == "ORDERS":
        raise errors.Invalid.one("billing_plan", "orders_bill")
    number = contract.amended + 1
    order = ChangeOrder(
        ids.derived("change_order", contract.id, str(number)),
        contract_id=contract.id,
        place=f"change_order|{number:06d}",
        number=number,
        reason=reason,
        value=value,
        tax=tax,
        ends_on=ends_on,
        milestone_rows=[each.row() for each in added],
        drop_milestones=list(drop_milestones),
        instalment_rows=None if plan is None else [each.row() for each in plan],
        currency=currency,
        proposed_by=by.id,
    )
    step = Step(by=by.id)
    step.create(order)
    step.change(contract, amended=number)
    step.commit()
    return order


def approve_change(
    contract_id: str, number: str, *, by: Principal, version: int | None = None
) -> ChangeOrder:
    """Approve a change order: the contract changes with it, in one step.

    Forbidden to who proposed it, administrators aside. Blocked when the milestones then come to
    more than the value. Conflict when it was decided before.
    """
    contract = _ready("amend", contract_id, by=by)
    order = _open(contract, number, version=version)
    if order.proposed_by == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    before = {"value": contract.value, "ends_on": contract.ends_on, "tax": contract.tax}
    facts = _applied(contract, order)
    step = Step(by=by.id)
    step.change(order, status="APPROVED", decided_by=by.id, decided_at=clock.now(), before=before)
    note(step, contract, "amend", status=contract.status, **facts)
    step.commit()
    return order


def reject_change(
    contract_id: str, number: str, *, reason: str, by: Principal, version: int | None = None
) -> ChangeOrder:
    """Refuse a change order; the contract stays as it is."""
    contract = _ready("amend", contract_id, by=by)
    order = _open(contract, number, version=version)
    facts = {"status": "REJECTED", "decided_by": by.id, "decided_at": clock.now(), "decision_note": reason}
    change(order, by=by.id, **facts)
    return order


def withdraw_change(
    contract_id: str, number: str, *, by: Principal, version: int | None = None
) -> ChangeOrder:
    """Take back a proposed change order."""
    contract = _ready("propose", contract_id, by=by)
    order = _open(contract, number, version=version)
    change(order, by=by.id, status="WITHDRAWN", decided_by=by.id, decided_at=clock.now())
    return order


def change_orders(contract_id: str, *, who: Principal, **paging: Any) -> Page[ChangeOrder]:
    """Return a contract's change orders, newest first."""
    contract = reached(Contract, contract_id, who=who)
    places = ChangeOrder.place.startswith("change_order|")
    return page(ChangeOrder.by_contract.query, contract.id, between=places, **paging)


def _ready(verb: str, contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    CONTRACT.require(verb, contract.status, by=by)
    return contract


def _open(contract: Contract, number: str, *, version: int | None) -> ChangeOrder:
    order = ChangeOrder.fetch(ids.derived("change_order", contract.id, number))
    expect(order, version)
    if order.status != "PROPOSED":
        raise errors.Conflict("change_order_decided", decision=order.status)
    return order


def _require_sense(
    contract: Contract,
    *,
    value: Money | None,
    tax: Money | None,
    ends_on: date | None,
    added: Sequence[Milestone],
    dropped: Sequence[int],
) -> None:
    if value and value.currency != contract.value.currency:
        raise errors.Invalid.one("value", "currency_mismatch")
    require_currency(added, contract.value.currency, tax=tax)
    if value and not tax and not _follows(contract, value):
        raise errors.Invalid.one("tax", "tax_to_say")
    require_span(contract.starts_on, ends_on)
    open_now = {step.number for step in contract.milestones if step.done_on is None}
    wrong = [
        FieldError(f"drop_milestones.{place}", "unknown_reference")
        for place, number in enumerate(dropped)
        if number not in open_now or number in dropped[:place]
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    if len(contract.milestones) + len(added) - len(dropped) > MOST_MILESTONES:
        raise errors.Invalid.one("milestones", "too_many_milestones", most=MOST_MILESTONES)


def _applied(contract: Contract, order: ChangeOrder) -> dict[str, Any]:
    """Return what a contract becomes. Blocked when that does not fit together (any more)."""
    milestones, plan = _milestones(contract, order), _plan(contract, order, clock.today())
    proposed: Money | None = order.value
    said: Money | None = order.tax
    value: Money = proposed or contract.value
    require_within(milestones, plan, value)
    require_span(contract.starts_on, order.ends_on, refusal=errors.Blocked)
    facts: dict[str, Any] = {
        "value": value,
        "tax": said or _tax(contract, value),
        "milestone_rows": [each.row() for each in milestones],
        "last_milestone": _last(contract.last_milestone, [*contract.milestones, *milestones]),
        "instalment_rows": [each.row() for each in plan],
        "last_instalment": _last(contract.last_instalment, [*contract.billing_plan, *plan]),
        "fulfilment_status": fulfilment_status(milestones),
    }
    if order.ends_on not in (None, contract.ends_on):
        # Whoever was told of the old end is to be told of the new one.
        facts |= {"ends_on": order.ends_on, "reminded_on": None, "notice_reminded_on": None, "term_day": None}
    return facts


def _milestones(contract: Contract, order: ChangeOrder) -> list[Milestone]:
    if any(step.done_on for step in contract.milestones if step.number in order.drop_milestones):
        raise errors.Blocked(FieldError("drop_milestones", "milestone_reached"))
    stay = [step for step in contract.milestones if step.number not in order.drop_milestones]
    last = _last(contract.last_milestone, contract.milestones)
    added = [replace(each, number=each.number + last) for each in order.milestones]
    if len(stay) + len(added) > MOST_MILESTONES:
        raise errors.Blocked(FieldError("milestones", "too_many_milestones", {"most": MOST_MILESTONES}))
    return [*stay, *added]


def _plan(contract: Contract, order: ChangeOrder, today: date) -> list[Instalment]:
    """Return the plan: what of it is billed by now, and, instead of the rest, what the order brings."""
    if order.billing_plan is None:
        return contract.billing_plan
    activated_on: date | None = contract.activated_on
    since = activated_on and max(contract.starts_on, activated_on)
    billed = [part for part in contract.billing_plan if since and max(part.bill_on, since) <= today]
    last = _last(contract.last_instalment, contract.billing_plan)
    added = [replace(part, number=part.number + last) for part in order.billing_plan]
    if len(billed) + len(added) > MOST_INSTALMENTS:
        most = {"most": MOST_INSTALMENTS}
        raise errors.Blocked(FieldError("billing_plan", "too_many_instalments", most))
    return [*billed, *added]


def _last(given: int, numbered: Sequence[Milestone] | Sequence[Instalment]) -> int:
    """Return the highest number that was ever `given`, or is: books and tasks know what they name by it."""
    return max(given, *(each.number for each in numbered), 0)


def _tax(contract: Contract, value: Money) -> Money | None:
    """Return the tax on another value: in proportion, rounded half up. Blocked when it has to be said."""
    if not _follows(contract, value):
        raise errors.Blocked(FieldError("tax", "tax_to_say"))
    tax, before = contract.tax_on_top.minor, contract.value.minor
    if not (tax and before):
        return contract.tax
    return Money((2 * tax * value.minor + before) // (2 * before), value.currency)


def _follows(contract: Contract, value: Money) -> bool:
    """Whether the tax on another value follows from that of today: of nothing nothing follows."""
    tax: Money | None = contract.tax
    return tax is None or contract.value.minor > 0 or value.minor == 0
