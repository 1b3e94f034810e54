"""Changes after the approval: what must be signed anew, what follows at once, what stands."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from chalicelib.sales.orders.amendments import respread
from chalicelib.sales.orders.balance import Balance, settlement
from chalicelib.sales.orders.models import Order
from tests.client import ADMIN, FINANCE, MANAGER, OPERATIONS, REP, Client
from tests.sales.inventory.builders import moved, product, stands, warehouse
from tests.sales.orders.builders import Shop, activated, approved, may_give, open_shop, paid

MINOR = st.integers(0, 10**9)


@given(st.lists(MINOR, min_size=1, max_size=8), MINOR, MINOR)
def test_a_schedule_comes_to_the_new_total_and_what_is_paid_is_touched_last(
    agreed: list[int], came: int, total: int
) -> None:
    rows = [{"amount_minor": minor} for minor in agreed]
    payments = [{"amount_minor": came, "taken_back_on": None}]
    made = settlement(instalments=rows, payments=payments, sums=Balance(sum(agreed), came, 0))

    after = respread(agreed, made, total)

    assert sum(after) == total
    assert min(after) >= 0
    if total >= sum(agreed):
        assert all(new >= old for new, old in zip(after, agreed, strict=True))


def fees(quantity: int = 10, **terms: Any) -> list[dict[str, Any]]:
    return [{"name": "Fee", "quantity": quantity, "unit_price": Money(100, "CNY"), **terms}]


def amended(order: Order, **changes: Any) -> Order:
    return service.amend(order.id, reason="Asked for", by=REP, **changes)


def one(**terms: Any) -> dict[str, Any]:
    """A change of the first line."""
    return {"change": [{"number": 1, **terms}]}


def test_less_needs_no_new_signature_and_more_does(shop: Shop) -> None:
    order = amended(approved(shop, lines=fees()), **one(quantity=9))
    assert (order.total.minor, order.amendment, order.approvals[0].approved_by) == (900, None, MANAGER.id)

    order = amended(order, **one(quantity=10))
    assert order.total.minor == 1_000  # was signed for once already
    order = amended(order, **one(quantity=11))
    assert order.amendment is not None
    assert (order.status, order.total.minor) == ("APPROVED", 1_000)

    order = service.approve_amendment(order.id, by=MANAGER)
    assert (order.total.minor, order.amendment) == (1_100, None)


def test_only_the_steps_that_are_worse_are_signed_anew(shop: Shop) -> None:
    may_give(REP=1_000)
    service.set_policy(
        by=OPERATIONS,
        version=0,
        approval_limits=[Money(500, "CNY")],
        approval_steps=[{"name": "Finance", "discount_above_bps": 500, "roles": ["FINANCE"]}],
        payment_days=30,
        number_prefix="SO",
    )
    order = approved(shop, lines=fees(discount_bps=400))
    order = amended(order, **one(discount_bps=1_000))

    assert order.amendment is not None
    assert [(each.step, each.approved_by) for each in order.amendment.approvals] == [
        ("AMOUNT", MANAGER.id),
        ("Finance", None),
    ]
    order = service.approve_amendment(order.id, by=FINANCE)
    assert (order.lines[0].discount_bps, order.total.minor) == (1_000, 900)
    assert [each.approved_by for each in order.approvals] == [MANAGER.id, FINANCE.id]


def test_nobody_approves_a_change_of_their_own(shop: Shop) -> None:
    order = service.amend(activated(shop, lines=fees()).id, reason="x", by=MANAGER, **one(quantity=11))
    with pytest.raises(errors.Forbidden):
        service.approve_amendment(order.id, by=MANAGER)
    with pytest.raises(errors.Conflict) as second:
        amended(order, **one(quantity=12))

    assert second.value.code == "amendment_open"
    assert service.approve_amendment(order.id, by=ADMIN).total.minor == 1_100


def test_a_dropped_change_leaves_the_order_as_it_was(shop: Shop) -> None:
    order = amended(activated(shop, lines=fees()), **one(quantity=11))

    order = service.drop_amendment(order.id, by=REP)

    assert (order.amendment, order.total.minor) == (None, 1_000)
    with pytest.raises(errors.Conflict):
        service.approve_amendment(order.id, by=MANAGER)


def test_what_has_gone_out_stands(shop: Shop) -> None:
    lines = [*fees(), *fees(5), *fees(1)]
    order = activated(shop, lines=lines)
    gone = [{"number": 1, "quantity": 4}, {"number": 2, "quantity": 1}]
    service.ship(order.id, reference="s-1", lines=gone, by=REP)
    service.return_goods(order.id, reference="r-1", reason="x", lines=[gone[1]], by=REP)

    with pytest.raises(errors.Invalid) as refused:
        service.amend(
            order.id,
            reason="x",
            by=REP,
            change=[
                {"number": 1, "quantity": 3, "unit_price": Money(1, "CNY")},
                {"number": 2, "quantity": 4},
                {"number": 9, "quantity": 4},
            ],
            drop=[1, 8],
        )
    assert [(each.field, each.code) for each in refused.value.errors] == [
        ("drop.0", "line_gone"),
        ("drop.1", "unknown_line"),
        ("change.0.number", "unknown_line"),
        ("change.1.quantity", "line_gone"),
        ("change.2.number", "unknown_line"),
    ]
    order = service.amend(order.id, reason="x", by=REP, drop=[3], **one(quantity=4))
    assert [(line.number, line.quantity) for line in order.lines] == [(1, 4), (2, 5)]
    assert order.owed.minor == 800


def test_what_went_out_while_a_change_waited_overtakes_it(shop: Shop) -> None:
    order = activated(shop, lines=[*fees(), *fees()])
    more = {"add": fees(20), "drop": [2]}
    assert amended(order, **more).amendment
    service.ship(order.id, reference="s-1", by=REP)

    with pytest.raises(errors.OutOfTurn):
        service.approve_amendment(order.id, by=MANAGER)
    assert service.drop_amendment(order.id, by=REP).amendment is None

    order = amended(activated(shop, lines=[*fees(), *fees()]), **more)
    service.ship(order.id, reference="s-1", lines=[{"number": 2, "quantity": 1}], by=REP)
    with pytest.raises(errors.Blocked) as refused:
        service.approve_amendment(order.id, by=MANAGER)
    assert refused.value.missing[0].code == "line_gone"


def test_schedule_and_payments_follow_a_change(shop: Shop) -> None:
    parts = [(date(2027, 1, 31), 400), (date(2027, 2, 28), 600)]
    schedule = [{"due_on": day, "amount": Money(minor, "CNY")} for day, minor in parts]
    order = paid(activated(shop, lines=fees(), payment_schedule=schedule), 900)

    order = amended(order, **one(quantity=8))
    assert [(part.amount.minor, part.paid.minor) for part in order.payment_schedule] == [
        (400, 400),
        (400, 400),
    ]
    assert (order.payment_status, order.credit.minor, order.amendment_reason) == (
        "OVERPAID",
        100,
        "Asked for",
    )

    order = service.approve_amendment(amended(order, add=fees(4)).id, by=MANAGER)
    assert [part.amount.minor for part in order.payment_schedule] == [400, 800]
    assert (order.open.minor, order.credit_held) == (300, 300)


def test_an_instalment_of_which_a_change_leaves_nothing_is_dropped(shop: Shop) -> None:
    schedule = [{"due_on": date(2099, month, 1), "amount": Money(500, "CNY")} for month in (1, 2)]
    order = activated(shop, lines=fees(), payment_schedule=schedule)

    order = amended(order, **one(quantity=5))

    assert [(part.amount.minor, part.status) for part in order.payment_schedule] == [
        (500, "OPEN"),
        (0, "DROPPED"),
    ]
    gift = activated(shop, lines=[{"name": "Gift", "quantity": 1, "unit_price": Money(0, "CNY")}])
    assert [part.status for part in gift.payment_schedule] == ["PAID"]


def test_promises_follow_a_change(shop: Shop) -> None:
    gtx, sz = product(), warehouse("SZ")
    xm = warehouse("XM", rank=200)
    moved("RECEIPT", 5)
    moved("RECEIPT", 5, at="XM")
    order = activated(shop, lines=[{"product_id": gtx, "quantity": 4}])
    service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 1}], by=REP)

    order = amended(order, **one(quantity=2))
    assert stands(gtx, sz) == (4, 1, 0, 3)
    order = amended(order, **one(quantity=4))
    assert stands(gtx, sz) == (4, 3, 0, 1)
    order = service.approve_amendment(amended(order, **one(quantity=9)).id, by=MANAGER)
    assert (stands(gtx, sz), stands(gtx, xm)) == ((4, 3, 0, 1), (5, 5, 0, 0))

    too_many = amended(order, **one(quantity=11))
    with pytest.raises(errors.Blocked):
        service.approve_amendment(too_many.id, by=MANAGER)
    service.drop_amendment(order.id, by=REP)
    assert service.ship(order.id, reference="s-2", by=REP).status == "SHIPPED"
    assert (stands(gtx, sz), stands(gtx, xm)) == ((1, 0, 0, 1), (0, 0, 0, 0))


def test_an_order_is_changed_over_http(client: Client) -> None:
    order = activated(open_shop(), lines=fees())
    at = f"/orders/{order.id}/amendment"
    price = {"amount": "1.50", "currency": "CNY"}
    line = {"number": 1, "unit_price": price}

    twice = client.post(at, {"reason": "Dearer", "change": [line, line]}, by=REP)
    nothing = client.post(at, {"reason": "Dearer", "change": [{"number": 1, "quantity": 10}]}, by=REP)
    waiting = client.post(at, {"reason": "Dearer", "change": [line]}, by=REP).json["amendment"]
    done = client.post(f"{at}/approve", by=MANAGER).json

    assert twice.json["errors"][0]["code"] == "line_twice"
    assert nothing.json["errors"][0]["code"] == "nothing_amended"
    assert (waiting["changes"][0]["unit_price"], waiting["proposed_by"]) == (price, REP.id)
    assert (done["amendment"], done["total"]["amount"]) == (None, "15.00")
    assert client.post(f"{at}/drop", by=REP).status == 409
