"""Every due time is a run that can be seen, and no run is mailed twice."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.core import clock, due, errors, mail, outbox, step
from chalicelib.core.mail import Mail
from chalicelib.insight.reports import reactions, runs, service
from chalicelib.insight.reports.models import ReportRun, Subscription
from chalicelib.organisation.people.models import User
from tests.client import MANAGER, OPERATIONS, REP, STRANGER
from tests.organisation.people.builders import hire_everybody

#: A Sunday evening in Shanghai.
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
#: 08:00 of the Monday there.
MORNING = datetime(2026, 11, 23, 0, tzinfo=UTC)


class Post(list[Mail]):
    """The mails that went out. `fails` is what happens instead of sending, `crashes` after it."""

    fails: Exception | None = None
    crashes: bool = False

    def send(self, letter: Mail) -> None:
        """Take a mail, or fail."""
        if self.fails is not None:
            raise self.fails
        self.append(letter)
        if self.crashes:
            raise SystemExit


@pytest.fixture
def post(tables: None, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Stand for the mail server."""
    opened = Post()
    monkeypatch.setattr(mail, "send", opened.send)
    return opened


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the metrics that were counted."""
    names: list[str] = []
    monkeypatch.setattr(runs, "count", names.append)
    return names


def subscribed() -> Subscription:
    """Return a subscription of Rita's to the daily report, made on the Sunday."""
    hire_everybody()
    with clock.at(NOW):
        return service.subscribe(report="REP_DAILY", by=REP, zone="Asia/Shanghai")


def sweep(at: datetime) -> None:
    """Let the minute's schedule run at an instant."""
    with clock.at(at):
        due.sweep(reactions.DUE)


def ledger() -> list[Any]:
    """Return Rita's runs, the last due first."""
    return list(service.runs(who=REP, limit=100).items)


def test_a_report_goes_out_at_its_minute_and_not_before(post: Post) -> None:
    subscribed()

    sweep(MORNING - timedelta(minutes=1))
    assert not ledger()
    sweep(MORNING)
    sweep(MORNING + timedelta(minutes=1))

    [letter] = post
    [run] = ledger()
    assert (letter.to, run.status, run.due_at) == ("rita@example.com", "SENT", MORNING)
    assert "2026-11-23" in letter.subject
    assert letter.text
    assert letter.html


def test_sweeps_that_repeat_send_nothing_again(post: Post) -> None:
    subscribed()

    for minutes in (0, 0, 1, 1, 2, 5, 30):
        sweep(MORNING + timedelta(minutes=minutes))

    assert len(post) == 1
    assert len(ledger()) == 1


def test_sweeps_that_overlap_send_once(post: Post) -> None:
    made = subscribed()
    with clock.at(MORNING):
        one, other = Subscription.fetch(made.id), Subscription.fetch(made.id)
        service.plan(one)
        with pytest.raises(errors.Stale):
            service.plan(other)
        [planned] = ledger()
        again = ReportRun.fetch(planned.id)
        service.deliver(planned)
        with pytest.raises(errors.Stale):
            service.deliver(again)

    assert len(post) == 1


def test_each_morning_has_its_own_run(post: Post) -> None:
    made = subscribed()

    for day in range(3):
        with clock.at(MORNING + timedelta(days=day)):
            service.plan(Subscription.fetch(made.id))
            service.deliver(ledger()[0])

    assert [run.due_at for run in ledger()] == [MORNING + timedelta(days=day) for day in (2, 1, 0)]
    assert len(post) == 3


def test_a_refused_report_is_tried_again_a_bounded_number_of_times(post: Post, counted: list[str]) -> None:
    subscribed()
    post.fails = ValueError("rita@example.com does not live here")

    for minutes in range(0, 110, 10):
        sweep(MORNING + timedelta(minutes=minutes))

    [run] = ledger()
    assert (run.status, run.attempts, run.reason) == ("FAILED", runs.MOST_ATTEMPTS, "ValueError")
    assert run.due_minute is None
    assert counted.count("ReportsFailed") == runs.MOST_ATTEMPTS
    assert counted.count("ReportsMissed") == 1


