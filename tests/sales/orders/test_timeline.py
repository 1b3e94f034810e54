"""The timeline of an order: everything that happened, the latest first, in both languages."""

from datetime import date
from typing import Any

import pytest

from chalicelib.core import changelog
from chalicelib.core.changelog import Change
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from tests.client import COLLEAGUE, FINANCE, MANAGER, REP, STRANGER, Client
from tests.sales.orders.builders import activated, drafted, may_give, open_shop, paid
from tests.streams import Stream

LINE = [{"number": 1, "quantity": 1}]


def told(client: Client, at: str, **how: Any) -> list[dict[str, Any]]:
    """Return the timeline as Rita reads it, the oldest first."""
    events: list[dict[str, Any]] = client.get(f"/orders/{at}/timeline", by=REP, **how).json["items"]
    return events[::-1]


def test_a_timeline_tells_everything_that_happened_who_recorded_it_and_when(
    client: Client, stream: Stream
) -> None:
    may_give(REP=2_000)
    order = paid(paid(activated(open_shop()), 500), 300, "bank-2")
    at, money = order.id, Money(200, "CNY")
    asked: dict[str, Any] = {"by": REP, "reference": "s-1"}
    service.take_back(at, reference="bank-2", reason="Mistyped", by=FINANCE)
    service.ship(at, lines=LINE, shipped_on=date(2026, 1, 5), **asked)
    service.deliver(at, received_by="Wang", delivered_on=date(2026, 1, 7), **asked)
    service.return_goods(at, reason="Broken", returned_on=date(2026, 1, 9), **asked)
    service.request_invoice(at, title="Kangnai", **asked)
    service.issue_invoice(at, reference="s-1", number="N7", by=FINANCE)
    service.correct_invoice(at, reference="s-1", number="R8", reason="Wrong title", by=FINANCE)
    service.cancel(at, reason="Enough", by=REP)
    service.refund(at, reference="b-1", amount=money, method="BANK", reason="Back", by=FINANCE)
    stream.drain()

    english, chinese = told(client, at), told(client, at, headers={"Accept-Language": "zh-CN"})

    assert [each["code"] for each in english] == [
        "DRAFTED", "SUBMITTED", "SIGNED", "APPROVED", "ACTIVATED", "PAID", "PAID", "TAKEN_BACK",
        "SHIPPED", "DELIVERED", "RETURNED", "INVOICE_REQUESTED", "INVOICE_ISSUED", "INVOICE_CORRECTED",
        "REST_CANCELLED", "REFUNDED",
    ]  # fmt: skip
    assert all(each["by"] and each["at"] for each in english)
    by_code = {each["code"]: each for each in english}
    assert by_code["DELIVERED"]["text"] == "Shipment s-1 arrived; received by Wang"
    assert (by_code["SHIPPED"]["by"], by_code["SHIPPED"]["on"]) == (REP.id, "2026-01-05")
    assert (by_code["SIGNED"]["by"], by_code["SIGNED"]["text"]) == (MANAGER.id, "Step “AMOUNT” approved")
    assert (by_code["REFUNDED"]["by"], by_code["DRAFTED"]["by"]) == (FINANCE.id, REP.id)
    assert by_code["REFUNDED"]["text"] == "Refund b-1: 2.00 CNY (Back)"
    assert chinese[8]["text"] == "发货 s-1：1 件"
    assert client.get(f"/orders/{at}/timeline", by=STRANGER).status == 404
    assert client.get(f"/orders/{at}/timeline").status == 401


def test_a_timeline_keeps_what_was_overtaken(client: Client, stream: Stream) -> None:
    at = drafted(open_shop()).id
    may_give(REP=2_000)
    service.edit(at, note="By sea", by=REP, version=None)
    service.submit(at, by=REP)
    service.reject(at, reason="Too cheap", by=MANAGER)
    service.approve(service.submit(at, by=REP).id, by=MANAGER)
    service.withdraw(at, by=REP)
    service.approve(service.submit(at, by=REP).id, by=MANAGER)
    amended(at, "More", 11)
    service.approve_amendment(at, by=MANAGER)
    amended(at, "Still more", 12)
    service.drop_amendment(at, by=REP)
    service.activate(at, by=REP)
    service.request_invoice(at, reference="i-1", title="Kangnai", by=REP)
    service.refuse_invoice(at, reference="i-1", reason="No tax number", by=FINANCE)
    service.reassign(at, owner_id=COLLEAGUE.id, by=MANAGER, version=None)
    service.share(at, with_id=REP.id, right="read", by=MANAGER, version=None)
    stream.drain()

    events = told(client, at)

    assert [each["code"] for each in events] == [
        "DRAFTED", "EDITED", "SUBMITTED", "REJECTED", "SUBMITTED", "SIGNED", "APPROVED", "WITHDRAWN",
        "SUBMITTED", "SIGNED", "APPROVED", "AMENDMENT_PROPOSED", "SIGNED", "AMENDED",
        "AMENDMENT_PROPOSED", "AMENDMENT_DROPPED", "ACTIVATED", "INVOICE_REQUESTED", "INVOICE_REFUSED",
        "REASSIGNED", "SHARED",
    ]  # fmt: skip
    texts = [each["text"] for each in events]
    assert "Sent back: Too cheap" in texts
    assert "Amendment dropped: Still more" in texts
    assert texts[-3].endswith("refused: No tax number")
    assert texts[-2] == "Given to Rob"


def amended(at: str, reason: str, quantity: int) -> None:
    change = [{"number": 1, "quantity": quantity, "unit_price": Money(100_000, "CNY")}]
    service.amend(at, reason=reason, change=change, by=REP)


def test_a_timeline_is_read_page_by_page(client: Client, stream: Stream) -> None:
    may_give(REP=2_000)
    at = activated(open_shop()).id
    stream.drain()

    first = client.get(f"/orders/{at}/timeline", by=REP, query={"limit": 2})
    second = client.get(f"/orders/{at}/timeline", by=REP, query={"limit": 2, "cursor": first.json["next"]})

    assert [each["code"] for each in first.json["items"]] == ["ACTIVATED", "APPROVED", "SIGNED"]
    assert [each["code"] for each in second.json["items"]] == ["SUBMITTED", "DRAFTED"]


@pytest.mark.usefixtures("tables")
def test_a_line_of_the_log_without_room_for_what_was_finds_it_in_the_one_before() -> None:
    was, now = {"id": "x", "note": "长" * 80_000}, {"id": "x", "note": "短" * 80_000, "kept": 1}
    at = "2026-01-01T00:00:00.000Z"
    changelog.append(
        [Change("order", "order_1", 1, None, was, at), Change("order", "order_1", 2, was, now, at)]
    )

    second, first = changelog.history("order_1", limit=2).items

    assert (second.before, second.was, first.was) == ({}, was, {})
