"""Contracts in the books: billed as agreed, earned as reached, paid, amended, and always even."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core import boards, clock, errors
from chalicelib.core.money import Money
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.revenue import service
from tests.client import FINANCE, MANAGER, REP
from tests.sales.orders.builders import Shop
from tests.sales.revenue.builders import (
    APRIL,
    CASH,
    DEFERRED,
    MORNING,
    RECEIVABLES,
    REVENUE,
    TAX,
    a_contract,
    an_order,
    balances,
    entries_of,
    receivables_of,
    schedule_of,
    sweep_at,
)
from tests.streams import Stream


def test_a_contract_is_earned_by_milestones_and_a_change_moves_only_what_is_to_come(
    shop: Shop, stream: Stream
) -> None:
    with clock.at(MORNING):
        contract = a_contract(shop.account_id)
        stream.drain()
    with clock.at(APRIL):
        contracts.fulfil(contract.id, number=1, by=REP)
        stream.drain()
        contracts.propose(contract.id, reason="More", value=Money(1_500_000, "CNY"), by=REP)
        contracts.approve_change(contract.id, "1", by=MANAGER)
        stream.drain()

    schedule = schedule_of(contract.id)
    assert (schedule.method, schedule.value) == ("MILESTONE", Money(1_500_000, "CNY"))
    assert (schedule.recognised_sums, schedule.planned_sums) == ({"2026-04": 800_000}, {"2026-06": 700_000})
    rest, step, more = receivables_of(contract.id, count=3)
    assert [each.amount.minor for each in (rest, step, more)] == [400_000, 800_000, 300_000]
    assert balances(entries_of(contract.id)) == {
        RECEIVABLES: 1_500_000,
        DEFERRED: -700_000,
        REVENUE: -800_000,
    }


def test_a_contract_without_milestones_is_earned_month_by_month_until_it_is_terminated(
    shop: Shop, stream: Stream
) -> None:
    terms: dict[str, Any] = {"milestones": [], "starts_on": date(2026, 3, 1), "ends_on": date(2027, 2, 28)}
    with clock.at(MORNING):
        contract = a_contract(shop.account_id, value=Money(3_650_000, "CNY"), **terms)
        stream.drain()
    sweep_at(clock.start_of(date(2026, 4, 1)))
    stream.drain()
    assert schedule_of(contract.id).recognised_sums == {"2026-03": 310_000}

    with clock.at(APRIL + timedelta(days=9)):
        contracts.terminate(contract.id, reason="Moved away", by=MANAGER)
        stream.drain()

    schedule = schedule_of(contract.id)
    assert (schedule.status, schedule.value) == ("ENDED", Money(410_000, "CNY"))
    assert (schedule.recognised_sums, schedule.planned_sums) == ({"2026-03": 310_000, "2026-04": 100_000}, {})
    assert balances(entries_of(contract.id)) == {RECEIVABLES: 410_000, DEFERRED: 0, REVENUE: -410_000}
    assert receivables_of(contract.id, count=1)[0].amount == Money(410_000, "CNY")


def test_a_contract_is_billed_with_its_tax_on_the_days_of_its_plan(shop: Shop, stream: Stream) -> None:
    plan = [
        {"bill_on": date(2026, 5, 1), "amount": Money(300_001, "CNY")},
        {"bill_on": date(2026, 2, 1), "amount": Money(1, "CNY")},
    ]
    with clock.at(MORNING):
        terms: dict[str, Any] = {"tax": Money(156_000, "CNY"), "billing_plan": plan, "milestones": []}
        contract = a_contract(shop.account_id, **terms)
        stream.drain()
    early, later, rest = receivables_of(contract.id, count=3)

    # What no instalment names is billed on the first day; an instalment from before it, then too.
    assert [each.billed_on for each in (early, rest, later)] == [*[date(2026, 3, 1)] * 2, date(2026, 5, 1)]
    assert early.amount.minor + later.amount.minor + rest.amount.minor == 1_356_000
    assert rest.amount == Money(1_016_998, "CNY")
    for month in (4, 5):
        sweep_at(clock.start_of(date(2026, month, 1)))
    booked = balances([each for each in entries_of(contract.id) if each.type == "BILLING"])
    assert booked == {RECEIVABLES: 1_356_000, DEFERRED: -1_200_000, TAX: -156_000}
    with clock.at(MORNING):
        amount, to = Money(1_016_999, "CNY"), service.schedule_id(contract.id)
        service.pay(to, reference="TT-1", amount=amount, method="BANK", by=FINANCE)
    assert [each.paid.minor for each in receivables_of(contract.id, count=3)] == [1, 0, 1_016_998]


def test_what_is_paid_too_much_for_a_contract_is_its_customers_and_may_go_back(
    shop: Shop, stream: Stream
) -> None:
    with clock.at(MORNING):
        contract = a_contract(shop.account_id)  # 4,000.00 CNY on the first day, 8,000.00 by milestone
        stream.drain()
        to = service.schedule_id(contract.id)
        told: dict[str, Any] = {"amount": Money(500_000, "CNY"), "method": "BANK", "by": FINANCE}
        with pytest.raises(errors.Invalid):
            service.pay(to, reference="TT-1", **told)
        paid_in = service.pay(to, reference="TT-1", keep_excess=True, **told)
        assert (paid_in.open, paid_in.credit) == (Money(0, "CNY"), Money(100_000, "CNY"))
        back: dict[str, Any] = {**told, "amount": Money(60_000, "CNY"), "reason": "Twice"}
        for _ in range(2):
            given_back = service.refund(to, reference="RF-1", **back)
        with pytest.raises(errors.Invalid):
            service.refund(to, reference="RF-2", **back)
        with pytest.raises(errors.Conflict, match="reference_taken"):
            service.refund(to, reference="RF-1", **{**back, "reason": "Other"})
        with pytest.raises(errors.Blocked):
            service.take_back(to, reference="TT-1", reason="Typo", by=FINANCE)

    assert given_back.credit == Money(40_000, "CNY")
    assert balances(entries_of(contract.id))[CASH] == 440_000
    with clock.at(APRIL):
        # What is billed next is settled by what is left of it.
        contracts.fulfil(contract.id, number=1, by=REP)
        stream.drain()
    step = receivables_of(contract.id, count=2)[1]
    assert (step.amount.minor, step.paid.minor, schedule_of(contract.id).credit) == (
        800_000,
        40_000,
        Money(0, "CNY"),
    )


def test_a_change_order_brings_its_own_milestones_and_days_of_billing(shop: Shop, stream: Stream) -> None:
    days = (date(2026, 3, 1), date(2026, 9, 1))
    plan = [{"bill_on": day, "amount": Money(200_000, "CNY")} for day in days]
    with clock.at(MORNING):
        contract = a_contract(shop.account_id, billing_plan=plan, tax=Money(120_000, "CNY"))
        stream.drain()
    with clock.at(APRIL):
        brought: dict[str, Any] = {
            "value": Money(1_500_000, "CNY"),
            "drop_milestones": [2],
            "milestones": [{"name": "Training", "due_on": days[1], "amount": Money(100_000, "CNY")}],
            "billing_plan": [
                {"bill_on": date(2026, 10, 1), "amount": Money(300_000, "CNY")},
                {"bill_on": date(2026, 6, 1), "amount": Money(100_000, "CNY")},
            ],
        }
        contracts.propose(contract.id, reason="More", by=REP, **brought)
        contracts.approve_change(contract.id, "1", by=MANAGER)
        stream.drain()

    changed = contracts.contract(contract.id, who=REP)
    assert changed.tax == Money(150_000, "CNY")
    assert [(part.number, part.bill_on.month) for part in changed.billing_plan] == [(1, 3), (3, 6), (4, 10)]
    assert [step.number for step in changed.milestones] == [1, 3]
    billed = {(each.billed_on, each.amount.minor) for each in receivables_of(contract.id, count=4)}
    assert billed == {
        (date(2026, 3, 1), 220_000),
        (date(2026, 9, 1), 0),
        (date(2026, 6, 1), 110_000),
        (date(2026, 10, 1), 330_000),
    }
    with clock.at(APRIL):
        for number in (1, 3):
            contracts.fulfil(contract.id, number=number, by=REP)
        stream.drain()
    receivables = receivables_of(contract.id, count=6)
    assert sum(each.amount.minor for each in receivables) == 1_650_000
    assert schedule_of(contract.id).recognised_sums == {"2026-04": 1_500_000}


def test_a_contract_that_names_its_orders_is_accounted_for_by_them(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        contract = a_contract(shop.account_id, order_ids=[order.id])
        stream.drain()

    assert service.follow(contract.id) is None
    assert boards.total(boards.read("revenue|team"))["planned"] == order.net.minor