def test_after_a_passing_fault_the_report_goes_out_once(post: Post) -> None:
    subscribed()
    post.fails = ConnectionRefusedError()
    sweep(MORNING)
    sweep(MORNING + timedelta(minutes=1))
    [run] = ledger()
    assert (run.status, run.reason) == ("PLANNED", "ConnectionRefusedError")
    post.fails = None

    for minutes in range(10, 50, 10):
        sweep(MORNING + timedelta(minutes=minutes))

    [sent] = ledger()
    assert (sent.status, sent.attempts, sent.reason) == ("SENT", 2, None)
    assert len(post) == 1


def test_a_crash_after_sending_makes_one_duplicate_at_the_most(post: Post) -> None:
    subscribed()
    post.crashes = True

    for minutes in range(0, 110, 10):
        with suppress(SystemExit):
            sweep(MORNING + timedelta(minutes=minutes))

    [run] = ledger()
    assert len(post) == 2
    assert (run.status, run.reason) == ("FAILED", "mail_given_up")


def test_a_run_that_did_not_happen_in_time_is_seen_and_not_sent(post: Post, counted: list[str]) -> None:
    subscribed()
    sweep(MORNING - timedelta(minutes=1))

    sweep(MORNING + timedelta(minutes=121))
    sweep(MORNING + timedelta(minutes=122))

    [run] = ledger()
    assert (run.status, run.reason) == ("MISSED", "late")
    assert post == []
    assert counted == ["ReportsMissed"]


def test_a_stand_still_of_days_leaves_a_missed_run_for_each(post: Post) -> None:
    made = subscribed()

    with clock.at(MORNING + timedelta(days=3, minutes=5)):
        service.plan(Subscription.fetch(made.id))
    sweep(MORNING + timedelta(days=3, minutes=6))

    assert [run.status for run in ledger()] == ["SENT", "MISSED", "MISSED", "MISSED"]
    assert len(post) == 1


def test_who_left_gets_no_more_reports(post: Post) -> None:
    made = subscribed()
    step.change(User.fetch(REP.id), by=OPERATIONS.id, status="INACTIVE")

    sweep(MORNING)

    [run] = ledger()
    assert (run.status, run.reason) == ("MISSED", "inactive_user")
    assert Subscription.fetch(made.id).status == "PAUSED"
    assert post == []


def test_a_paused_report_does_not_come_and_is_not_made_up_for(post: Post) -> None:
    made = subscribed()
    with clock.at(NOW):
        service.change_subscription(made.id, version=1, by=REP, status="PAUSED")
    sweep(MORNING)
    with clock.at(MORNING + timedelta(hours=1)):
        service.change_subscription(made.id, version=2, by=REP, status="ACTIVE")
    sweep(MORNING + timedelta(hours=1))

    assert ledger() == []
    assert Subscription.fetch(made.id).next_run_at == MORNING + timedelta(days=1)


def test_the_weekly_report_comes_on_its_day(post: Post) -> None:
    hire_everybody()
    wishes: dict[str, Any] = {"zone": "America/New_York", "weekday": 5, "hour": 17}
    with clock.at(NOW):
        made = service.subscribe(report="MANAGER_WEEKLY", by=MANAGER, **wishes)

    assert made.next_run_at == datetime(2026, 11, 27, 22, tzinfo=UTC)


def test_retries_outlast_the_outbox_and_end_before_the_report_is_late() -> None:
    assert outbox.LEASE < runs.PATIENCE
    assert runs.PATIENCE * (runs.MOST_ATTEMPTS - 1) < runs.LATE


def test_a_report_asked_for_now_goes_out_once_beside_its_usual_time(post: Post) -> None:
    subscription = subscribed()

    with clock.at(NOW):
        asked = [service.run_now(subscription.id, by=REP) for _ in range(2)]
    sweep(NOW + timedelta(minutes=1))
    sweep(MORNING)

    assert asked[0].id == asked[1].id
    assert [run.status for run in ledger()] == ["SENT", "SENT"]
    assert len(post) == 2


def test_nobody_asks_for_a_report_of_somebody_else(post: Post) -> None:
    subscription = subscribed()

    with clock.at(NOW), pytest.raises(errors.NotFound):
        service.run_now(subscription.id, by=STRANGER)
