"""Reminders: each step once, in the customer's language, until it is paid."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from chalicelib.core import clock
from chalicelib.core.access import SYSTEM
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.core.step import change
from chalicelib.customers.activities.models import OPEN, Task
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.orders import service as orders
from chalicelib.sales.revenue import service
from tests.client import FINANCE, REP
from tests.core.mailbox import Mailbox, mailbox
from tests.sales.orders.builders import Shop
from tests.sales.revenue.builders import (
    MORNING,
    a_buyer,
    a_contract,
    an_order,
    open_shop,
    policy,
    receivables_of,
    sweep_at,
)
from tests.streams import Stream

STEPS: Final = [
    {"days": -5, "template": "UPCOMING", "to": "CONTACT"},
    {"days": 7, "template": "FRIENDLY", "to": "CONTACT"},
    {"days": 14, "template": "FIRM", "to": "OWNER"},
]


@pytest.fixture
def post(tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mailbox() as opened:
        monkeypatch.setenv("SALESTREAM_MAIL_PORT", opened.port)
        settings.cache_clear()
        yield opened
    settings.cache_clear()


@pytest.fixture
def shop(post: Mailbox) -> Shop:
    with clock.at(MORNING):
        made = open_shop()
        policy(dunning=STEPS)
    return made


def _day_begins(month: int, day: int) -> datetime:
    return clock.start_of(date(2026, month, day))


def _outcomes(source_id: str) -> list[tuple[Any, ...]]:
    [first, *_] = receivables_of(source_id, count=1)
    return [(row["days"], row["outcome"]) for row in first.reminder_rows]


def _to_do(order_id: str) -> list[Task]:
    return [each for each in Task.scan() if each.about_id == order_id and each.status in OPEN]


def test_a_customer_is_reminded_before_and_after_the_due_day_and_then_the_owner(
    shop: Shop, stream: Stream, post: Mailbox
) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()

    for moment in [(3, 26), (4, 7), (4, 7), (4, 14), (4, 15)]:
        sweep_at(_day_begins(*moment))

    assert _outcomes(order.id) == [(-5, "SENT"), (7, "SENT"), (14, "TASK")]
    assert post.recipients == ["li.wei@kangnai.example.com"] * 2
    assert post.messages[0]["Subject"] == f"Salestream：{order.number}/1 将于 2026-03-31 到期"
    assert "4000.00 CNY" in post.messages[1].get_content()
    [task] = _to_do(order.id)
    assert (task.owner_id, task.account_id) == (REP.id, shop.account_id)


def test_an_instalment_for_which_another_day_was_agreed_is_reminded_of_anew_once(
    shop: Shop, stream: Stream, post: Mailbox
) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()
    for moment in [(3, 26), (4, 7), (4, 14)]:
        sweep_at(_day_begins(*moment))
    with clock.at(_day_begins(4, 15)):
        later = date(2026, 4, 29)
        orders.reschedule(order.id, instalment=1, due_on=later, reason="Fire in their works", by=FINANCE)
        stream.drain()
    sweep_at(_day_begins(4, 23))
    assert len(_outcomes(order.id)) == 3

    for moment in [(4, 24), (4, 24), (5, 6), (5, 6), (5, 13), (5, 14)]:
        sweep_at(_day_begins(*moment))

    assert _outcomes(order.id) == [(-5, "SENT"), (7, "SENT"), (14, "TASK")] * 2
    first = f"{order.number}/1"
    subjects = [subject for mail in post.messages if first in (subject := str(mail["Subject"]))]
    assert len(subjects) == 4
    assert subjects[2] == f"Salestream：{first} 将于 2026-04-29 到期"
    assert len([task for task in _to_do(order.id) if first in task.title]) == 2


def test_what_was_taken_before_its_due_day_was_noted_counts_for_the_present_one(
    shop: Shop, stream: Stream, post: Mailbox
) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()
        [first, *_] = receivables_of(order.id, count=1)
        taken = {**STEPS[0], "outcome": "SENT", "on": "2026-03-26"}
        change(first, by=SYSTEM.id, reminder_rows=[taken])

    sweep_at(_day_begins(3, 26))

    assert (_outcomes(order.id), post.messages) == ([(-5, "SENT")], [])


def test_what_is_paid_is_not_reminded_of(shop: Shop, stream: Stream, post: Mailbox) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()
        amount = Money(400_000, "CNY")
        orders.pay(order.id, reference="TT-1", amount=amount, method="BANK", by=FINANCE)
        stream.drain()

    sweep_at(_day_begins(3, 26))
    sweep_at(_day_begins(4, 7))

    assert (post.messages, _outcomes(order.id)) == ([], [])


def test_after_a_stand_still_only_the_last_step_is_taken(shop: Shop, stream: Stream, post: Mailbox) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()
    [first, *_] = receivables_of(order.id, count=1)

    with clock.at(_day_begins(4, 8)):
        service.remind(first)

    assert _outcomes(order.id) == [(-5, "SKIPPED"), (7, "SENT")]
    assert len(post.messages) == 1


def test_where_nobody_can_be_written_to_the_owner_gets_a_task(
    shop: Shop, stream: Stream, post: Mailbox
) -> None:
    with clock.at(MORNING):
        order = an_order(shop)
        stream.drain()

    sweep_at(_day_begins(3, 26))

    assert _outcomes(order.id) == [(-5, "NO_ADDRESS")]
    [task] = _to_do(order.id)
    assert task.owner_id == REP.id


def test_of_a_contract_its_own_contact_is_reminded_whoever_that_is_by_then(
    shop: Shop, stream: Stream, post: Mailbox
) -> None:
    with clock.at(MORNING):
        contract = a_contract(shop.account_id, contact_id=a_buyer(shop).id)
        stream.drain()
        later = a_buyer(shop, email="zhao@kangnai.example.com", language="en")
        contracts.edit(contract.id, contact_id=later.id, version=None, by=REP)
        stream.drain()

    sweep_at(_day_begins(3, 26))

    assert _outcomes(contract.id) == [(-5, "SENT")]
    assert post.recipients == ["zhao@kangnai.example.com"]


def test_a_mail_that_does_not_get_through_is_tried_again_and_then_told(
    shop: Shop, stream: Stream, post: Mailbox
) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()
    post.refuses = True
    moment = _day_begins(3, 26)

    for _ in range(4):
        sweep_at(moment)
        moment = datetime.fromisoformat(receivables_of(order.id, count=1)[0].due_minute).replace(tzinfo=UTC)

    assert _outcomes(order.id) == [(-5, "FAILED")]
    assert not post.messages


def test_what_is_held_is_not_reminded_of_until_it_goes_on(shop: Shop, stream: Stream, post: Mailbox) -> None:
    with clock.at(MORNING):
        order = an_order(shop, contact_id=a_buyer(shop).id)
        stream.drain()
        [first, *_] = receivables_of(order.id, count=1)
        service.hold(first.id, reason="Disputed", by=REP)
    sweep_at(_day_begins(3, 26))
    assert not post.messages

    with clock.at(_day_begins(3, 28)):
        service.go_on(first.id, by=REP)
        sweep_at(clock.now())

    assert _outcomes(order.id) == [(-5, "SENT")]
