"""Cancelling at each step, as the guide says it, and what becomes of money, goods and stock."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from chalicelib.sales.orders.models import Order
from tests.client import FINANCE, REP
from tests.sales.inventory.builders import moved, product, stands, warehouse
from tests.sales.orders.builders import (
    Shop,
    activated,
    approved,
    completed,
    drafted,
    paid,
    partly_shipped,
    shipped,
    submitted,
)

GUIDE: Final = Path(__file__).parents[3] / "docs" / "orders.md"
REACHED: Final[dict[str, Callable[..., Order]]] = {
    "DRAFT": drafted,
    "IN_APPROVAL": submitted,
    "APPROVED": approved,
    "ACTIVATED": activated,
    "PARTIALLY_SHIPPED": partly_shipped,
    "SHIPPED": shipped,
    "COMPLETED": completed,
    "CANCELLED": lambda shop: service.cancel(drafted(shop).id, reason="Before", by=REP),
}


def told() -> Iterator[tuple[str, str]]:
    """The guide's table: from which status, to which, or that it is refused."""
    lines = GUIDE.read_text("utf-8").split("## What `cancel` does")[1].splitlines()
    rows = [line.strip("| ").split("|") for line in lines if line.startswith("| `")]
    for origin, target, *_ in rows:
        yield origin.strip(" `"), target.strip(" `")


def test_the_guide_tells_of_every_status() -> None:
    assert dict(told()).keys() == REACHED.keys()


@pytest.mark.parametrize(("origin", "target"), list(told()))
def test_cancelling_does_what_the_guide_says(shop: Shop, origin: str, target: str) -> None:
    order = REACHED[origin](shop)
    assert order.status == origin

    try:
        reached = service.cancel(order.id, reason="Changed mind", by=REP).status
    except errors.OutOfTurn:
        reached = "refused"

    assert reached == target


def test_money_that_is_here_for_a_cancelled_order_is_the_customers(shop: Shop) -> None:
    order = service.cancel(paid(activated(shop), 500).id, reason="Changed mind", by=REP)

    assert (order.status, order.payment_status) == ("CANCELLED", "OVERPAID")
    assert (order.owed.minor, order.open.minor, order.credit.minor) == (0, 0, 500)
    assert [part.status for part in order.payment_schedule] == ["DROPPED"]
    asked: Any = {"amount": Money(500, "CNY"), "method": "BANK", "reason": "Cancelled"}
    order = service.refund(order.id, reference="back-1", by=FINANCE, **asked)
    assert (order.payment_status, order.credit.minor) == ("REFUNDED", 0)


def test_the_rest_of_what_has_begun_to_go_out_is_given_up_and_owed_no_more(shop: Shop) -> None:
    gtx, sz = product(), warehouse("SZ")
    moved("RECEIPT", 10)
    lines = [{"product_id": gtx, "quantity": 3, "unit_price": Money(100, "CNY")}]
    order = activated(shop, lines=lines)
    service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 1}], by=REP)
    assert stands(gtx, sz) == (9, 2, 0, 7)

    order = service.cancel(order.id, reason="Changed mind", by=REP)

    assert stands(gtx, sz) == (9, 0, 0, 9)
    assert (order.status, order.lines[0].cancelled) == ("SHIPPED", 2)
    assert (order.total.minor, order.owed.minor, order.open.minor) == (300, 100, 100)
    assert service.complete(order.id, by=REP).status == "COMPLETED"
