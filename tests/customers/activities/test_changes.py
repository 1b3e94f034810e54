"""What interactions contribute to the figures, and what tasks do when people move."""

from datetime import UTC, datetime

import pytest

from chalicelib.core import boards
from chalicelib.core.step import change
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from tests.client import NORTH, OPERATIONS, REP, SOUTH
from tests.customers import builders
from tests.streams import Stream

pytestmark = pytest.mark.usefixtures("company")


def test_interactions_are_counted_in_the_month_they_happened(stream: Stream) -> None:
    account = builders.account()
    for kind in ("CALL", "CALL", "VISIT"):
        builders.call(account.id, type=kind, happened_at=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    slip = builders.call(account.id, happened_at=datetime(2026, 3, 31, 16, tzinfo=UTC))
    stream.drain()
    march, april = f"2026-03|{REP.id}", f"2026-04|{REP.id}"
    assert boards.read("activities|owner") == {
        march: {"CALL.count": 2, "VISIT.count": 1},
        april: {"CALL.count": 1},
    }

    activities.void_activity(slip.id, version=None, by=REP)
    stream.drain()

    assert boards.read("activities|owner")[april] == {"CALL.count": 0}


def test_tasks_follow_their_owner_and_interactions_stay_where_they_happened(stream: Stream) -> None:
    call = builders.call(builders.account().id, next_action={"title": "Visit", "due_at": builders.TOMORROW})

    change(people.user(REP.id), by=OPERATIONS.id, team_id=SOUTH)
    stream.drain()

    assert activities.task(str(call.task_id), who=REP).team_id == SOUTH
    assert activities.activity(call.id, who=REP).team_id == NORTH
