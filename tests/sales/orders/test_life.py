"""The life of an order, verb by verb."""

from datetime import date

import pytest

from chalicelib.core import errors
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.sales.orders import service
from tests.client import ADMIN, FINANCE, MANAGER, OPERATIONS, REP, STRANGER
from tests.organisation.people.builders import SOUTH_MANAGER
from tests.sales.orders.builders import Shop, activated, approved, drafted, may_give, paid


def _limit(minor: int) -> None:
    service.set_policy(
        by=OPERATIONS,
        version=0,
        approval_limits=[Money(minor, "CNY")],
        payment_days=14,
        number_prefix="XS",
    )


def test_an_order_without_lines_is_not_handed_in(shop: Shop) -> None:
    with pytest.raises(errors.Blocked) as refused:
        service.submit(drafted(shop, lines=[]).id, by=REP)

    assert refused.value.missing[0].code == "no_lines"


def test_a_schedule_has_to_come_to_the_total(shop: Shop) -> None:
    parts = [
        {"due_on": date(2027, 1, 31), "amount": Money(500_000, "CNY")},
        {"due_on": date(2026, 12, 31), "amount": Money(491_383, "CNY")},
    ]
    order = drafted(shop, payment_schedule=parts)
    with pytest.raises(errors.Blocked) as refused:
        service.submit(order.id, by=REP)
    assert refused.value.missing[0].code == "schedule_sum"

    parts[1]["amount"] = Money(491_384, "CNY")
    service.edit(order.id, by=REP, version=None, payment_schedule=parts)

    assert service.submit(order.id, by=REP).status == "IN_APPROVAL"
    days = [part.due_on for part in service.order(order.id, who=REP).payment_schedule]
    assert days == [date(2026, 12, 31), date(2027, 1, 31)]


def test_an_order_within_the_limit_is_approved_at_once(shop: Shop) -> None:
    _limit(991_384)
    may_give(REP=2_000)

    order = service.submit(drafted(shop).id, by=REP)

    assert (order.status, order.number[:3]) == ("APPROVED", "XS-")
    assert not order.approved_by


def test_an_order_over_the_limit_waits_for_somebody_else(shop: Shop) -> None:
    _limit(991_383)
    may_give(REP=2_000)
    order = service.submit(drafted(shop).id, by=REP)
    assert order.status == "IN_APPROVAL"

    with pytest.raises(errors.Forbidden):
        service.approve(order.id, by=REP)
    with pytest.raises(errors.NotFound):
        service.approve(order.id, by=SOUTH_MANAGER)

    assert service.approve(order.id, by=FINANCE).approved_by == FINANCE.id


def test_nobody_approves_what_they_handed_in_but_an_administrator(shop: Shop) -> None:
    mine = service.submit(drafted(shop).id, by=MANAGER)
    with pytest.raises(errors.Forbidden) as refused:
        service.approve(mine.id, by=MANAGER)
    assert refused.value.code == "own_submission"

    admins = service.submit(drafted(shop).id, by=ADMIN)
    assert service.approve(admins.id, by=ADMIN).status == "APPROVED"


def test_a_rejected_order_is_a_draft_again_and_says_why(shop: Shop) -> None:
    order = service.submit(drafted(shop).id, by=REP)

    order = service.reject(order.id, reason="Discount too high", by=MANAGER)
    assert (order.status, order.rejection_reason) == ("DRAFT", "Discount too high")

    order = service.submit(order.id, by=REP)
    assert order.status == "IN_APPROVAL"
    assert not order.rejection_reason


def test_an_approved_order_that_is_taken_back_needs_approval_again(shop: Shop) -> None:
    order = service.withdraw(approved(shop).id, by=REP)

    service.edit(order.id, by=REP, version=None, note="Two more")

    assert service.submit(order.id, by=REP).status == "IN_APPROVAL"


def test_lines_change_in_a_draft_only(shop: Shop) -> None:
    order = approved(shop)

    with pytest.raises(errors.OutOfTurn) as refused:
        service.edit(order.id, by=REP, version=None, lines=[])

    assert refused.value.state == "APPROVED"
    assert refused.value.possible == ["withdraw", "activate", "amend", "drop_amendment", "cancel"]


