"""What was made is where the answer says, also when the answer was lost and the request came again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from moto import mock_aws

from chalicelib.core import clock, idempotency
from chalicelib.organisation.people import directory
from tests.client import Client
from tests.faults.asking import CHANGING, send
from tests.faults.verbs import VERBS
from tests.faults.world import World
from tests.memory import fresh_tables
from tests.platform.imports.bringing import make_bucket

#: Every route that makes something.
MAKING: Final = [each.name for each in CHANGING.values() if each.method == "POST" and each.status == 201]
#: Told of other systems under references of theirs: read in lists.
NOWHERE: Final = {"stock_movements.record_movement"}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A company at work, with a bucket for files."""
    with mock_aws(), clock.at(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)):
        fresh_tables()
        make_bucket()
        directory.forget()
        yield World()


@pytest.mark.parametrize("name", MAKING)
def test_an_answer_that_was_lost_names_the_same_place_when_it_is_asked_for_again(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "keep", lambda *_: None)
    ask, endpoint = VERBS[name](world), CHANGING[name]

    with Client.open() as client:
        first, again = (send(client, endpoint, ask, name) for _ in range(2))
        place = first.headers.get("location")

        assert (first.status, again.status) == (201, 201)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers.get("location") == place
        assert (place is None) == (name in NOWHERE)
        if place:
            found = client.get(place, by=ask.by).json
            assert found.get("id") == place.rpartition("/")[2]
