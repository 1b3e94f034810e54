"""A request whose function died at any write, sent once more: done once, answered as if nothing had been."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from unittest.mock import ANY

import pytest
from moto import mock_aws

from chalicelib.core import clock
from chalicelib.organisation.people import directory
from tests.client import Client
from tests.faults.asking import CHANGING, send, told, undisturbed
from tests.faults.dying import dying
from tests.faults.effects import effect, held
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
    "users.forget_login",
}  # fmt: skip
#: How a change is refused that was made already: its version, status or place has moved on.
MOVED_ON: Final = {404, 409, 412}
NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


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


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in DEAREST else pytest.mark.long) for name in VERBS]
)
def test_a_request_that_died_at_any_write_is_done_once(client: Client, world: World, name: str) -> None:
    endpoint, row = CHANGING[name], VERBS[name]
    expected = undisturbed(client, endpoint, row(world))
    assert expected.wrote, "a verb that writes nothing proves nothing"

    for number in range(AT_MOST):
        for moment in ("before", "after"):
            ask, before, key = row(world), held(), f"{moment}-{number}"
            with dying(number, moment) as death:
                send(client, endpoint, ask, key)
            again = send(client, endpoint, ask, key)

            assert effect(before, held()) == expected.wrote, (number, moment)
            if endpoint.secret:
                assert (again.status, again.json["id"]) == (201, ANY)
            elif endpoint.repeatable:
                assert told(again) == expected.answer, (number, moment)
            else:
                assert again.status in {200, *MOVED_ON}, (number, moment)
        if not death.happened:
            return
    raise AssertionError(f"more than {AT_MOST} writes in one request")