def test_an_activated_order_is_owed_at_the_end_of_its_term(shop: Shop) -> None:
    order = activated(shop, payment_days=10)

    [only] = order.payment_schedule
    assert (only.due_on - order.activated_on).days == 10
    assert (only.amount, order.open, order.payment_status) == (order.total, order.total, "UNPAID")


def test_an_order_goes_out_in_parts_and_never_more_than_was_ordered(shop: Shop) -> None:
    order = activated(shop)

    order = service.ship(order.id, reference="s-1", lines=[{"number": 1, "quantity": 4}], by=REP)
    assert order.status == "PARTIALLY_SHIPPED"
    with pytest.raises(errors.Invalid) as refused:
        service.ship(order.id, reference="s-2", lines=[{"number": 1, "quantity": 7}], by=REP)
    assert refused.value.errors[0].values["left"] == 6

    order = service.ship(order.id, reference="s-2", carrier="SF 顺丰", tracking="SF1", by=REP)
    assert (order.status, order.shipments[1].quantities) == ("SHIPPED", {1: 6, 2: 7})
    assert service.complete(order.id, by=REP).status == "COMPLETED"


def test_the_same_shipment_told_twice_goes_out_once(shop: Shop) -> None:
    order = activated(shop)
    some = [{"number": 2, "quantity": 1}, {"number": 1, "quantity": 4}]
    first = service.ship(order.id, reference="s-1", lines=some, by=REP)

    again = service.ship(order.id, reference="s-1", lines=some[::-1], by=REP)

    assert (again.version, len(again.shipments)) == (first.version, 1)
    with pytest.raises(errors.Conflict) as refused:
        service.ship(order.id, reference="s-1", lines=some[:1], by=REP)
    assert refused.value.code == "reference_taken"


def test_the_last_shipment_told_twice_is_no_error(shop: Shop) -> None:
    order = service.ship(activated(shop).id, reference="s-1", by=REP)

    assert service.ship(order.id, reference="s-1", by=REP).version == order.version


def test_money_comes_in_parts_and_never_more_than_is_owed(shop: Shop) -> None:
    order = paid(activated(shop), 991_383)
    assert (order.payment_status, order.open) == ("PARTLY_PAID", Money(1, "CNY"))

    with pytest.raises(errors.Invalid) as refused:
        paid(order, 2, "bank-2")
    assert refused.value.errors[0].code == "more_than_owed"
    with pytest.raises(errors.Invalid):
        service.pay(order.id, reference="x", amount=Money(1, "USD"), method="BANK", by=FINANCE)

    order = paid(order, 1, "bank-2")
    assert (order.payment_status, order.status) == ("PAID", "ACTIVATED")


def test_the_same_payment_told_twice_counts_once(shop: Shop) -> None:
    order = activated(shop)

    assert paid(order, 500).paid == paid(order, 500).paid == Money(500, "CNY")
    with pytest.raises(errors.Conflict) as refused:
        paid(order, 501)
    assert refused.value.code == "reference_taken"


def test_a_payment_recorded_by_mistake_counts_no_more_but_stays(shop: Shop) -> None:
    order = paid(activated(shop), 500)
    with pytest.raises(errors.Forbidden):
        service.take_back(order.id, reference="bank-1", reason="Wrong order", by=REP)

    order = service.take_back(order.id, reference="bank-1", reason="Wrong order", by=FINANCE)

    assert (order.paid, order.payment_status) == (Money(0, "CNY"), "UNPAID")
    assert order.payments[0].reason == "Wrong order"
    with pytest.raises(errors.Conflict):
        paid(order, 500)
    with pytest.raises(errors.Invalid):
        service.take_back(order.id, reference="bank-1", reason="Again", by=FINANCE)


def test_somebody_elses_order_is_not_there(shop: Shop) -> None:
    order = drafted(shop)

    for act in (service.submit, service.activate, service.withdraw):
        with pytest.raises(errors.NotFound):
            act(order.id, by=STRANGER)


def test_a_policy_changed_on_an_old_version_is_refused(shop: Shop) -> None:
    _limit(1)

    with pytest.raises(errors.Stale):
        _limit(2)
    with pytest.raises(errors.Invalid):
        service.set_policy(
            by=SYSTEM,
            version=None,
            approval_limits=[Money(1, "CNY"), Money(2, "CNY")],
            payment_days=30,
            number_prefix="SO",
        )
