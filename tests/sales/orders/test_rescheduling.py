"""An instalment for which another day was agreed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.core import clock, errors
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, REP, STRANGER, Client
from tests.sales.orders.builders import Shop, activated, approved, open_shop, paid
from tests.streams import Stream

FEES: list[dict[str, Any]] = [{"name": "Fee", "quantity": 3, "unit_price": Money(100, "CNY"), "tax_bps": 100}]
FEBRUARY = datetime(2027, 2, 10, 4, tzinfo=UTC)


def owing(shop: Shop, **details: Any) -> Order:
    """Rita's order over 303 fen: 100 due in January, 203 in March."""
    parts = [(date(2027, 1, 31), 100), (date(2027, 3, 31), 203)]
    schedule = [{"due_on": day, "amount": Money(minor, "CNY")} for day, minor in parts]
    return activated(shop, lines=FEES, payment_schedule=schedule, **details)


def agreed(order: Order, day: date = date(2027, 2, 28), **details: Any) -> Order:
    asked: dict[str, Any] = {"instalment": 1, "reason": "Fire in their works", "by": FINANCE}
    return service.reschedule(order.id, due_on=day, **asked | details)


def test_an_instalment_is_overdue_only_after_the_day_agreed(shop: Shop) -> None:
    order = owing(shop)
    with clock.at(FEBRUARY):
        assert order.payment_schedule[0].status == "OVERDUE"
        order = agreed(order)
        again = agreed(order)

        first = order.payment_schedule[0]
    assert (first.status, first.due_on, first.first_due_on) == (
        "OPEN",
        date(2027, 2, 28),
        date(2027, 1, 31),
    )
    assert order.payment_record[0]["due_on"] == "2027-02-28"
    assert again.version == order.version
    assert agreed(order, date(2027, 3, 1)).payment_schedule[0].first_due_on == date(2027, 1, 31)


def test_only_what_is_open_is_due_on_another_day_and_in_its_turn(shop: Shop) -> None:
    order = paid(owing(shop), 100)
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"instalment": 1}, "instalment", "nothing_open"),
        ({"instalment": 3}, "instalment", "no_instalment"),
        ({"instalment": 2, "day": date(2027, 1, 30)}, "due_on", "not_in_turn"),
    ]
    for details, field, code in wrong:
        with pytest.raises(errors.Invalid) as refused:
            agreed(order, **details)
        assert (refused.value.errors[0].field, refused.value.errors[0].code) == (field, code)
    with pytest.raises(errors.Invalid):
        agreed(owing(shop), date(2027, 4, 1))
    with pytest.raises(errors.OutOfTurn):
        agreed(approved(shop))
    with pytest.raises(errors.Forbidden):
        agreed(order, instalment=2, by=REP)


def test_another_day_is_agreed_over_http_and_told(client: Client, stream: Stream) -> None:
    at = f"/orders/{owing(open_shop()).id}"
    body = {"instalment": 1, "due_on": "2027-02-28", "reason": "Fire in their works"}

    assert client.post(f"{at}/reschedule", body).status == 401
    assert client.post(f"{at}/reschedule", body, by=STRANGER).status == 403
    told = client.post(f"{at}/reschedule", body, by=FINANCE).json["payment_schedule"][0]
    stream.drain()
    latest = client.get(f"{at}/timeline", by=REP).json["items"][0]

    assert (told["due_on"], told["first_due_on"]) == ("2027-02-28", "2027-01-31")
    assert latest["text"] == "Instalment 1 due on 2027-02-28 instead of 2027-01-31 (Fire in their works)"
    assert latest["by"] == FINANCE.id
