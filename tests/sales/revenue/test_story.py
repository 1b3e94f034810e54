"""From an order to the end of the month: two shipments, three instalments, one of them late, even books."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import boto3
import pytest

from chalicelib.core import clock, files
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import service
from tests.client import FINANCE, REP
from tests.core.mailbox import Mailbox, mailbox
from tests.sales.revenue.builders import (
    MORNING,
    a_buyer,
    an_order,
    balances,
    entries_of,
    open_shop,
    policy,
    receivables_of,
    schedule_of,
    sweep_at,
)
from tests.streams import Stream

STEPS: Final = [{"days": 3, "template": "FRIENDLY", "to": "CONTACT"}]
MONTHS: Final = ("2026-03", "2026-04", "2026-05", "2026-06")


@pytest.fixture
def post(tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    boto3.client("s3").create_bucket(Bucket=settings().files)
    files.forget()
    with mailbox() as opened:
        monkeypatch.setenv("SALESTREAM_MAIL_PORT", opened.port)
        settings.cache_clear()
        yield opened
    settings.cache_clear()
    files.forget()


def _noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


def _pay(order_id: str, reference: str, minor: int) -> None:
    amount = Money(minor, "CNY")
    orders.pay(order_id, reference=reference, amount=amount, method="BANK", by=FINANCE)


def _exported(stream: Stream, month: str) -> list[dict[str, str]]:
    made = service.ask_for(month=month, form="JOURNAL", by=FINANCE)
    stream.drain()
    content = files.read(service.export(made.id, who=FINANCE).key).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_from_an_order_to_the_end_of_the_month(stream: Stream, post: Mailbox) -> None:
    with clock.at(MORNING):
        shop = open_shop()
        policy(dunning=STEPS)
        order = an_order(shop, contact_id=a_buyer(shop).id)
        orders.ship(order.id, reference="DN-1", lines=[{"number": 1, "quantity": 4}], by=REP)
        stream.drain()
    sweep_at(clock.start_of(date(2026, 3, 31)))
    with clock.at(_noon(3, 31)):
        _pay(order.id, "TT-1", 400_000)
        stream.drain()

    with clock.at(_noon(4, 20)):
        orders.ship(order.id, reference="DN-2", by=REP)
        stream.drain()
    for day in (date(2026, 5, 1), date(2026, 5, 3)):
        sweep_at(clock.start_of(day))
        stream.drain()

    assert [message["Subject"] for message in post.messages] == [f"Salestream：{order.number}/2 付款提醒"]
    with clock.at(_noon(5, 4)):
        [late] = service.overdue(who=REP, limit=10, after=None).items
        [row] = service.ageing(who=REP)
        assert (late.number, row.days_1_30, row.not_due) == (2, Money(400_000, "CNY"), Money(191_384, "CNY"))
        _pay(order.id, "TT-2", 400_000)
    with clock.at(_noon(5, 31)):
        _pay(order.id, "TT-3", 191_384)
        stream.drain()

    assert [each.status for each in receivables_of(order.id, count=3)] == ["PAID"] * 3
    schedule = schedule_of(order.id)
    assert (schedule.recognised_sums, schedule.status) == (
        {"2026-03": 350_000, "2026-04": 527_331},
        "FINISHED",
    )
    with clock.at(_noon(7, 1)):
        service.close("2026-06", by=FINANCE, version=None)
    with clock.at(_noon(7, 2)):
        told = {month: _exported(stream, month) for month in MONTHS}
    _balances(told, order.id)


def _balances(told: dict[str, list[dict[str, str]]], source_id: str) -> None:
    """Each month balances; all of them together say what the books say."""
    sums: dict[str, Any] = {}
    for rows in told.values():
        debit, credit = (sum(Decimal(row[side] or 0) for row in rows) for side in ("debit", "credit"))
        assert debit == credit
        for row in rows:
            moved = Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
            sums[row["account"]] = sums.get(row["account"], 0) + moved
    assert {account: int(amount * 100) for account, amount in sums.items()} == balances(entries_of(source_id))
    assert sums == {
        "1122": 0,
        "1002": Decimal("9913.84"),
        "2205": 0,
        "2221": Decimal("-1140.53"),
        "6001": Decimal("-8773.31"),
    }
