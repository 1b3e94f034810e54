"""What the reports say of quotes, orders, revenue, credit and stock: a rep's to do, a manager's figures."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.core import clock
from chalicelib.core.access import Principal
from chalicelib.core.money import Money
from chalicelib.insight.reports.compose import compose
from chalicelib.insight.reports.paper import Reader, Row
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.credit import service as credit
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.quotes import service as quotes
from tests.client import COLLEAGUE, FINANCE, MANAGER, OPERATIONS, REP
from tests.memory import fresh_tables
from tests.sales.credit.builders import decided, limit
from tests.sales.inventory import builders as store
from tests.sales.orders import builders as sold
from tests.sales.quotes import builders as offered
from tests.sales.quotes.builders import Shop
from tests.streams import Stream

#: 08:00 of a Monday in Shanghai.
NOW = datetime(2026, 11, 23, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def numbers() -> Iterator[dict[str, Any]]:
    """A shop at work: four quotes with the customer, two orders in hand and one drafted; stock that is low.

    One company for all tests of this file: they only read. Its documents by what they are.
    """
    with mock_aws(), clock.at(NOW):
        fresh_tables()
        stream = Stream()
        shop = offered.open_shop()
        catalog.change_product(shop.press_id, version=None, by=OPERATIONS, cost=Money(70_000, "CNY"))
        made = {**_quotes(shop), **_orders(shop)}
        kept = store.product("LOW")
        for code, point in (("SZ", 5), ("SH", None)):
            at = store.warehouse(code)
            store.moved("RECEIPT", 5, at=code, of="LOW", reference=f"GRN-{code}")
            inventory.set_rule(kept, at.id, version=0, by=OPERATIONS, reorder_point=point)
        decided(B=limit(100_000))
        credit.stop(shop.account_id, version=None, reason="Court 法院", by=FINANCE)
        stream.drain()
        yield {name: each.number for name, each in made.items()}


def _quotes(shop: Shop) -> dict[str, Any]:
    soon, later = date(2026, 11, 29), date(2026, 11, 30)
    wished = offered.sent(shop, valid_until=later)
    wish = {"name": "Li Wei", "message": "Two more dies", "address": "203.0.113.7"}
    quotes.ask_changes(offered.token_of(wished), **wish)
    ending, lasting = offered.sent(shop, valid_until=soon), offered.sent(shop, valid_until=later)
    return {"accepted": offered.accepted(shop), "wished": wished, "ending": ending, "lasting": lasting}


def _orders(shop: Shop) -> dict[str, Any]:
    sold.drafted(shop)
    lines = [{"product_id": shop.press_id, "quantity": 10}]
    return {"going": sold.partly_shipped(shop, lines=lines), "asked": sold.submitted(shop)}


def rows(title: str, *, by: Principal, language: str = "en") -> list[Row]:
    """Return what a section of somebody's report says this Monday."""
    report = "MANAGER_WEEKLY" if by.sees_all or by.managed_teams else "REP_DAILY"
    paper = compose(report, Reader(by, language, "Asia/Shanghai", NOW))
    return list(next(each for each in paper.sections if each.title == title).rows)


def test_a_rep_reads_which_quotes_customers_answered_and_which_end_this_week(numbers: dict[str, str]) -> None:
    found = rows("Quotes to follow up", by=REP)

    assert [(row.label, row.note) for row in found] == [
        (f"Kangnai 康奈 · {numbers['accepted']}", "accepted: make the order"),
        (f"Kangnai 康奈 · {numbers['wished']}", "asks for changes: Two more dies"),
        (f"Kangnai 康奈 · {numbers['ending']}", "valid until 2026-11-29"),
    ]
    assert found[0].value == "9,913.84 CNY"
    assert rows("Quotes to follow up", by=COLLEAGUE) == []


def test_a_rep_reads_which_orders_wait_and_for_what(numbers: dict[str, str]) -> None:
    found = rows("待处理的订单", by=REP, language="zh-CN")

    assert sorted((row.label, row.note) for row in found) == [
        (f"Kangnai 康奈 · {numbers['going']}", "部分发货"),
        (f"Kangnai 康奈 · {numbers['asked']}", "审核中"),
    ]
    assert rows("Orders that wait", by=COLLEAGUE) == []


def test_a_manager_reads_what_was_offered_ordered_and_earned() -> None:
    [offer] = rows("Quotes, this month and last", by=MANAGER)
    [order] = rows("Orders, this month and last", by=MANAGER)
    [revenue] = rows("Revenue, this month and last", by=MANAGER)

    assert (offer.label, offer.value) == ("2026-11", "35,093.24 CNY")
    assert offer.note == "4 sent, 1 accepted (8,773.31 CNY)"
    assert (order.label, order.value) == ("2026-11", "10,000.00 CNY")
    assert order.note == "orders: 1, pieces shipped: 1 · margin 30.0 %"
    assert (revenue.label, revenue.value) == ("2026-11", "1,000.00 CNY")


def test_a_manager_reads_whose_credit_is_used_up_and_what_is_low() -> None:
    credit_used = rows("Credit used up", by=MANAGER)

    assert [(row.label, row.value, row.note) for row in credit_used] == [
        ("Kangnai 康奈", "stopped", "Court 法院"),
        ("Kangnai 康奈", "10,000.00 CNY", "owed, limit 1,000.00 CNY"),
    ]
    [low] = rows("Stock that is low", by=MANAGER)
    assert (low.value, low.note) == ("5 available", "SZ 仓, least 5")
    assert rows("Credit used up", by=OPERATIONS) == credit_used
