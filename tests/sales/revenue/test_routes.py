"""Receivables, revenue and the books over HTTP: first the stranger, then wrong input, then the happy path."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import boto3
import pytest

from chalicelib.core import clock, files
from chalicelib.core.settings import settings
from tests.client import FINANCE, MANAGER, OPERATIONS, READ_ONLY, REP, STRANGER, Client
from tests.sales.orders.builders import Shop
from tests.sales.revenue.builders import MORNING, a_contract, an_order, open_shop, schedule_of
from tests.streams import Stream

POLICY: Final[dict[str, Any]] = {
    "accounts": {
        "receivables": "1122",
        "deferred_revenue": "2203",
        "revenue": "6001.01",
        "cash": "1002",
        "tax": "2221",
    },
    "contract_method": "STRAIGHT_LINE",
    "payment_days": 45,
    "dunning": [{"days": 7, "template": "FRIENDLY", "to": "CONTACT"}],
}


@pytest.fixture
def shop(client: Client) -> Iterator[Shop]:
    boto3.client("s3").create_bucket(Bucket=settings().files)
    files.forget()
    with clock.at(MORNING):
        yield open_shop()
    files.forget()


def test_nobody_reads_the_books_without_signing_in(client: Client) -> None:
    for path in (
        "/receivables",
        "/revenue-schedules",
        "/revenue/months",
        "/revenue/books",
        "/revenue-policy",
    ):
        assert client.get(path).status == 401


def test_somebody_elses_receivable_looks_like_none(client: Client, shop: Shop, stream: Stream) -> None:
    order = an_order(shop)
    stream.drain()
    schedule = schedule_of(order.id)
    [*_, first] = client.get("/receivables", by=REP).json["items"]

    for path in (f"/receivables/{first['id']}", f"/revenue-schedules/{schedule.id}"):
        assert client.get(path, by=REP).status == 200
        assert client.get(path, by=STRANGER).status == 404
    assert client.get("/receivables/overdue", by=STRANGER).json["items"] == []
    assert client.get("/revenue/entries", by=REP, query={"month": "2026-03"}).status == 403
    assert client.get("/revenue/entries", by=READ_ONLY, query={"month": "2026-03"}).status == 200


def test_only_finance_and_operations_decide(client: Client, shop: Shop, stream: Stream) -> None:
    order = an_order(shop)
    stream.drain()
    schedule = schedule_of(order.id)
    days = {"method": "STRAIGHT_LINE", "starts_on": "2026-03-01", "ends_on": "2026-03-31"}
    at = f"/revenue-schedules/{schedule.id}"

    for who in (REP, MANAGER, READ_ONLY):
        assert client.patch(at, days, by=who, match=schedule.version).status == 403
        assert client.post("/revenue/exports", {"month": "2026-03"}, by=who).status == 403
    chosen = client.patch(at, days, by=FINANCE, match=schedule.version)

    assert (chosen.status, chosen.json["method"], chosen.json["chosen"]) == (
        200,
        "STRAIGHT_LINE",
        "STRAIGHT_LINE",
    )
    assert chosen.json["planned"] == [
        {"month": "2026-03", "amount": {"amount": "8773.31", "currency": "CNY"}}
    ]


def test_everything_wrong_with_a_method_is_told(client: Client, shop: Shop, stream: Stream) -> None:
    order, contract = an_order(shop), a_contract(shop.account_id)
    stream.drain()
    of_order, of_contract = schedule_of(order.id), schedule_of(contract.id)

    def codes(schedule: Any, **body: Any) -> list[tuple[str, str]]:
        reply = client.patch(f"/revenue-schedules/{schedule.id}", body, by=FINANCE, match=schedule.version)
        assert reply.status == 400, reply.text
        return [(each["field"], each["code"]) for each in reply.json["errors"]]

    assert codes(of_order, method="MILESTONE") == [("method", "method_not_possible")]
    assert codes(of_order, method="STRAIGHT_LINE") == [("starts_on", "missing"), ("ends_on", "missing")]
    assert codes(of_order, method="STRAIGHT_LINE", starts_on="2026-03-02", ends_on="2026-03-01") == [
        ("ends_on", "before_start")
    ]
    assert codes(of_contract, method="STRAIGHT_LINE", ends_on="2026-03-01") == [
        ("ends_on", "follows_from_source")
    ]


def test_a_contract_is_paid_here_and_an_order_where_it_was_ordered(
    client: Client, shop: Shop, stream: Stream
) -> None:
    order, contract = an_order(shop), a_contract(shop.account_id)
    stream.drain()
    at = f"/revenue-schedules/{schedule_of(contract.id).id}/payments"
    money = {"reference": "TT-1", "amount": {"amount": "3000.00", "currency": "CNY"}, "method": "BANK"}

    elsewhere = client.post(f"/revenue-schedules/{schedule_of(order.id).id}/payments", money, by=FINANCE)
    paid = client.post(at, money, by=FINANCE)
    again = client.post(at, money, by=FINANCE)
    other = client.post(at, {**money, "method": "CASH"}, by=FINANCE)
    more = client.post(at, {**money, "reference": "TT-2"}, by=FINANCE)
    [first] = client.get("/receivables", by=REP, query={"account_id": shop.account_id}).json["items"][-1:]
    back = client.post(f"{at}/take-back", {"reference": "TT-1", "reason": "Typo"}, by=FINANCE)

    much = {"amount": "5000.00", "currency": "CNY"}
    too_much = {**money, "reference": "TT-3", "amount": much, "keep_excess": True}
    kept = client.post(at, too_much, by=FINANCE).json
    refund = {**money, "reference": "RF-1", "reason": "Too much"}
    refused = client.post(at.replace("payments", "refunds"), refund, by=REP)
    refund["amount"] = kept["credit"]
    refunded = client.post(at.replace("payments", "refunds"), refund, by=FINANCE).json

    assert (refused.status, kept["open"]["amount"]) == (403, "0.00")
    assert (refunded["refunds"][0]["reason"], refunded["credit"]["amount"]) == ("Too much", "0.00")
    assert (elsewhere.status, elsewhere.json["code"]) == (409, "paid_with_its_order")
    assert (paid.status, again.json["version"]) == (200, paid.json["version"])
    assert (other.status, other.json["code"]) == (409, "reference_taken")
    assert (more.status, more.json["errors"][0]["code"]) == (400, "more_than_owed")
    assert first["source_id"] in (order.id, contract.id)
    assert (back.status, back.json["payments"][0]["reason"]) == (200, "Typo")
    entries = client.get(at.replace("payments", "entries"), by=REP).json["items"]
    assert sorted(entry["type"] for entry in entries) == ["BILLING", *["PAYMENT"] * 3, "REFUND"]


def test_the_policy_is_replaced_as_a_whole_and_holds_for_what_comes(
    client: Client, shop: Shop, stream: Stream
) -> None:
    twice = {**POLICY, "dunning": POLICY["dunning"] * 2}
    assert client.put("/revenue-policy", twice, by=FINANCE, match=0).status == 400

    assert client.put("/revenue-policy", POLICY, by=OPERATIONS, match=0).status == 200
    contract = a_contract(shop.account_id)
    stream.drain()

    read = client.get("/revenue-policy", by=REP).json
    assert {name: read[name] for name in POLICY} == POLICY
    schedule = schedule_of(contract.id)
    assert (schedule.method, schedule.ends_on) == ("STRAIGHT_LINE", date(2026, 12, 31))
    [entry] = client.get("/revenue/entries", by=FINANCE, query={"month": "2026-03"}).json["items"]
    assert [line["account"] for line in entry["lines"]] == ["1122", "2203"]


def test_a_months_books_come_as_a_file_by_a_link(client: Client, shop: Shop, stream: Stream) -> None:
    an_order(shop)
    stream.drain()

    asked = client.post("/revenue/exports", {"month": "2026-03"}, by=FINANCE)
    stream.drain()
    read = client.get(asked.headers["location"], by=FINANCE).json
    [listed] = client.get("/revenue/exports", by=READ_ONLY, query={"month": "2026-03"}).json["items"]

    assert (asked.status, asked.json["status"], asked.json["link"]) == (201, "WAITING", None)
    assert (read["status"], read["entries"], read["sums"]) == (
        "READY",
        1,
        [{"amount": "4000.00", "currency": "CNY"}],
    )
    assert read["link"].startswith("https://")
    assert listed["id"] == read["id"]
    assert client.get("/revenue/books", by=REP).json["closed_through"] is None
    refused = client.post("/revenue/books/close", {"month": "2026-03"}, by=FINANCE)
    assert (refused.status, refused.json["code"]) == (409, "month_not_over")


def test_reminders_are_held_and_go_on(client: Client, shop: Shop, stream: Stream) -> None:
    an_order(shop)
    stream.drain()
    [first, *_] = client.get("/receivables", by=REP).json["items"]

    held = client.post(f"/receivables/{first['id']}/hold", {"reason": "Disputed"}, by=REP)
    on = client.post(f"/receivables/{first['id']}/go-on", by=REP)

    assert (held.json["held"], on.json["held"]) == ("Disputed", None)
    assert client.get("/receivables/ageing", by=REP).json["rows"][0]["total"]["amount"] == "9913.84"
    assert client.get("/revenue/months", by=REP).json["rows"][0]["billed"]["amount"] == "3539.82"
