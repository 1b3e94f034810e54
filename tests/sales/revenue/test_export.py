"""Closing a month and exporting it: it balances, and is the same file for ever."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import boto3
import pytest

from chalicelib.core import clock, errors, files
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import service
from chalicelib.sales.revenue.models import JournalEntry, RevenueExport
from tests.client import FINANCE, REP
from tests.sales.orders.builders import Shop, paid
from tests.sales.revenue.builders import (
    MORNING,
    a_contract,
    an_order,
    entries_of,
    open_shop,
    schedule_of,
    sweep_at,
)
from tests.streams import Stream

APRIL: Final = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def shop(tables: None) -> Iterator[Shop]:
    boto3.client("s3").create_bucket(Bucket=settings().files)
    files.forget()
    yield open_shop()
    files.forget()


def _exported(stream: Stream, form: str = "JOURNAL", month: str = "2026-03") -> RevenueExport:
    made = service.ask_for(month=month, form=form, by=FINANCE)
    stream.drain()
    return service.export(made.id, who=FINANCE)


def _rows(made: RevenueExport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.read(made.key).decode("utf-8-sig"))))


def test_a_month_balances_by_document_and_as_a_whole(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = paid(an_order(shop), 500_000)
        orders.ship(order.id, reference="=1+1", lines=[{"number": 1, "quantity": 4}], by=REP)
        a_contract(shop.account_id)
        stream.drain()
        made = _exported(stream)

    by_entry: dict[str, Decimal] = defaultdict(Decimal)
    debits = Decimal(0)
    for row in _rows(made):
        by_entry[row["entry"]] += Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
        debits += Decimal(row["debit"] or 0)
    assert len(by_entry) == made.entries == 4
    assert set(by_entry.values()) == {Decimal(0)}
    assert made.sums == [Money(int(debits * 100), "CNY")]
    assert (made.status, made.final) == ("READY", False)
    assert not any(cell.startswith("=") for row in _rows(made) for cell in row.values())


def test_a_closed_month_is_the_same_file_ever_after_and_what_comes_late_is_in_the_next(
    shop: Shop, stream: Stream
) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        stream.drain()
    sweep_at(clock.start_of(date(2026, 3, 31)))
    with clock.at(APRIL):
        service.close("2026-03", by=FINANCE, version=None)
    with clock.at(APRIL + timedelta(minutes=5)):
        first, listed = _exported(stream), _exported(stream, "ENTRIES")

    with clock.at(APRIL + timedelta(days=1)):
        orders.ship(order.id, reference="s-1", shipped_on=date(2026, 3, 30), by=REP)
        orders.pay(
            order.id,
            reference="TT-1",
            amount=Money(991_384, "CNY"),
            method="BANK",
            paid_on=date(2026, 3, 31),
            by=FINANCE,
        )
        stream.drain()
        again = _exported(stream)

    assert first.final
    assert again.digest == first.digest == hashlib.sha256(files.read(again.key)).hexdigest()
    assert (listed.entries, [row["amount"] for row in _rows(listed)]) == (2, ["4000.00", "4000.00"])
    late = {entry.type: (entry.happened_on, entry.posted_on) for entry in entries_of(order.id)[2:]}
    assert late == {
        "RECOGNITION": (date(2026, 3, 30), date(2026, 4, 1)),
        "PAYMENT": (date(2026, 3, 31), date(2026, 4, 1)),
    }
    assert schedule_of(order.id).recognised_sums == {"2026-04": 877_331}


def test_an_export_right_after_the_closing_waits_until_all_is_seen(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        an_order(shop)
        stream.drain()
    sweep_at(clock.start_of(date(2026, 3, 31)))
    with clock.at(APRIL):
        service.close("2026-03", by=FINANCE, version=None)
        made = _exported(stream)
        assert (made.status, made.final) == ("WAITING", False)

    sweep_at(APRIL + timedelta(minutes=2))

    assert service.export(made.id, who=FINANCE).final


def test_a_document_that_does_not_balance_is_not_handed_out(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        stream.drain()
        [entry] = entries_of(order.id)
        lines = [{**line, "debit_minor": 0} for line in entry.line_rows]
        entry.update([JournalEntry.line_rows.set(lines)])
        made = _exported(stream)

    assert (made.status, made.failure, made.link) == ("FAILED", entry.id, None)


def test_a_month_is_closed_once_when_it_is_over_and_all_of_it_is_posted(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        an_order(shop)
        stream.drain()
        with pytest.raises(errors.Conflict, match="month_not_over"):
            service.close("2026-03", by=FINANCE, version=None)
    with clock.at(APRIL):
        with pytest.raises(errors.Blocked) as behind:
            service.close("2026-03", by=FINANCE, version=None)
        assert behind.value.missing[0].code == "still_booking"
    sweep_at(clock.start_of(date(2026, 3, 31)))

    with clock.at(APRIL):
        assert service.close("2026-03", by=FINANCE, version=None).closed_through == "2026-03"
        with pytest.raises(errors.Conflict, match="month_closed"):
            service.close("2026-02", by=FINANCE, version=None)


def test_a_month_is_not_closed_over_an_earlier_one_that_is_behind(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        an_order(shop)
        stream.drain()
    with clock.at(datetime(2026, 8, 3, tzinfo=UTC)), pytest.raises(errors.Blocked) as behind:
        service.close("2026-07", by=FINANCE, version=None)

    assert behind.value.missing[0].code == "still_booking"


def test_the_list_of_what_happened_shows_what_goes_back_as_less_than_nothing(
    shop: Shop, stream: Stream
) -> None:
    with clock.at(MORNING):
        order = paid(an_order(shop), 500_000)
        stream.drain()
        orders.take_back(order.id, reference="bank-1", reason="Mistake", by=FINANCE)
        stream.drain()
        rows = _rows(_exported(stream, "ENTRIES"))

    amounts = [row["amount"] for row in rows if row["type"] == "PAYMENT"]
    assert sorted(amounts) == ["-5000.00", "5000.00"]


def test_months_tell_what_is_deferred_from_the_beginning_on(shop: Shop, stream: Stream) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        orders.ship(order.id, reference="s-1", lines=[{"number": 2, "quantity": 7}], by=REP)
        stream.drain()
    sweep_at(clock.start_of(date(2026, 3, 31)))
    with clock.at(APRIL):
        orders.ship(order.id, reference="s-2", by=REP)
        stream.drain()

    with clock.at(APRIL):
        march, april = service.months(who=REP)
        [only] = service.months(who=FINANCE, since="2026-04")

    assert (march.month, march.billed.minor, march.recognised.minor) == ("2026-03", 707_964, 2_331)
    assert (march.deferred.minor, april.recognised.minor) == (705_633, 875_000)
    assert april.deferred.minor == 705_633 - 875_000
    assert (only.month, only.deferred) == ("2026-04", april.deferred)
