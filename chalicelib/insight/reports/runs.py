"""Running reports: every due time becomes a run, and every run comes to an end that can be seen.

A sweep plans the runs of a subscription that has come due, in one transaction with its next due
time; another due record, the run itself, is then composed and mailed. Sweeps may overlap, repeat
or come late: versions let one of them through, and the outbox mails a run once.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.core import access, clock, due, errors, ids, outbox, ownership
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.observe import count, log
from chalicelib.core.step import Step, change, create
from chalicelib.core.table import Page
from chalicelib.insight.reports.compose import letter
from chalicelib.insight.reports.models import ReportRun, Subscription
from chalicelib.insight.reports.schedule import passed
from chalicelib.organisation.people import service as people

#: A report that has not gone out by then is missed: yesterday's tasks at noon mislead.
LATE: Final = timedelta(hours=2)
MOST_ATTEMPTS: Final = 3
#: Until the next attempt, and until an attempt that never ended is taken for crashed.
PATIENCE: Final = outbox.LEASE + timedelta(minutes=5)
#: Due times taken up in one sweep, after a long stand-still.
MOST_AT_ONCE: Final = 50


def plan(subscription: Subscription) -> None:
    """Make a run of every due time that has come, and set the next one.

    Whoever left the company gets none: the subscription is paused, and the run says why.
    """
    now = clock.now()
    times, upcoming = passed(subscription.rhythm, subscription.next_run_at, now, most=MOST_AT_ONCE)
    works_here = people.user(subscription.owner_id).status == "ACTIVE"
    step = Step(by=SYSTEM.id)
    for due_at in times:
        run = _run(subscription, due_at)
        if not works_here:
            _miss(run, "inactive_user")
        elif now - due_at > LATE:
            _miss(run, "late")
        if ReportRun.find(run.id) is None:
            step.create(run)
    if works_here:
        step.change(subscription, next_run_at=upcoming, due_minute=due.minute(max(upcoming, now)))
    else:
        step.change(subscription, status="PAUSED", next_run_at=None, due_minute=None)
    step.commit()


def run_now(subscription_id: str, *, by: Principal) -> ReportRun:
    """Plan a run for this minute, beside the usual times; asked again within it, it is the same run.

    Conflict when the subscription is paused or over.
    """
    subscription = ownership.reached(Subscription, subscription_id, who=by, to_write=True)
    if subscription.owner_id != by.id:
        access.require(by, "reports:configure")
    if subscription.status != "ACTIVE":
        raise errors.Conflict
    made = _run(subscription, clock.now().replace(second=0, microsecond=0))
    try:
        create(made, by=by.id)
    except errors.AlreadyExists:
        return ReportRun.fetch(made.id)
    return made


def _run(subscription: Subscription, due_at: datetime) -> ReportRun:
    made = ReportRun(
        ids.derived("report_run", subscription.id, clock.iso(due_at)),
        subscription_id=subscription.id,
        report=subscription.report,
        owner_id=subscription.owner_id,
        team_id=subscription.team_id,
        due_at=due_at,
        due_minute=due.minute(clock.now()),
        created_month=clock.month(clock.business_date(due_at)),
    )
    made.listed = f"{ReportRun.kind}_{clock.iso(due_at)}_{made.id}"
    return made


def _miss(run: ReportRun, reason: str) -> None:
    run.status, run.reason, run.due_minute, run.finished_at = "MISSED", reason, None, clock.now()
    count("ReportsMissed")


def deliver(run: ReportRun) -> None:
    """Compose and mail a run that is due: at its time, after a failed attempt, or after a crash."""
    if run.attempts == 0 and clock.now() - run.due_at > LATE:
        _end(run, "MISSED", "late")
    elif run.attempts >= MOST_ATTEMPTS:
        _end(run, "FAILED", run.reason or "crashed")
    else:
        _attempt(run)


def _attempt(run: ReportRun) -> None:
    now = clock.now()
    again = due.minute(now + PATIENCE)
    change(run, by=SYSTEM.id, status="RUNNING", attempts=run.attempts + 1, started_at=now, due_minute=again)
    try:
        outbox.send_once(run.id, letter(Subscription.fetch(run.subscription_id), at=run.due_at))
    except Exception as failure:
        # Whatever it was, the run tells of it and is tried again, a bounded number of times.
        reason = _reason(failure)
        log.error("a report failed", run=run.id, reason=reason)
        count("ReportsFailed")
        if run.attempts >= MOST_ATTEMPTS:
            _end(run, "FAILED", reason)
        else:
            change(run, by=SYSTEM.id, status="PLANNED", reason=reason)
    else:
        _end(run, "SENT", None)


def _end(run: ReportRun, status: str, reason: str | None) -> None:
    if status != "SENT":
        count("ReportsMissed")
    change(run, by=SYSTEM.id, status=status, reason=reason, finished_at=clock.now(), due_minute=None)


def _reason(failure: Exception) -> str:
    """Return what went wrong without anybody's address: mail servers quote it in their words."""
    if isinstance(failure, errors.SalesError):
        return failure.code
    code = getattr(failure, "smtp_code", "")
    return f"{type(failure).__name__} {code}".strip()


def runs(*, who: Principal, **which: Any) -> Page[ReportRun]:
    """Return a page of an owner's, a team's or a month's runs, the last due first."""
    return ownership.owned_page(ReportRun, who=who, **which)
