"""What orders tell the figures, and how they follow their owner."""

from datetime import date
from typing import Any

from chalicelib.core import boards, clock
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.core.step import change
from chalicelib.organisation.people import service as people
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders import service
from tests.client import ADMIN, FINANCE, MANAGER, NORTH, REP, SOUTH
from tests.sales.orders.builders import Shop, activated, drafted, paid
from tests.streams import Stream

ORDERED: dict[str, Any] = {"ordered_on": date(2026, 10, 31)}


def test_an_order_counts_from_its_activation_in_the_month_of_its_date(shop: Shop, stream: Stream) -> None:
    drafted(shop, **ORDERED)
    stream.drain()
    assert boards.read("orders|team") == {}

    order = activated(shop, **ORDERED)
    stream.drain()

    one = {"count": 1, "amount": 991_384, "units": 17}
    assert boards.read("orders|team") == {f"2026-10|{NORTH}|CNY": one}
    assert boards.read("orders|owner") == {f"2026-10|{REP.id}|CNY": one}
    assert boards.read("orders|account") == {f"2026-10|{shop.account_id}|CNY": one}
    assert boards.read("orders|product") == {
        f"2026-10|{shop.press_id}|CNY": {"count": 1, "amount": 988_750, "units": 10},
        f"2026-10|{shop.die_id}|CNY": {"count": 1, "amount": 2_634, "units": 7},
    }
    assert boards.read("receivables") == {
        f"{clock.month(order.payment_schedule[0].due_on)}|CNY": {"due": 991_384}
    }


def test_payments_and_shipments_move_the_figures(shop: Shop, stream: Stream) -> None:
    schedule = [
        {"due_on": date(2026, 11, 30), "amount": Money(400_000, "CNY")},
        {"due_on": date(2026, 12, 31), "amount": Money(591_384, "CNY")},
    ]
    order = paid(activated(shop, payment_schedule=schedule, **ORDERED), 500_000)
    service.ship(order.id, reference="s-1", lines=[{"number": 2, "quantity": 3}], by=REP)
    stream.drain()

    assert boards.read("orders|team")[f"2026-10|{NORTH}|CNY"]["paid"] == 500_000
    assert boards.read("orders|product")[f"2026-10|{shop.die_id}|CNY"]["shipped_units"] == 3
    assert boards.read("receivables") == {
        "2026-11|CNY": {"due": 400_000, "paid": 400_000},
        "2026-12|CNY": {"due": 591_384, "paid": 100_000},
    }

    service.take_back(order.id, reference="bank-1", reason="Mistake", by=FINANCE)
    stream.drain()
    assert boards.read("receivables")["2026-11|CNY"] == {"due": 400_000, "paid": 0}


def test_a_cancelled_order_moves_to_the_cancelled(shop: Shop, stream: Stream) -> None:
    order = activated(shop, **ORDERED)
    stream.drain()

    service.cancel(order.id, reason="Changed mind", by=REP)
    stream.drain()

    row = boards.read("orders|team")[f"2026-10|{NORTH}|CNY"]
    assert {name: number for name, number in row.items() if number} == {
        "cancelled_count": 1,
        "cancelled_amount": 991_384,
    }
    assert boards.total(boards.read("receivables"))["due"] == 0


def test_what_is_earned_counts_where_costs_are_known(shop: Shop, stream: Stream) -> None:
    catalog.change_product(shop.die_id, version=None, by=SYSTEM, cost=Money(300, "CNY"))
    order = activated(shop, **ORDERED)
    service.ship(order.id, reference="s-1", lines=[{"number": 2, "quantity": 3}], by=REP)
    stream.drain()

    team = boards.read("orders|team")[f"2026-10|{NORTH}|CNY"]
    assert (team["margin"], team["margin_of"]) == (7 * 33, 7 * 333)
    service.cancel(order.id, reason="Enough", by=REP)
    stream.drain()
    die = boards.read("orders|product")[f"2026-10|{shop.die_id}|CNY"]
    assert (die["margin"], die["margin_of"]) == (3 * 33, 3 * 333)


def test_what_comes_back_and_what_is_given_up_is_due_no_more(shop: Shop, stream: Stream) -> None:
    fees = [{"name": "Fee", "quantity": 10, "unit_price": Money(100, "CNY")}]
    order = paid(activated(shop, lines=fees, **ORDERED), 900)
    service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 6}], by=REP)
    service.return_goods(
        order.id, reference="r-1", reason="Broken", lines=[{"number": 1, "quantity": 2}], by=REP
    )
    service.cancel(order.id, reason="Changed mind", by=REP)
    service.refund(
        order.id, reference="b-1", amount=Money(450, "CNY"), method="BANK", reason="Back", by=FINANCE
    )
    stream.drain()

    row = boards.read("orders|team")[f"2026-10|{NORTH}|CNY"]
    assert row == {
        "count": 1, "amount": 600, "units": 6, "shipped_units": 6, "paid": 450, "refunded": 450,
        "returned_units": 2, "returned_amount": 200, "cancelled_amount": 400,
    }  # fmt: skip
    assert boards.total(boards.read("receivables")) == {"due": 400, "paid": 400}


def test_orders_follow_their_owner_to_another_team(shop: Shop, stream: Stream) -> None:
    order = activated(shop, **ORDERED)
    stream.drain()

    change(people.user(REP.id), by=ADMIN.id, team_id=SOUTH)
    stream.drain()

    assert service.order(order.id, who=ADMIN).team_id == SOUTH
    rows = boards.read("orders|team")
    assert (rows[f"2026-10|{NORTH}|CNY"]["count"], rows[f"2026-10|{SOUTH}|CNY"]["count"]) == (0, 1)


def test_a_handed_over_order_counts_for_its_new_owner(shop: Shop, stream: Stream) -> None:
    order = activated(shop, **ORDERED)

    service.reassign(order.id, owner_id=MANAGER.id, by=MANAGER, version=None)
    stream.drain()

    assert boards.read("orders|owner")[f"2026-10|{MANAGER.id}|CNY"]["count"] == 1
