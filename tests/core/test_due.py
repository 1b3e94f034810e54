"""Due work happens once, in its minute or late, and what failed is not forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core import clock, due, errors
from chalicelib.core.step import change, create
from chalicelib.insight.reports.models import ReportRun, Subscription

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNER = "user_00000000000000000000000REP"


@pytest.fixture(autouse=True)
def _tables(tables: None) -> Iterator[None]:
    with clock.at(NOW):
        yield


def due_at(instant: datetime) -> Subscription:
    """Return a record that is due at an instant."""
    made = Subscription(
        report="REP_DAILY", language="en", zone="UTC", hour=8, owner_id=OWNER, due_minute=due.minute(instant)
    )
    create(made, by=OWNER)
    return made


class Handler:
    """Does what is due, except while it fails."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.fails: Exception | None = None

    def __call__(self, record: Subscription) -> None:
        if self.fails:
            raise self.fails
        self.seen.append(record.id)
        change(record, by=OWNER, due_minute=None)


def sweep(handler: Handler, *, minutes: int = 0) -> int:
    """Sweep so many minutes later."""
    with clock.at(NOW + timedelta(minutes=minutes)):
        return due.sweep({Subscription: handler, ReportRun: handler})


def test_what_is_due_is_handled_once() -> None:
    handler, record = Handler(), due_at(NOW)

    assert [sweep(handler, minutes=minutes) for minutes in (0, 0, 1)] == [1, 0, 0]
    assert handler.seen == [record.id]


def test_what_is_due_later_waits() -> None:
    handler = Handler()
    due_at(NOW + timedelta(minutes=2))

    assert [sweep(handler, minutes=minutes) for minutes in (0, 1, 2)] == [0, 0, 1]


def test_a_sweep_that_comes_late_catches_up() -> None:
    handler = Handler()
    sweep(handler)
    due_at(NOW + timedelta(minutes=10))

    assert sweep(handler, minutes=90) == 1


def test_after_a_long_stand_still_the_present_comes_first_and_the_past_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handler = Handler()
    monkeypatch.setattr(due, "STRIDE", timedelta(minutes=20))
    sweep(handler)
    early, late, present = (due_at(NOW + timedelta(minutes=minutes)) for minutes in (10, 30, 60))

    assert [sweep(handler, minutes=minutes) for minutes in (60, 61, 62)] == [2, 1, 0]
    assert handler.seen == [early.id, present.id, late.id]


def test_kinds_that_share_a_table_do_not_get_each_others_work() -> None:
    runs, subscriptions = Handler(), Handler()
    record = due_at(NOW)

    due.sweep({ReportRun: runs, Subscription: subscriptions})

    assert (runs.seen, subscriptions.seen) == ([], [record.id])


@pytest.mark.parametrize("failure", [ValueError("no"), errors.Stale()])
def test_what_failed_is_come_back_to_until_it_is_done(failure: Exception) -> None:
    handler, record = Handler(), due_at(NOW)
    handler.fails = failure
    for minutes in range(0, 30, 3):
        assert sweep(handler, minutes=minutes) == 0
    handler.fails = None

    assert sweep(handler, minutes=31) == 1
    assert handler.seen == [record.id]
    assert sweep(handler, minutes=32) == 0


def test_what_never_succeeds_is_given_up_after_a_week_and_costs_one_minute_each_sweep() -> None:
    handler = Handler()
    due_at(NOW)
    handler.fails = ValueError("no")
    sweep(handler)
    sweep(handler, minutes=60)

    with clock.at(NOW + timedelta(minutes=61)):
        assert len(due._buckets(clock.now())[0]) <= 5
    with clock.at(NOW + timedelta(days=8)):
        assert due.minute(NOW) not in due._buckets(clock.now())[0]


def test_two_hours_of_failures_are_made_up_for() -> None:
    handler, records = Handler(), [due_at(NOW + timedelta(minutes=minutes)) for minutes in range(0, 122, 2)]
    handler.fails = ValueError("no")
    sweep(handler)
    sweep(handler, minutes=130)
    handler.fails = None

    assert sweep(handler, minutes=131) == len(records)


def test_minutes_that_are_given_up_are_told_not_dropped_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, float]] = []
    monkeypatch.setattr(due, "count", lambda name, value=1: told.append((name, value)))
    monkeypatch.setattr(due, "MOST_AGAIN", 2)
    handler = Handler()
    for minutes in range(5):
        due_at(NOW + timedelta(minutes=minutes))
    handler.fails = ValueError("no")

    sweep(handler, minutes=4)

    assert ("DueGivenUp", 3) in told
