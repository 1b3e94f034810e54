"""What happens to a signed contract: change orders, renewal and notice, execution that slips."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import boards, clock, errors
from chalicelib.core.money import Money
from chalicelib.customers.activities import service as activities
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.deadlines import renewed_until
from chalicelib.sales.contracts.models import Contract
from tests.client import ADMIN, COLLEAGUE, FINANCE, MANAGER, REP, STRANGER
from tests.sales.contracts.builders import MORNING, a_customer, activated, drafted
from tests.streams import Stream, sweep

NEXT_YEAR = date(2027, 12, 31)


@pytest.fixture
def customer(tables: None) -> Iterator[str]:
    with clock.at(MORNING):
        yield a_customer()


def _on(day: str) -> datetime:
    return clock.start_of(date.fromisoformat(day))


def _now(contract: Contract) -> Contract:
    return service.contract(contract.id, who=ADMIN)


def _tasks() -> list[str]:
    """Rita's tasks, in her language."""
    found = activities.tasks(who=REP, owner_id=REP.id, limit=50).items
    return sorted(task.title for task in found)


def test_a_change_order_changes_the_contract_when_somebody_else_approves_it(customer: str) -> None:
    contract = activated(customer)
    extra = [{"name": "Spare parts", "due_on": date(2027, 1, 31), "amount": Money(300_000, "CNY")}]
    asked: dict[str, Any] = {"value": Money(1_500_000, "CNY"), "ends_on": NEXT_YEAR, "milestones": extra}

    order = service.propose(contract.id, reason="More", by=MANAGER, **asked)
    assert _now(contract).value == Money(1_200_000, "CNY")
    with pytest.raises(errors.Forbidden):
        service.approve_change(contract.id, "1", by=MANAGER)
    service.approve_change(contract.id, "1", by=ADMIN)

    changed = _now(contract)
    assert (changed.value, changed.ends_on) == (Money(1_500_000, "CNY"), NEXT_YEAR)
    assert [(step.number, step.name) for step in changed.milestones][2:] == [(3, "Spare parts")]
    [kept] = service.change_orders(contract.id, who=REP, limit=9).items
    assert (kept.id, kept.status, kept.decided_by) == (order.id, "APPROVED", ADMIN.id)
    value = {"minor": 1_200_000, "currency": "CNY"}
    assert kept.before == {"value": value, "ends_on": "2026-12-31", "tax": None}
    with pytest.raises(errors.Conflict, match="change_order_decided"):
        service.approve_change(contract.id, "1", by=ADMIN)


def test_a_refused_or_withdrawn_change_order_changes_nothing(customer: str) -> None:
    contract = activated(customer)
    for _ in range(2):
        service.propose(contract.id, reason="Longer", ends_on=NEXT_YEAR, by=REP)

    refused = service.reject_change(contract.id, "1", reason="No", by=MANAGER)
    withdrawn = service.withdraw_change(contract.id, "2", by=REP)

    assert (refused.status, refused.decision_note) == ("REJECTED", "No")
    assert withdrawn.status == "WITHDRAWN"
    assert _now(contract).ends_on == date(2026, 12, 31)
    with pytest.raises(errors.NotFound):
        service.withdraw_change(contract.id, "3", by=REP)


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({}, "value", "nothing_to_change"),
        ({"value": Money(1, "USD")}, "value", "currency_mismatch"),
        ({"tax": Money(1, "USD")}, "tax", "currency_mismatch"),
        ({"ends_on": date(2026, 2, 1)}, "ends_on", "before_start"),
        ({"milestones": [{"name": "x", "due_on": NEXT_YEAR}] * 49}, "milestones", "too_many_milestones"),
        ({"drop_milestones": [1, 1]}, "drop_milestones.1", "unknown_reference"),
        ({"drop_milestones": [3]}, "drop_milestones.0", "unknown_reference"),
        (
            {"billing_plan": [{"bill_on": NEXT_YEAR, "amount": Money(1, "USD")}]},
            "billing_plan.0.amount",
            "currency_mismatch",
        ),
    ],
)
def test_a_change_order_without_sense_names_the_field(
    customer: str, asked: dict[str, Any], field: str, code: str
) -> None:
    contract = activated(customer)

    with pytest.raises(errors.Invalid) as wrong:
        service.propose(contract.id, reason="x", by=REP, **asked)

    assert [(each.field, each.code) for each in wrong.value.errors] == [(field, code)]


def test_what_no_longer_fits_when_it_is_approved_is_not_applied(customer: str) -> None:
    contract = activated(customer)
    service.propose(contract.id, reason="Without", drop_milestones=[1], by=REP)
    many = [{"bill_on": NEXT_YEAR, "amount": Money(1, "CNY")}] * 61
    service.propose(contract.id, reason="Monthly", billing_plan=many, by=REP)
    service.fulfil(contract.id, number=1, by=REP)

    for number, code in (("1", "milestone_reached"), ("2", "too_many_instalments")):
        with pytest.raises(errors.Blocked) as blocked:
            service.approve_change(contract.id, number, by=MANAGER)
        assert [each.code for each in blocked.value.missing] == [code]


def test_what_its_orders_bill_has_no_plan(customer: str) -> None:
    contract = activated(customer, billed_by="ORDERS")
    plan = [{"bill_on": NEXT_YEAR, "amount": Money(1, "CNY")}]
    with pytest.raises(errors.Invalid):
        service.propose(contract.id, reason="x", billing_plan=plan, by=REP)


