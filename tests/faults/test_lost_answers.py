"""A request that died at any write, or heard nothing of it, sent once more: done once, answered the same."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final
from unittest.mock import ANY

import pytest
from moto import mock_aws

from chalicelib.core import clock
from chalicelib.core.table import RETRIES
from chalicelib.organisation.people import directory
from tests.client import Client
from tests.core.wrong import endpoints
from tests.faults.asking import CHANGING, send, told, undisturbed
from tests.faults.dying import dying
from tests.faults.effects import effect, held
from tests.faults.injector import Injector, injected
from tests.faults.verbs import VERBS
from tests.faults.world import World
from tests.memory import fresh_tables
from tests.platform.imports.bringing import make_bucket

#: No request writes more often than that.
AT_MOST: Final = 12
#: Where a doubled effect costs most; the others are tried by the long run.
DEAREST: Final = {
    "accounts.add_account", "activities.log_interaction", "contracts.draft_contract",
    "imports.begin_import", "leads.add_lead", "leads.add_leads", "leads.convert_lead",
    "orders.draft_order_of_opportunity", "order_money.pay_order", "order_goods.ship_order", "reports.run_now",
    "users.forget_login", "quote_links.accept_quote", "quote_links.ask_changes",
}  # fmt: skip
DEAREST_ON_THE_WIRE: Final = {
    "leads.add_leads", "leads.convert_lead", "order_money.pay_order", "orders.submit_order",
}  # fmt: skip
Fault = Callable[[int], AbstractContextManager[Any]]
DYING: Final[Mapping[str, Fault]] = {
    "dies before": lambda number: dying(number, "before"),
    "dies after": lambda number: dying(number, "after"),
}
#: The answer of a write that was carried out is lost on the wire: once, or to all of the SDK's retries.
RETRIED: Final = "lost once"
LOST: Final[Mapping[str, Fault]] = {
    RETRIED: lambda number: losing(number, 1),
    "lost for good": lambda number: losing(number, 1 + RETRIES),
}
#: How a change is refused that was made already: its version, status or place has moved on.
MOVED_ON: Final = {404, 409, 412}
NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def losing(number: int, times: int) -> AbstractContextManager[Injector]:
    """Let a write's answer be lost so many times."""
    return injected(Injector(random.Random(0), at=(number, "answer lost"), lasting=times))


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """The whole app."""
    with Client.open() as opened:
        yield opened


@pytest.fixture
def world() -> Iterator[World]:
    """A company at work, with a bucket for files."""
    with mock_aws(), clock.at(NOW):
        fresh_tables()
        make_bucket()
        directory.forget()
        yield World()


def test_every_verb_is_tried() -> None:
    assert CHANGING.keys() == VERBS.keys()


def test_a_creation_whose_answer_was_lost_is_answered_with_a_place_that_can_be_read() -> None:
    read = {each.path.rpartition("/{")[0] for each in endpoints() if each.method == "GET"}
    creations = [each for each in CHANGING.values() if each.status == 201 and not each.resumes]

    assert [each.name for each in creations if each.places not in read] == []


def tried(names: Iterable[str]) -> pytest.MarkDecorator:
    """Parametrize with every verb; those that are not named are tried by the long run."""
    marks = {name: () if name in names else pytest.mark.long for name in VERBS}
    return pytest.mark.parametrize("name", [pytest.param(name, marks=marks[name]) for name in VERBS])


def done_once(client: Client, world: World, name: str, faults: Mapping[str, Fault]) -> None:
    """Ask for a verb with each fault at each write, and once more: the effect is that of asking once."""
    endpoint, row = CHANGING[name], VERBS[name]
    expected = undisturbed(client, endpoint, row(world))
    assert expected.wrote, "a verb that writes nothing proves nothing"

    for number in range(AT_MOST):
        for fault, making in faults.items():
            ask, before, key = row(world), held(), f"{fault}-{number}".replace(" ", "-")
            with making(number) as made:
                first = send(client, endpoint, ask, key)
            # What the SDK's own retry got over, the client never learns of.
            assert fault != RETRIED or first.status == expected.answer[0], number
            again = send(client, endpoint, ask, key)

            assert effect(before, held()) == expected.wrote, (number, fault)
            if endpoint.secret:
                assert (again.status, again.json["id"]) == (201, ANY)
            elif endpoint.repeatable:
                assert told(again) == expected.answer, (number, fault)
            else:
                assert again.status in {200, *MOVED_ON}, (number, fault)
        if not made.happened:
            assert number, "nothing was disturbed"
            return
    raise AssertionError(f"more than {AT_MOST} writes in one request")


@tried(DEAREST)
def test_a_request_that_died_at_any_write_is_done_once(client: Client, world: World, name: str) -> None:
    done_once(client, world, name, DYING)


@tried(DEAREST_ON_THE_WIRE)
def test_a_request_whose_write_was_never_answered_is_done_once(
    client: Client, world: World, name: str
) -> None:
    done_once(client, world, name, LOST)
