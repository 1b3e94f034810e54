"""Whoever is to decide about an order hears of it, and has a list of what waits."""

from typing import Any

import pytest

from chalicelib.core.access import Principal
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.orders import service
from tests.client import ADMIN, COLLEAGUE, FINANCE, MANAGER, OPERATIONS, REP, STRANGER, Client
from tests.organisation.people.builders import SOUTH_MANAGER
from tests.sales.orders.builders import Shop, activated, approved, drafted, may_give, open_shop, submitted
from tests.streams import Stream


def to_do(who: Principal) -> list[str]:
    """Return the titles of somebody's open tasks."""
    return [each.title for each in activities.tasks(who=who, limit=50).items]


def amended(order_id: str) -> None:
    more = [{"number": 1, "quantity": 11}]
    service.amend(order_id, reason="They need more", change=more, by=REP)


def test_the_manager_is_asked_to_approve_an_order_until_it_is_decided(shop: Shop, stream: Stream) -> None:
    may_give(REP=2_000)
    order = submitted(shop)
    stream.drain()
    assert to_do(MANAGER) == [f"Approve order {order.number}, 9913.84 CNY (step “AMOUNT”)"]
    assert not any(map(to_do, (SOUTH_MANAGER, FINANCE, OPERATIONS, ADMIN, REP)))

    service.reject(order.id, reason="Too cheap", by=MANAGER)
    stream.drain()
    assert to_do(MANAGER) == []
    service.submit(order.id, by=REP)
    stream.drain()
    assert len(to_do(MANAGER)) == 1
    service.approve(order.id, by=MANAGER)
    stream.drain()
    assert to_do(MANAGER) == []


def test_each_step_of_an_approval_asks_those_of_its_roles(shop: Shop, stream: Stream) -> None:
    step: dict[str, Any] = {"name": "BOARD", "over": [], "roles": ["FINANCE"]}
    terms: dict[str, Any] = {"approval_limits": [], "payment_days": 30, "number_prefix": "SO"}
    service.set_policy(by=OPERATIONS, version=0, approval_steps=[step], **terms)
    order = submitted(shop)
    stream.drain()
    assert (len(to_do(MANAGER)), to_do(FINANCE)) == (1, [])

    service.approve(order.id, by=MANAGER)
    stream.drain()

    assert to_do(MANAGER) == []
    assert to_do(FINANCE) == [f"Approve order {order.number}, 9913.84 CNY (step “BOARD”)"]


def test_who_handed_it_in_is_not_asked_to_approve_it(shop: Shop, stream: Stream) -> None:
    service.submit(drafted(shop).id, by=MANAGER)
    stream.drain()

    assert to_do(MANAGER) == []
    assert [len(to_do(who)) for who in (OPERATIONS, FINANCE, ADMIN)] == [1, 1, 0]


def test_the_manager_is_asked_to_approve_a_change_until_it_is_dropped(shop: Shop, stream: Stream) -> None:
    order = approved(shop)
    amended(order.id)
    stream.drain()
    assert to_do(MANAGER) == [f"Approve the change of order {order.number} (step “AMOUNT”): They need more"]

    service.drop_amendment(order.id, by=REP)
    stream.drain()
    assert to_do(MANAGER) == []


def test_finance_is_asked_for_an_invoice_until_it_answers(shop: Shop, stream: Stream) -> None:
    order = service.request_invoice(activated(shop).id, reference="i-1", title="Kangnai", by=REP)
    stream.drain()
    assert to_do(FINANCE) == [f"Invoice order {order.number}: 9913.84 CNY, Kangnai"]
    assert to_do(MANAGER) == []

    service.issue_invoice(order.id, reference="i-1", number="N7", by=FINANCE)
    stream.drain()
    assert to_do(FINANCE) == []


def test_without_anybody_in_finance_the_manager_is_asked_for_an_invoice(shop: Shop, stream: Stream) -> None:
    people.let_go(FINANCE.id, version=None, by=ADMIN)
    service.request_invoice(activated(shop).id, reference="i-1", title="Kangnai", by=REP)
    stream.drain()

    assert len(to_do(MANAGER)) == 1


def test_being_told_again_asks_nobody_twice(shop: Shop, stream: Stream) -> None:
    service.approve(submitted(shop).id, by=MANAGER)
    submitted(shop)
    stream.drain()
    stream.deliver(list(stream.delivered))

    assert len(to_do(MANAGER)) == 1


def test_those_who_are_asked_are_few_and_administrators_the_last(shop: Shop) -> None:
    def asked(**those: Any) -> list[str]:
        return [each.id for each in people.deciders(REP.id, **those)]

    assert asked(may=lambda _: True, but=None) == [MANAGER.id]
    assert asked(may=lambda who: who.role == "ADMIN", but=None) == [ADMIN.id]
    assert asked(may=lambda who: who.role == "REP", but=None) == []
    assert asked(may=lambda _: False, but=None) == []


def waiting(client: Client, who: Principal, what: str) -> list[str]:
    found = client.get("/orders", by=who, query={"waits_for": what}).json["items"]
    return [each["id"] for each in found]


def test_what_waits_is_listed_for_those_who_reach_it(client: Client) -> None:
    shop = open_shop()
    handed_in, changed, invoiced = submitted(shop).id, activated(shop).id, activated(shop).id
    amended(changed)
    for each in (changed, invoiced):
        service.request_invoice(each, reference="i-1", title="Kangnai", by=REP)
    drafted(shop)

    for who in (MANAGER, FINANCE, REP):
        assert waiting(client, who, "APPROVAL") == [changed, handed_in]
        assert waiting(client, who, "INVOICE") == [invoiced, changed]
    for who in (COLLEAGUE, STRANGER, SOUTH_MANAGER):
        assert waiting(client, who, "APPROVAL") == []

    service.drop_amendment(changed, by=REP)
    service.reject(handed_in, reason="Too cheap", by=MANAGER)
    service.refuse_invoice(invoiced, reference="i-1", reason="No", by=FINANCE)
    assert (waiting(client, MANAGER, "APPROVAL"), waiting(client, MANAGER, "INVOICE")) == ([], [changed])


@pytest.mark.parametrize(
    ("query", "field"),
    [({"waits_for": "GODOT"}, "waits_for"), ({"waits_for": "INVOICE", "owner_id": REP.id}, "owner_id")],
)
def test_what_waits_is_a_list_of_its_own(client: Client, query: dict[str, str], field: str) -> None:
    reply = client.get("/orders", by=MANAGER, query=query)

    assert reply.status == 400
    assert field in {each["field"] for each in reply.json["errors"]}
