"""What customers owe, counted anew: spoilt sums, orders from before there was credit, orders that move."""

from typing import Any

import pytest

from chalicelib import house
from chalicelib.core.table import client as dynamodb
from chalicelib.sales.credit import service as credit
from chalicelib.sales.credit.models import CreditProfile, profile_id
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from chalicelib.sales.revenue import recounting
from chalicelib.sales.revenue import service as revenue
from chalicelib.sales.revenue.models import Receivable, RevenueSchedule
from chalicelib.sales.revenue.service import schedule_id
from infra.recount import recount
from tests.client import REP
from tests.sales.orders.builders import Shop, activated, paid
from tests.streams import Stream

FINE = {"misstated": 0, "wrong": 0, "repaired": 0, "drift": 0}


def owed(shop: Shop) -> int:
    return credit.standing(shop.account_id).exposure("CNY")


def spoil(shop: Shop, minor: int | None) -> None:
    """Have the account owe something else; None: have it no profile."""
    key = {"id": {"S": profile_id(shop.account_id)}}
    table = CreditProfile.Meta.table_name
    if minor is None:
        dynamodb().delete_item(TableName=table, Key=key)
    else:
        wrong: dict[str, Any] = {":e": {"M": {"CNY": {"N": str(minor)}, "EUR": {"N": "7"}}}}
        dynamodb().update_item(
            TableName=table, Key=key, UpdateExpression="SET exposure = :e", ExpressionAttributeValues=wrong
        )


def as_before_credit(order: Order) -> None:
    """Take from an order what orders did not keep before there was credit."""
    dynamodb().update_item(
        TableName=Order.Meta.table_name,
        Key={"id": {"S": order.id}},
        UpdateExpression="REMOVE credit_held, payment_record",
    )


def found(**which: bool) -> dict[str, int]:
    told: dict[str, int] = recount(**which)["exposure"]
    return {name: told[name] for name in FINE}


@pytest.mark.parametrize("minor", [0, 1, 10**9, None])
def test_a_spoilt_sum_is_told_and_set_right_once(shop: Shop, minor: int | None) -> None:
    total = activated(shop).total.minor + paid(activated(shop), 1_000).open.minor
    spoil(shop, minor)

    assert found(look=True) == {**FINE, "wrong": 1, "drift": 1}
    assert owed(shop) == (minor or 0)
    assert found() == {**FINE, "wrong": 1, "repaired": 1}

    assert owed(shop) == total
    assert found() == found(look=True) == FINE
    assert credit.standing(shop.account_id).exposure("EUR") == 0


def test_orders_from_before_there_was_credit_count_and_go_on_exactly(shop: Shop) -> None:
    order, other = activated(shop), activated(shop)
    as_before_credit(order)
    spoil(shop, other.total.minor)
    service.cancel(activated(shop).id, reason="No", by=REP)

    assert found(look=True)["misstated"] == 1
    assert found()["drift"] == 0
    assert owed(shop) == order.total.minor + other.total.minor
    paid(order, 1_000)

    assert owed(shop) == order.total.minor + other.total.minor - 1_000
    assert found() == FINE


def test_what_moves_while_it_is_counted_is_counted_once_more(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, held = activated(shop), recounting._held
    spoil(shop, 5)
    payments = iter([100, 20, 3])

    def while_paying() -> Any:
        if minor := next(payments, None):
            paid(order, minor, reference=f"bank-{minor}")
        return held()

    monkeypatch.setattr(recounting, "_held", while_paying)
    done = revenue.compare()

    assert owed(shop) == order.total.minor - 123
    assert (done.repaired, done.drift) == (1, 0)


def test_what_never_comes_to_rest_is_told_as_drift(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order, held = activated(shop), recounting._held
    spoil(shop, 5)
    numbers = iter(range(100))

    def while_paying() -> Any:
        paid(order, 1, reference=f"bank-{next(numbers)}")
        return held()

    monkeypatch.setattr(recounting, "_held", while_paying)

    assert revenue.compare().drift == 1


def test_every_night_it_is_seen_that_accounts_owe_what_their_orders_say(shop: Shop) -> None:
    order = activated(shop)
    spoil(shop, 5)
    [comparing] = [work for work in house.nightly() if work.__name__ == "compare_exposures"]

    comparing()

    assert owed(shop) == order.total.minor


def test_books_that_are_missing_are_made(shop: Shop, stream: Stream) -> None:
    order = activated(shop)
    service.draft(account_id=shop.account_id, currency="CNY", lines=shop.lines(), by=REP)
    assert recount(look=True)["books"] == {"in_force": 1, "bookless": 1, "left": 1}

    assert recount()["books"] == {"in_force": 1, "bookless": 1, "left": 0}
    schedule = RevenueSchedule.fetch(schedule_id(order.id))
    stream.drain()

    assert RevenueSchedule.fetch(schedule.id).version == schedule.version
    assert [each.amount for each in Receivable.scan() if each.id.startswith("receivable_")] == [order.total]
    assert recount()["books"] == {"in_force": 1, "bookless": 0, "left": 0}
