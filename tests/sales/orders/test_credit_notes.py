"""Credit notes: given by those who approve, seen by those who reach them, counted as what came back."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.orders.history import PastLine
from tests.client import COLLEAGUE, FINANCE, OPERATIONS, REP, STRANGER, Client
from tests.sales.orders.builders import Shop
from tests.streams import Stream

PRICE = {"amount": "12.50", "currency": "CNY"}


def _note(shop: Shop, **fields: Any) -> dict[str, Any]:
    lines = [{"product_id": shop.press_id, "quantity": 2, "unit_price": PRICE}]
    told = {"account_id": shop.account_id, "currency": "CNY", "lines": lines, "reason": "scratched"}
    return {**told, "issued_on": "2026-03-02", **fields}


def test_finance_gives_credit_and_the_owner_of_the_account_sees_it(client: Client, shop: Shop) -> None:
    made = client.post("/credit-notes", _note(shop), by=FINANCE)

    assert (made.status, made.json["total"]["amount"], made.json["owner_id"]) == (201, "25.00", REP.id)
    assert made.json["number"].startswith("CN")
    at = f"/credit-notes/{made.json['id']}"
    assert client.get(at, by=REP).json["reason"] == "scratched"
    assert client.get(at, by=STRANGER).status == 404
    [listed] = client.get("/credit-notes", by=REP, query={"account_id": shop.account_id}).json["items"]
    assert listed["id"] == made.json["id"]
    assert client.get("/orders", by=REP, query={"account_id": shop.account_id}).json["items"] == []


def test_who_sells_gives_no_credit_and_what_is_wrong_is_named(client: Client, shop: Shop) -> None:
    assert client.post("/credit-notes", _note(shop)).status == 401
    assert client.post("/credit-notes", _note(shop), by=COLLEAGUE).status == 403

    wrong = client.post("/credit-notes", _note(shop, lines=[], reason=""), by=FINANCE)

    assert {error["field"] for error in wrong.json["errors"]} == {"lines", "reason"}


def test_what_came_back_counts_in_its_month_and_lowers_what_the_customer_kept(
    client: Client, stream: Stream, shop: Shop
) -> None:
    client.post("/credit-notes", _note(shop), by=FINANCE)
    stream.drain()

    year = {"from": "2026-01", "to": "2026-12", "group": "month"}
    [told] = client.get("/analytics/orders", by=OPERATIONS, query=year).json["totals"]

    assert (told["period"], told["count"], told["credit_notes"], told["returned_units"]) == (
        "2026-03",
        0,
        1,
        2,
    )
    assert told["returned_amount"]["amount"] == "25.00"


@given(
    quantity=st.integers(1, 10**6),
    price=st.decimals(0, 10**6, places=4),
    currency=st.sampled_from(["CNY", "JPY", "BHD"]),
)
def test_a_line_at_a_price_finer_than_the_smallest_coin_is_rounded_once(
    quantity: int, price: Decimal, currency: str
) -> None:
    line = PastLine(None, "x", quantity, str(price)).line(1, currency)

    exponent = {"CNY": 2, "JPY": 0, "BHD": 3}[currency]
    exact = (price * quantity).scaleb(exponent)
    assert abs(line.total.minor - exact) <= Decimal("0.5")
    assert 0 <= line.reduction_minor <= quantity
