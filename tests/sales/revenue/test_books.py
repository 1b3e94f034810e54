"""Orders and contracts in the books: what follows from each of their changes, once, and balanced."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.core import boards, clock, errors
from chalicelib.core.money import Money
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import owed, schedules, service, sources
from tests.client import FINANCE, MANAGER, NORTH, REP
from tests.sales.orders.builders import Shop, paid
from tests.sales.revenue.builders import (
    APRIL,
    CASH,
    DEFERRED,
    MORNING,
    RECEIVABLES,
    REVENUE,
    TAX,
    an_order,
    balances,
    entries_of,
    receivables_of,
    schedule_of,
    sweep_at,
)
from tests.streams import Stream


def test_an_order_in_force_is_owed_by_instalments_and_earned_as_it_goes_out(
    shop: Shop, stream: Stream
) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        stream.drain()
        first, second, third = receivables_of(order.id, count=3)
        planned = schedule_of(order.id)
        orders.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 4}], by=REP)
        stream.drain()

    assert (first.amount, first.billed_on, second.billed_on) == (
        Money(400_000, "CNY"),
        date(2026, 3, 1),
        date(2026, 3, 31),
    )
    assert (third.document, third.owner_id, third.team_id) == (f"{order.number}/3", REP.id, NORTH)
    assert (planned.value, planned.planned_sums) == (order.net, {"undated": 877_331})
    schedule = schedule_of(order.id)
    assert (schedule.recognised_sums, schedule.planned_sums) == ({"2026-03": 350_000}, {"undated": 527_331})
    assert balances(entries_of(order.id)) == {
        RECEIVABLES: 400_000,
        TAX: -46_018,
        DEFERRED: -353_982 + 350_000,
        REVENUE: -350_000,
    }


def test_told_again_late_or_twice_nothing_is_booked_twice(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = paid(an_order(shop), 500_000)
        stream.drain()
        before = [(entry.id, entry.version) for entry in entries_of(order.id)]
        version = schedule_of(order.id).version

        stream.deliver(list(reversed(stream.delivered)))
        stream.drain()

    assert [(entry.id, entry.version) for entry in entries_of(order.id)] == before
    assert schedule_of(order.id).version == version
    first, second, _ = receivables_of(order.id, count=3)
    assert (first.status, second.status, second.open) == ("PAID", "PARTLY_PAID", Money(300_000, "CNY"))


def test_what_was_taken_back_or_cancelled_leaves_the_books_even(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = paid(an_order(shop), 500_000)
        stream.drain()
        orders.take_back(order.id, reference="bank-1", reason="Mistake", by=FINANCE)
        orders.cancel(order.id, reason="Changed mind", by=REP)
        stream.drain()

    assert set(balances(entries_of(order.id)).values()) == {0}
    assert {each.status for each in receivables_of(order.id, count=3)} == {"CANCELLED"}
    schedule = schedule_of(order.id)
    assert (schedule.status, schedule.value, schedule.planned_sums) == ("ENDED", Money(0, "CNY"), {})
    assert boards.total(boards.read("receivables")) == {"due": 0, "paid": 0}


def test_a_bill_that_goes_out_later_is_booked_on_its_day(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        stream.drain()

    sweep_at(clock.start_of(date(2026, 3, 31)) + timedelta(minutes=1))

    assert balances(entries_of(order.id))[RECEIVABLES] == 800_000
    assert entries_of(order.id)[-1].posted_on == date(2026, 3, 31)


def test_another_day_to_pay_by_is_no_other_day_of_billing(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        stream.drain()
        before, day = entries_of(order.id), date(2026, 4, 29)
        orders.reschedule(order.id, instalment=1, due_on=day, reason="Fire in their works", by=FINANCE)
        stream.drain()

    first = receivables_of(order.id, count=1)[0]
    assert (first.due_on, first.billed_on) == (day, date(2026, 3, 1))
    assert [each.id for each in entries_of(order.id)] == [each.id for each in before]
    assert boards.read("ageing|owner")[f"2026-04|{REP.id}|CNY"] == {"open": 800_000}


def test_the_figures_follow_the_owner_and_what_is_paid(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = paid(an_order(shop), 500_000)
        stream.drain()
        orders.reassign(order.id, owner_id=MANAGER.id, by=MANAGER, version=None)
        stream.drain()

    rows = boards.read("revenue|owner")
    assert rows[f"2026-03|{MANAGER.id}|CNY"]["billed"] == 353_982
    assert not any(rows[f"2026-03|{REP.id}|CNY"].values())
    assert boards.read("ageing|owner")[f"2026-04|{MANAGER.id}|CNY"] == {"open": 300_000}
    assert boards.read("receivables")["2026-04|CNY"] == {"due": 400_000, "paid": 100_000}
    assert boards.top("debtors|CNY", limit=1) == [(shop.account_id, {"open": 491_384})]


def test_what_comes_back_is_earned_and_owed_no_more_and_a_refund_squares_the_customer(
    shop: Shop, stream: Stream
) -> None:
    fees = [{"name": "Fee", "quantity": 10, "unit_price": Money(100, "CNY"), "tax_bps": 1_000}]
    with clock.at(MORNING):
        order = paid(an_order(shop, lines=fees, payment_schedule=[]), 1_100)
        orders.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 6}], by=REP)
        stream.drain()
    with clock.at(APRIL):
        back = [{"number": 1, "quantity": 2}]
        orders.return_goods(order.id, reference="r-1", reason="Broken", lines=back, by=REP)
        orders.cancel(order.id, reason="Changed mind", by=REP)
        money: dict[str, Any] = {"amount": Money(660, "CNY"), "method": "BANK", "reason": "Back"}
        orders.refund(order.id, reference="b-1", by=FINANCE, **money)
        stream.drain()

    assert balances(entries_of(order.id)) == {
        RECEIVABLES: 0,
        CASH: 440,
        TAX: -40,
        DEFERRED: 0,
        REVENUE: -400,
    }
    schedule = schedule_of(order.id)
    assert (schedule.recognised_sums, schedule.value) == (
        {"2026-03": 600, "2026-04": -200},
        Money(400, "CNY"),
    )
    assert receivables_of(order.id, count=1)[0].amount == Money(440, "CNY")


def test_a_credit_note_takes_from_revenue_and_is_the_customers_credit(shop: Shop, stream: Stream) -> None:
    lines = [{"name": "Die", "quantity": 2, "unit_price": Money(500, "CNY"), "tax_bps": 1_000}]
    with clock.at(MORNING):
        terms: dict[str, Any] = {"account_id": shop.account_id, "currency": "CNY", "lines": lines}
        note = orders.issue_credit_note(reason="Found", by=MANAGER, **terms)
        stream.drain()

    [credit] = receivables_of(note.id, count=1)
    assert (credit.status, credit.credit, credit.open) == ("CREDIT", Money(1_100, "CNY"), Money(0, "CNY"))
    assert balances(entries_of(note.id)) == {RECEIVABLES: -1_100, TAX: 100, DEFERRED: 0, REVENUE: 1_000}


def test_what_does_not_fit_one_step_is_written_in_several_and_comes_to_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedules, "MOST_POSTINGS", 1)
    monkeypatch.setattr(owed, "MOST", 1)
    with clock.at(MORNING):
        order = paid(an_order(shop), 500_000)
        for number in (1, 2):
            lines = [{"number": number, "quantity": 2}]
            orders.ship(order.id, reference=f"s-{number}", lines=lines, by=REP)

        service.follow(order.id)

    assert balances(entries_of(order.id)) == {
        RECEIVABLES: -100_000,
        CASH: 500_000,
        TAX: -46_018,
        DEFERRED: -353_982 + 175_666,
        REVENUE: -175_666,
    }
    schedule = schedule_of(order.id)
    assert sum(schedule.recognised_sums.values()) + sum(schedule.planned_sums.values()) == 877_331
    assert [each.paid.minor for each in receivables_of(order.id, count=3)] == [400_000, 100_000, 0]


def test_who_read_the_order_before_others_wrote_comes_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        before = sources.source(order.id)
        paid(order, 500_000)
        service.follow(order.id)
        monkeypatch.setattr(schedules, "source", lambda _: before)

        with pytest.raises(errors.Stale):
            service.follow(order.id)

    assert receivables_of(order.id, count=1)[0].status == "PAID"
