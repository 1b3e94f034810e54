"""What a customer's credit lets an order do: with the reason when it does not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.core.attributes import plain
from chalicelib.core.money import Money
from chalicelib.sales.credit import service as credit
from chalicelib.sales.orders import service
from chalicelib.sales.orders.collecting import Instalment, Payment
from chalicelib.sales.orders.crediting import facts_of
from chalicelib.sales.orders.lines import Line
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, OPERATIONS, REP, Client
from tests.sales.credit.builders import decided, limit
from tests.sales.orders.builders import Shop, drafted, open_shop, paid


@pytest.fixture
def shop(tables: None) -> Shop:
    """A shop whose orders need no approval of their own up to 100,000.00 CNY."""
    service.set_policy(
        by=OPERATIONS,
        version=0,
        approval_limits=[Money(10_000_000, "CNY")],
        payment_days=30,
        number_prefix="SO",
    )
    return open_shop()


def presses(shop: Shop, number: int, **terms: Any) -> Order:
    """Return a draft for so many presses of 1,000.00 CNY."""
    return drafted(shop, lines=[{"product_id": shop.press_id, "quantity": number}], **terms)


def submitted(shop: Shop, number: int, **terms: Any) -> Order:
    return service.submit(presses(shop, number, **terms).id, by=REP)


def codes(blocked: pytest.ExceptionInfo[errors.Blocked]) -> list[str]:
    return [each.code for each in blocked.value.missing]


def why(order: Order) -> list[str]:
    return [reason["code"] for reason in order.approval_reasons]


def test_an_order_within_the_limit_asks_nobody(shop: Shop) -> None:
    decided(B=limit(300_000))

    order = submitted(shop, 3)

    assert (order.status, why(order)) == ("APPROVED", [])
    assert service.activate(order.id, by=REP).credit_held == 300_000


def test_an_order_beyond_the_limit_is_routed_with_the_reason_and_goes_through_when_approved(
    shop: Shop, client: Client
) -> None:
    decided(B=limit(300_000))
    service.activate(submitted(shop, 2).id, by=REP)

    order = submitted(shop, 2)
    shown = client.get(f"/orders/{order.id}", by=REP, headers={"Accept-Language": "en"}).json
    approved = service.approve(order.id, by=FINANCE)
    service.activate(order.id, by=REP)

    assert (order.status, why(order)) == ("IN_APPROVAL", ["credit_limit"])
    assert "1000.00 CNY is free" in shown["approval_reasons"][0]["message"]
    assert approved.credit_approved_by == FINANCE.id
    assert credit.standing(shop.account_id).free("CNY") == -100_000


def test_who_may_not_approve_credit_cannot_approve_an_order_that_needs_it(shop: Shop) -> None:
    decided(B=limit(100_000))
    order = submitted(shop, 2)
    clerk = Principal("api_key_1", Role.INTEGRATION, scopes=frozenset({"orders:approve"}))

    with pytest.raises(errors.Forbidden):
        service.approve(order.id, by=clerk)


def test_what_is_used_up_between_approval_and_activation_blocks_with_what_is_free(shop: Shop) -> None:
    decided(B=limit(300_000))
    first, second = submitted(shop, 2), submitted(shop, 2)
    service.activate(first.id, by=REP)

    with pytest.raises(errors.Blocked) as blocked:
        service.activate(second.id, by=REP)
    paid(first, 100_000)
    done = service.activate(second.id, by=REP)

    assert (codes(blocked), blocked.value.missing[0].values["free"]) == (
        ["credit_limit"],
        Money(100_000, "CNY"),
    )
    assert (done.status, credit.standing(shop.account_id).exposure("CNY")) == ("ACTIVATED", 300_000)


def test_an_order_that_is_withdrawn_loses_the_approval_of_its_credit(shop: Shop) -> None:
    decided(B=limit(100_000))
    order = service.approve(submitted(shop, 2).id, by=FINANCE)

    back = service.withdraw(order.id, by=REP)
    reasons = why(back)
    again = service.submit(back.id, by=REP)

    assert (reasons, why(again), again.status) == ([], ["credit_limit"], "IN_APPROVAL")
    assert "credit_approved_at" not in plain(again.serialize())


def test_nothing_is_sold_or_shipped_to_a_customer_who_is_stopped(shop: Shop) -> None:
    running, ready = service.activate(submitted(shop, 3).id, by=REP), submitted(shop, 1)
    credit.stop(shop.account_id, reason="Insolvent", version=None, by=FINANCE)

    refused: list[Callable[[], Order]] = [
        lambda: submitted(shop, 1),
        lambda: service.activate(ready.id, by=REP),
        lambda: service.ship(running.id, reference="s-1", by=REP),
    ]
    for act in refused:
        with pytest.raises(errors.Blocked) as blocked:
            act()
        assert (codes(blocked), blocked.value.missing[0].values) == (
            ["credit_stopped"],
            {"reason": "Insolvent"},
        )

    paid(running, 1_000)
    credit.lift(shop.account_id, version=None, by=FINANCE)
    assert service.ship(running.id, reference="s-1", by=REP).status == "SHIPPED"


def test_who_buys_for_cash_only_needs_no_approval_and_pays_before_anything_goes_out(shop: Shop) -> None:
    decided(B={"cash_only": True, **limit(0)})

    order = service.activate(submitted(shop, 1).id, by=REP)
    with pytest.raises(errors.Blocked) as blocked:
        service.ship(order.id, reference="s-1", by=REP)
    paid(order, 100_000)

    assert (order.cash_only, [part.due_on for part in order.payment_schedule]) == (True, [clock.today()])
    assert codes(blocked) == ["cash_first"]
    assert service.ship(order.id, reference="s-1", by=REP).status == "SHIPPED"


def test_time_to_pay_for_who_buys_for_cash_only_is_routed_and_given_when_approved(shop: Shop) -> None:
    decided(B={"cash_only": True})
    later = [{"due_on": clock.today() + timedelta(days=90), "amount": Money(100_000, "CNY")}]

    order = submitted(shop, 1, payment_schedule=later)
    service.approve(order.id, by=FINANCE)
    service.activate(order.id, by=REP)

    assert (order.status, why(order)) == ("IN_APPROVAL", ["credit_cash_only"])
    sent = service.ship(order.id, reference="s-1", by=REP)
    assert (sent.status, sent.payment_schedule[0].due_on) == ("SHIPPED", later[0]["due_on"])


def test_longer_terms_than_the_grade_gives_are_routed_and_are_never_the_default(shop: Shop) -> None:
    decided(B={"payment_days": 14})

    usual, longer = submitted(shop, 1), submitted(shop, 1, payment_days=30)

    assert (usual.payment_days, usual.status) == (14, "APPROVED")
    assert (longer.status, why(longer)) == ("IN_APPROVAL", ["credit_terms"])


FIRST = date(2026, 1, 1)
MINOR = st.integers(1, 500)
DAYS = st.integers(0, 120).map(lambda number: FIRST + timedelta(number))


def in_force(schedule: list[tuple[date, int]], payments: list[tuple[date, int]]) -> Order:
    """Return an order over what its instalments come to, with what came in."""
    total = sum(minor for _, minor in schedule)
    line = Line(1, None, "Care", 1, Money(total, "CNY"))
    due = [Instalment(day, Money(minor, "CNY")).row() for day, minor in schedule]
    paid = [
        Payment(str(n), day, Money(minor, "CNY"), "BANK").row() for n, (day, minor) in enumerate(payments)
    ]
    return Order(
        number="SO-1", account_id="account_1", currency="CNY", ordered_on=FIRST, payment_days=30,
        status="ACTIVATED", activated_on=FIRST, approved_at=clock.now(), submitted_at=clock.now(),
        line_rows=[line.row()], instalment_rows=due, payment_rows=paid,
    )  # fmt: skip


def recorded(order: Order) -> list[credit.Part]:
    return [credit.Part.of_row(row) for row in facts_of(order)["payment_record"]]


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def test_an_instalment_is_settled_on_the_day_its_last_cent_came_in() -> None:
    order = in_force([(on(10), 100), (on(40), 100)], [(on(8), 70), (on(12), 40), (on(50), 60)])

    first, second = recorded(order)

    assert (first, first.days_late) == (credit.Part(on(10), 100, 0, on(12)), 2)
    assert second == credit.Part(on(40), 100, 30)


def test_what_was_taken_back_never_came_in() -> None:
    order = in_force([(on(10), 100)], [(on(9), 100)])
    order.payment_rows[0]["taken_back_on"] = on(11).isoformat()

    assert recorded(order) == [credit.Part(on(10), 100, 100)]


@given(st.lists(st.tuples(DAYS, MINOR), min_size=1, max_size=6), st.lists(st.tuples(DAYS, MINOR), max_size=6))
def test_the_record_has_every_cent_that_is_owed_and_every_cent_that_is_open(
    schedule: list[tuple[date, int]], payments: list[tuple[date, int]]
) -> None:
    order = in_force(sorted(schedule), sorted(payments))

    parts = recorded(order)

    assert sum(part.amount for part in parts) == order.owed.minor
    assert sum(part.open for part in parts) == order.open.minor == facts_of(order)["credit_held"]
    assert all((part.settled_on is None) == (part.open > 0) for part in parts)


def test_an_order_that_costs_nothing_asks_for_no_credit(shop: Shop) -> None:
    decided(B=limit(0))
    line = {"name": "Gift", "quantity": 1, "unit_price": Money(0, "CNY")}
    gift = service.submit(drafted(shop, lines=[line]).id, by=REP)

    assert service.activate(gift.id, by=REP).status == "ACTIVATED"
