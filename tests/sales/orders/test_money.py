"""Money of an order: instalments and what settles them, what is too much, and what is paid back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, REP
from tests.sales.orders.builders import Shop, activated, paid, shipped

FEES: list[dict[str, Any]] = [{"name": "Fee", "quantity": 10, "unit_price": Money(100, "CNY")}]


def owing(shop: Shop) -> Order:
    """Rita's order over 1,000 fen: 400 due in January, 600 in February."""
    parts = [(date(2027, 1, 31), 400), (date(2027, 2, 28), 600)]
    schedule = [{"due_on": day, "amount": Money(minor, "CNY")} for day, minor in parts]
    return activated(shop, lines=FEES, payment_schedule=schedule)


def standing(order: Order, *, on: date = date(2027, 1, 1)) -> list[tuple[int, str]]:
    """What is paid of each instalment, and how it stands on a day."""
    with clock.at(datetime(on.year, on.month, on.day, 4, tzinfo=UTC)):
        return [(part.paid.minor, part.status) for part in order.payment_schedule]


def refunded(order: Order, minor: int, reference: str = "back-1") -> Order:
    amount = Money(minor, "CNY")
    return service.refund(
        order.id, reference=reference, amount=amount, method="BANK", reason="Too much", by=FINANCE
    )


def kept(order: Order, minor: int, reference: str = "bank-1", **details: Any) -> Order:
    asked: dict[str, Any] = {"amount": Money(minor, "CNY"), "method": "BANK", "keep_excess": True}
    return service.pay(order.id, reference=reference, by=FINANCE, **asked, **details)


def test_too_little_settles_the_oldest_instalment_in_part(shop: Shop) -> None:
    order = paid(owing(shop), 399)
    assert standing(order) == [(399, "PARTLY_PAID"), (0, "OPEN")]
    assert standing(order, on=date(2027, 2, 1)) == [(399, "OVERDUE"), (0, "OPEN")]

    order = paid(order, 2, "bank-2")

    assert standing(order, on=date(2027, 2, 1)) == [(400, "PAID"), (1, "PARTLY_PAID")]
    assert [[(part.instalment, part.amount.minor) for part in each.settles] for each in order.payments] == [
        [(1, 399)],
        [(1, 1), (2, 1)],
    ]


def test_a_payment_for_an_instalment_settles_that_one_first(shop: Shop) -> None:
    order = owing(shop)
    amount = Money(700, "CNY")
    order = service.pay(order.id, reference="b", amount=amount, method="BANK", instalment=2, by=FINANCE)

    assert standing(order) == [(100, "PARTLY_PAID"), (600, "PAID")]
    with pytest.raises(errors.Invalid) as refused:
        service.pay(order.id, reference="c", amount=Money(1, "CNY"), method="BANK", instalment=3, by=FINANCE)
    assert refused.value.errors[0].code == "no_instalment"


def test_what_is_too_much_is_refused_unless_it_is_to_be_kept_for_the_customer(shop: Shop) -> None:
    order = owing(shop)
    with pytest.raises(errors.Invalid) as refused:
        paid(order, 1_001)
    assert refused.value.errors[0].code == "more_than_owed"

    order = kept(order, 1_001)

    assert (order.payment_status, order.open.minor, order.credit.minor) == ("OVERPAID", 0, 1)
    assert order.payments[0].unapplied == Money(1, "CNY")


def test_only_what_settles_nothing_is_paid_back(shop: Shop) -> None:
    order = kept(owing(shop), 1_050)
    with pytest.raises(errors.Invalid) as refused:
        refunded(order, 51)
    assert refused.value.errors[0].values["credit"] == Money(50, "CNY")
    with pytest.raises(errors.Forbidden):
        service.refund(order.id, reference="x", amount=Money(1, "CNY"), method="BANK", reason="Mine", by=REP)

    order = refunded(order, 50)

    assert (order.payment_status, order.paid.minor, order.refunded.minor) == ("PAID", 1_000, 50)
    assert refunded(order, 50).version == order.version
    with pytest.raises(errors.Conflict):
        refunded(order, 49)


def test_what_was_paid_back_cannot_be_taken_back_as_a_mistake(shop: Shop) -> None:
    order = refunded(kept(owing(shop), 1_050), 50)

    with pytest.raises(errors.Blocked) as refused:
        service.take_back(order.id, reference="bank-1", reason="Mistake", by=FINANCE)

    assert refused.value.missing[0].code == "money_refunded"


def test_a_return_lowers_what_is_owed_from_the_last_instalment_on(shop: Shop) -> None:
    order = paid(owing(shop), 700)
    service.ship(order.id, reference="s-1", by=REP)

    order = service.return_goods(
        order.id, reference="r-1", reason="Broken", lines=[{"number": 1, "quantity": 7}], by=REP
    )

    assert (order.owed.minor, order.credit.minor, order.returns[0].amount.minor) == (300, 400, 700)
    assert standing(order) == [(300, "PAID"), (0, "DROPPED")]
    order = refunded(order, 400)
    assert (order.payment_status, order.paid.minor) == ("PAID", 300)


def test_all_that_came_back_and_was_refunded_leaves_nothing(shop: Shop) -> None:
    order = paid(shipped(shop, lines=FEES), 1_000)
    order = service.return_goods(order.id, reference="r-1", reason="Broken", by=REP)

    order = refunded(order, 1_000)

    assert (order.payment_status, order.owed.minor, order.paid.minor) == ("REFUNDED", 0, 0)
    assert order.status == "SHIPPED"
