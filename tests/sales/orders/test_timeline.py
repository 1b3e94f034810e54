"""The timeline of an order: everything that happened, in the order of the days, in both languages."""

from datetime import date
from typing import Any

from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from tests.client import FINANCE, MANAGER, REP, STRANGER, Client
from tests.sales.orders.builders import activated, open_shop, paid

LINE = [{"number": 1, "quantity": 1}]


def test_a_timeline_tells_everything_that_happened_in_the_order_of_the_days(client: Client) -> None:
    order = paid(activated(open_shop()), 500)
    at, money = order.id, Money(200, "CNY")
    asked: dict[str, Any] = {"by": REP, "reference": "s-1"}
    service.ship(at, lines=LINE, shipped_on=date(2026, 1, 5), **asked)
    service.deliver(at, received_by="Wang", delivered_on=date(2026, 1, 7), **asked)
    service.return_goods(at, reason="Broken", returned_on=date(2026, 1, 9), **asked)
    service.request_invoice(at, title="Kangnai", **asked)
    service.issue_invoice(at, reference="s-1", number="N7", by=FINANCE)
    service.cancel(at, reason="Enough", by=REP)
    service.refund(at, reference="b-1", amount=money, method="BANK", reason="Back", by=FINANCE)

    told = client.get(f"/orders/{at}/timeline", by=REP).json["items"]
    chinese = client.get(f"/orders/{at}/timeline", by=REP, headers={"Accept-Language": "zh-CN"}).json["items"]

    assert [each["code"] for each in told] == [
        "SHIPPED", "DELIVERED", "RETURNED", "DRAFTED", "SUBMITTED", "SIGNED", "APPROVED", "ACTIVATED",
        "PAID", "REFUNDED", "INVOICE_REQUESTED", "INVOICE_ISSUED", "REST_CANCELLED",
    ]  # fmt: skip
    by_code = {each["code"]: each for each in told}
    assert by_code["DELIVERED"]["text"] == "Shipment s-1 arrived; received by Wang"
    assert (by_code["SIGNED"]["by"], by_code["SIGNED"]["text"]) == (MANAGER.id, "Step “AMOUNT” approved")
    assert by_code["REFUNDED"]["text"] == "Refund b-1: 2.00 CNY (Back)"
    assert chinese[0]["text"] == "发货 s-1：1 件"
    assert client.get(f"/orders/{at}/timeline", by=STRANGER).status == 404
    assert client.get(f"/orders/{at}/timeline").status == 401
