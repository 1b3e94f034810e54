"""Schedules that fire twice, late, together, or die at any write: their work is done once."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from moto import mock_aws

from chalicelib import house
from chalicelib.core import clock, due, mail, outbox
from chalicelib.core.mail import Mail
from chalicelib.customers.activities.models import Task
from chalicelib.insight.forecasts import service as forecasts
from chalicelib.insight.forecasts.models import Run, Snapshot
from chalicelib.insight.reports.models import ReportRun
from chalicelib.organisation.people import directory
from chalicelib.sales.leads.models import Lead
from tests.customers import builders as customers
from tests.faults.dying import dying
from tests.faults.parallel import at_once
from tests.faults.world import World
from tests.memory import fresh_tables
from tests.sales.leads.builders import all_of

#: 21:00 of a Monday in Shanghai, when a report, a task's reminder and a lead's are due.
DUE: Final = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
BEFORE: Final = DUE - timedelta(hours=18)
#: No sweep of these few records writes more often than that.
AT_MOST: Final = 40


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    """The mails that went out."""
    sent: list[Mail] = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


def work_to_do() -> None:
    """Something of each kind that comes due: a report, a task's reminder, a promise to a lead."""
    with clock.at(BEFORE):
        directory.forget()
        world = World()
        world.lead()
        customers.task(due_at=DUE)
        world.subscription(hour=21, zone="Asia/Shanghai")


def sweep(at: datetime) -> None:
    """Let the minute's schedule run at an instant."""
    with clock.at(at):
        due.sweep(house.due())


def done() -> list[Any]:
    """What all those records have come to."""
    [run], [lead] = all_of(ReportRun), all_of(Lead)
    # One of the tasks is that of the lead's reminder, and is not due itself yet.
    reminded = sorted((task.reminded_at is not None, task.version) for task in all_of(Task))
    return [run.status, reminded, lead.sla_reminded_at is not None, lead.version]


#: The report is mailed, the owner of the task and that of the lead are reminded, each once.
DONE: Final = ["SENT", [(False, 1), (True, 2)], True, 2]


def test_sweeps_that_come_together_twice_and_late_do_their_work_once(emulated: str, post: list[Mail]) -> None:
    work_to_do()

    at_once(sweep, [DUE] * 6, threads=3)
    at_once(sweep, [DUE + timedelta(minutes=minutes) for minutes in (1, 1, 90)], threads=3)

    assert len(post) == 1
    assert done() == DONE


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.long), 5])
def test_a_sweep_that_dies_at_any_write_is_made_up_for_by_the_next_ones(post: list[Mail], every: int) -> None:
    for number in range(0, AT_MOST, every):
        for moment in ("before", "after"):
            post.clear()
            with mock_aws():
                fresh_tables()
                work_to_do()
                with dying(number, moment) as death:
                    sweep(DUE)
                for minutes in (1, 2, 20, 22, 40, 42):
                    sweep(DUE + timedelta(minutes=minutes))
                assert done() == DONE, (number, moment)
            # The mail that may have left before the crash is sent once more, and says so.
            assert [letter.headers.get(outbox.REPEATED) for letter in post] in (
                [None], ["possibly"], [None, "possibly"],
            ), (number, moment)  # fmt: skip
        if not death.happened:
            return
    raise AssertionError(f"more than {AT_MOST} writes in one sweep")


def test_nights_that_come_together_and_again_keep_one_snapshot_and_one_forecast(emulated: str) -> None:
    with clock.at(BEFORE):
        directory.forget()
        World().deal()
    day = clock.business_date(BEFORE)

    def close(_: int) -> None:
        with clock.at(DUE):
            forecasts.close_day(day)

    close(0)
    kept = {record.id: record.attribute_values for record in (*all_of(Snapshot), *all_of(Run))}
    at_once(close, range(4), threads=4)

    assert kept
    again = {record.id: record.attribute_values for record in (*all_of(Snapshot), *all_of(Run))}
    assert again == kept
