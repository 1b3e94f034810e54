"""The life of a contract, verb by verb and by itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core import clock, errors, guards
from chalicelib.core.money import Money
from chalicelib.customers.activities import service as activities
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.orders import service as orders
from tests.client import FINANCE, MANAGER, REP, STRANGER
from tests.sales.contracts.builders import MORNING, a_customer, activated, drafted, signed
from tests.streams import sweep


@pytest.fixture
def customer(tables: None) -> Iterator[str]:
    with clock.at(MORNING):
        yield a_customer()


def _now(contract: Contract) -> Contract:
    return service.contract(contract.id, who=REP)


def _begin(day: date) -> None:
    """Let the schedule run in the first minute of a day, as it did in the minute before."""
    midnight = clock.start_of(day)
    guards.remember("due|swept", {"at": clock.iso(midnight - timedelta(minutes=1))})
    sweep(midnight)


def _tasks() -> list[str]:
    return [task.title for task in activities.tasks(who=REP, limit=50).items]


def test_a_contract_goes_from_draft_to_in_force(customer: str) -> None:
    contract = drafted(customer)
    assert (contract.status, contract.fulfilment_status) == ("DRAFT", "UNFULFILLED")
    assert contract.number.startswith("CT-2026-")

    contract = activated(customer)

    assert (contract.status, contract.approved_by) == ("ACTIVATED", MANAGER.id)
    assert (contract.signed_by, contract.signed_on) == ("Wang Li 王丽", date(2026, 3, 2))
    assert contract.due_minute == "2026-05-31T16:00"  # the first of June begins in Shanghai


def test_nobody_approves_what_they_handed_in(customer: str) -> None:
    contract = service.submit(drafted(customer).id, by=MANAGER)

    for who in (MANAGER, FINANCE):
        with pytest.raises(errors.Forbidden):
            service.approve(contract.id, by=who)


def test_milestones_do_not_come_to_more_than_the_value(customer: str) -> None:
    contract = drafted(customer, value=Money(799_999, "CNY"))

    with pytest.raises(errors.Blocked) as refused:
        service.submit(contract.id, by=REP)

    assert refused.value.missing[0].code == "more_than_value"


def test_what_was_approved_changes_only_through_a_new_approval(customer: str) -> None:
    contract = service.submit(drafted(customer).id, by=REP)
    service.approve(contract.id, by=MANAGER)
    with pytest.raises(errors.OutOfTurn):
        service.edit(contract.id, by=REP, version=None, value=Money(1, "CNY"))

    contract = service.revise(contract.id, by=REP)
    assert contract.status == "DRAFT"
    assert not contract.approved_by
    contract = service.edit(contract.id, by=REP, version=None, value=Money(900_000, "CNY"))

    assert contract.value == Money(900_000, "CNY")
    assert service.submit(contract.id, by=REP).status == "IN_APPROVAL"


def test_a_rejected_contract_says_why_and_can_be_revised(customer: str) -> None:
    contract = service.submit(drafted(customer).id, by=REP)
    contract = service.reject(contract.id, reason="No liability cap", by=MANAGER)
    assert (contract.status, contract.rejection_reason) == ("REJECTED", "No liability cap")

    assert service.revise(contract.id, by=REP).status == "DRAFT"


def test_a_declined_signature_leads_back_to_the_table(customer: str) -> None:
    contract = service.submit(drafted(customer).id, by=REP)
    service.approve(contract.id, by=MANAGER)
    service.send(contract.id, by=REP)

    contract = service.decline(contract.id, reason="Price", by=REP)
    assert (contract.status, contract.decline_reason) == ("SIGNATURE_DECLINED", "Price")
    service.negotiate(contract.id, by=REP)

    assert service.send(contract.id, by=REP).status == "AWAITING_SIGNATURE"


def test_a_signed_contract_is_terminated_not_cancelled(customer: str) -> None:
    contract = signed(customer)
    with pytest.raises(errors.OutOfTurn) as refused:
        service.cancel(contract.id, reason="No", by=MANAGER)
    assert refused.value.possible == ["keep", "activate", "call_off", "propose", "amend", "terminate"]
    with pytest.raises(errors.Forbidden):
        service.terminate(contract.id, reason="No", by=REP)

    contract = service.terminate(contract.id, reason="Insolvency", by=MANAGER)

    assert (contract.status, contract.end_reason) == ("TERMINATED", "Insolvency")
    assert not contract.due_minute


def test_the_reminder_may_move_while_the_contract_stands(customer: str) -> None:
    contract = activated(customer, milestones=[])

    contract = service.edit(contract.id, by=REP, version=None, reminder_days=60)

    assert contract.due_minute == "2026-10-31T16:00"
    with pytest.raises(errors.OutOfTurn):
        service.edit(contract.id, by=REP, version=None, reminder_days=60, title="Other")


def test_references_dates_and_currencies_are_checked(customer: str) -> None:
    foreign = [{"name": "Delivery", "due_on": date(2026, 5, 31), "amount": Money(1, "USD")}]
    with pytest.raises(errors.Invalid) as refused:
        drafted(customer, milestones=foreign)
    assert refused.value.errors[0].field == "milestones.0.amount"
    with pytest.raises(errors.Invalid):
        drafted(customer, ends_on=date(2026, 2, 28))
    with pytest.raises(errors.Invalid) as missing:
        drafted(customer, order_ids=["order_00000000000000000000000000"])
    assert missing.value.errors[0].field == "order_ids.0"

    contract = drafted(customer)
    with pytest.raises(errors.Invalid):
        service.edit(contract.id, by=REP, version=None, value=Money(1, "USD"))
    with pytest.raises(errors.Invalid):
        service.edit(contract.id, by=REP, version=None, starts_on=date(2027, 1, 1))


def test_a_contract_names_the_orders_it_covers(customer: str) -> None:
    order = orders.draft(by=REP, account_id=customer, currency="CNY")

    assert drafted(customer, order_ids=[order.id]).order_ids == [order.id]


def test_a_milestone_is_reached_once_with_its_evidence(customer: str) -> None:
    contract = activated(customer)

    contract = service.fulfil(contract.id, number=1, evidence="Note 7", by=REP)
    assert (contract.fulfilment_status, contract.milestones[0].evidence) == ("PARTLY_FULFILLED", "Note 7")
    with pytest.raises(errors.Conflict):
        service.fulfil(contract.id, number=1, by=REP)
    with pytest.raises(errors.Invalid):
        service.fulfil(contract.id, number=3, by=REP)

    assert service.fulfil(contract.id, number=2, by=REP).fulfilment_status == "FULFILLED"


def test_somebody_elses_contract_is_not_there(customer: str) -> None:
    contract = drafted(customer)

    for act in (service.submit, service.withdraw, service.activate):
        with pytest.raises(errors.NotFound):
            act(contract.id, by=STRANGER)


def test_an_overdue_milestone_is_marked_and_its_owner_gets_a_task(customer: str) -> None:
    contract = activated(customer)

    _begin(date(2026, 5, 31))
    assert _now(contract).fulfilment_status == "UNFULFILLED"
    _begin(date(2026, 6, 1))
    _begin(date(2026, 6, 1))

    late = _now(contract)
    assert (late.fulfilment_status, [step.overdue for step in late.milestones]) == ("LAPSED", [True, False])
    assert _tasks() == [f"合同 {contract.number}：“Delivery 交付”已于 2026-05-31 逾期"]

    with clock.at(clock.start_of(date(2026, 6, 2))):
        late = service.fulfil(contract.id, number=1, by=REP)
    assert (late.fulfilment_status, late.milestones[0].overdue) == ("PARTLY_FULFILLED", False)


def test_the_owner_is_reminded_before_the_end_and_the_contract_runs_out(customer: str) -> None:
    contract = activated(customer, milestones=[])

    _begin(date(2026, 11, 30))
    assert _tasks() == []
    _begin(date(2026, 12, 1))
    _begin(date(2026, 12, 1))
    assert len(_tasks()) == 1
    assert _now(contract).reminded_on == date(2026, 12, 1)

    _begin(date(2026, 12, 31))
    assert _now(contract).status == "ACTIVATED"
    _begin(date(2027, 1, 1))
    over = _now(contract)
    assert (over.status, over.ended_on) == ("EXPIRED", date(2026, 12, 31))
    assert not over.due_minute


def test_a_contract_that_is_activated_late_is_reminded_of_at_once(customer: str) -> None:
    contract = activated(customer, milestones=[], ends_on=date(2026, 3, 10))

    assert contract.due_minute == clock.iso(MORNING)[:16]
    sweep(MORNING)

    assert _now(contract).reminded_on == date(2026, 3, 2)
    assert len(_tasks()) == 1


def test_a_contract_that_ended_otherwise_is_left_alone(customer: str) -> None:
    contract = activated(customer)
    seen: Any = _now(contract)
    service.terminate(contract.id, reason="Insolvency", by=MANAGER)

    with pytest.raises(errors.Stale), clock.at(clock.start_of(date(2027, 1, 1))):
        service.look_after(seen)

    assert _now(contract).status == "TERMINATED"
