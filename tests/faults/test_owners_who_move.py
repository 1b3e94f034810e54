"""A record written while its owner moves to another team: it ends where the owner is."""

import pytest

from chalicelib.core.step import change
from chalicelib.core.table import Record
from chalicelib.organisation.people import service as people
from tests.client import ADMIN, NORTH, REP, SOUTH
from tests.faults.world import World
from tests.streams import Stream


@pytest.mark.parametrize("what", ["account", "contact", "task", "lead", "deal", "order", "contract"])
def test_what_was_written_for_the_team_that_its_owner_left_follows(
    stream: Stream, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    world = World()
    change(people.user(REP.id), by=ADMIN.id, team_id=SOUTH)
    stream.drain()
    left = {"owner_id": REP.id, "team_id": NORTH}
    with monkeypatch.context() as before_the_move:
        before_the_move.setattr(people, "owner_fields", lambda user_id, field="owner_id": left)
        made = getattr(world, what)()
    assert made.team_id == NORTH

    stream.drain()

    followed = Record.anywhere(made.id)
    assert followed is not None
    assert getattr(followed, "team_id", None) == SOUTH