def test_a_value_below_its_milestones_is_not_approved(customer: str) -> None:
    contract = activated(customer)
    service.propose(contract.id, reason="Less", value=Money(1, "CNY"), by=REP)

    with pytest.raises(errors.Blocked):
        service.approve_change(contract.id, "1", by=MANAGER)
    assert _now(contract).value == Money(1_200_000, "CNY")


def test_what_is_not_signed_is_edited_and_not_amended(customer: str) -> None:
    with pytest.raises(errors.OutOfTurn):
        service.propose(drafted(customer).id, reason="x", ends_on=NEXT_YEAR, by=REP)


def test_a_contract_renews_by_itself_and_its_owner_hears_of_the_last_day_for_notice(customer: str) -> None:
    renewal: dict[str, Any] = {"renewal": "AUTOMATIC", "renewal_months": 12, "notice_days": 60}
    contract = activated(customer, **renewal, milestones=[], reminder_days=10)

    sweep(_on("2026-10-22"))  # ten days before the last day for notice, 1 November
    assert _tasks() == [f"合同 {contract.number}：2026-11-01 为最后通知日：{contract.title}"]
    sweep(_on("2026-12-21"))
    assert f"合同 {contract.number} 将于 2026-12-31 后自动续期：{contract.title}" in _tasks()
    sweep(_on("2027-01-01"))

    renewed = _now(contract)
    assert (renewed.status, renewed.ends_on, renewed.renewed) == ("ACTIVATED", NEXT_YEAR, 1)
    assert len(_tasks()) == 3
    sweep(_on("2027-10-22"))
    assert len(_tasks()) == 4


def test_after_notice_a_contract_ends_with_its_term(customer: str) -> None:
    contract = activated(customer, renewal="AUTOMATIC", renewal_months=1, notice_days=60, milestones=[])

    with clock.at(_on("2026-11-02")), pytest.raises(errors.Conflict, match="notice_too_late"):
        service.give_notice(contract.id, by=REP)
    with clock.at(_on("2026-11-01")):
        assert service.give_notice(contract.id, by=REP).notice_given_on == date(2026, 11, 1)
        with pytest.raises(errors.Conflict, match="notice_given"):
            service.give_notice(contract.id, by=REP)
    sweep(_on("2026-12-01"))
    assert _tasks() == [f"合同 {contract.number} 将于 2026-12-31 到期：{contract.title}"]
    sweep(_on("2027-01-01"))

    assert _now(contract).status == "EXPIRED"


def test_who_renews_says_for_how_long(customer: str) -> None:
    with pytest.raises(errors.Invalid) as wrong:
        drafted(customer, renewal="AUTOMATIC", ends_on=None)

    assert {each.field for each in wrong.value.errors} == {"renewal_months", "ends_on"}


@dataclass
class Term:
    """What of a contract its renewals follow from."""

    ends_on: date
    renewal_months: int
    term_day: int | None = None


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 36), st.integers(1, 3000))
def test_a_renewed_term_covers_the_day_and_no_term_is_skipped(ends_on: date, months: int, late: int) -> None:
    today = ends_on + timedelta(days=late)

    found: date = renewed_until(Term(ends_on, months), today)  # type: ignore[arg-type]

    assert today <= found <= today + timedelta(days=months * 31)
    assert (found.year * 12 + found.month - ends_on.year * 12 - ends_on.month) % months == 0
    assert (
        found.day == ends_on.day
        or found.day
        == (found.replace(day=28) + timedelta(days=4)).replace(day=1).toordinal()
        - found.replace(day=1).toordinal()
    )


def test_contracts_that_slip_are_listed_the_worst_first(customer: str) -> None:
    worst = activated(customer)
    little = activated(
        customer,
        milestones=[
            {"name": "Plan", "due_on": date(2026, 4, 1)},
            {"name": "End", "due_on": date(2026, 9, 1)},
        ],
    )
    activated(customer, milestones=[])
    sweep(_on("2026-04-02"))
    sweep(_on("2026-06-01"))

    for who, which in (
        (REP, {}),
        (MANAGER, {}),
        (FINANCE, {}),
        (MANAGER, {"owner_id": REP.id}),
    ):
        found = service.at_risk(who=who, limit=9, **which).items
        assert [(each.id, each.risk) for each in found] == [(worst.id, "HIGH"), (little.id, "MEDIUM")]
    assert service.at_risk(who=COLLEAGUE, limit=9).items == []
    with pytest.raises(errors.NotFound):
        service.at_risk(who=STRANGER, owner_id=REP.id, limit=9)

    service.fulfil(little.id, number=1, done_on=date(2026, 3, 1), by=REP)
    service.terminate(worst.id, reason="Too late", by=MANAGER)
    assert service.at_risk(who=FINANCE, limit=9).items == []


def test_fulfilment_and_risk_are_counted(customer: str, stream: Stream) -> None:
    contract = activated(customer)
    service.fulfil(contract.id, number=2, done_on=date(2026, 3, 1), by=REP)
    sweep(_on("2026-06-01"))
    stream.drain()

    one = {"count": 1, "value": 1_200_000}
    assert boards.read("contracts|risk") == {"HIGH|CNY": one}
    assert boards.read("contracts|fulfilment") == {"LAPSED|CNY": one}
    rows = boards.read("contracts|milestones")
    team = contract.team_id
    assert rows[f"2026-05|{team}|CNY"] == {
        "due": 1,
        "due_amount": 800_000,
        "overdue": 1,
        "overdue_amount": 800_000,
    }
    assert rows[f"2026-06|{team}|CNY"] == {"due": 1, "done": 1}

    service.terminate(contract.id, reason="Agreed", by=MANAGER)
    stream.drain()
    assert not any(any(row.values()) for row in boards.read("contracts|risk").values())
