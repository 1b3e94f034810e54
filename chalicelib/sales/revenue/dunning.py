"""Reminding of what is due 催款: by steps that the policy sets, each once for a due day, until it is paid.

A step says how many days after the due day (before it: less than zero), which letter, and whether it
goes to the customer's contact or is a task for the owner. Where nobody at the customer's can be
written to, or the mail does not get through, the owner gets the task instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.core import clock, due, errors, i18n, ids, mail, outbox
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.observe import count, log
from chalicelib.core.ownership import reached
from chalicelib.core.settings import settings
from chalicelib.core.step import Step, change
from chalicelib.core.table import expect
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.revenue.models import Receivable, RevenuePolicy
from chalicelib.sales.revenue.policy import policy

MOST_ATTEMPTS: Final = 3
#: Until the next attempt, and until one that never ended is taken for crashed.
PATIENCE: Final = outbox.LEASE + timedelta(minutes=5)
#: So often what is overdue is looked at without a step ahead: a changed policy reaches it by then.
LOOK_AGAIN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step of the policy."""

    days: int
    template: str
    to: str

    def day(self, receivable: Receivable) -> date:
        """Return when it is due for a receivable."""
        due_on: date = receivable.due_on
        return due_on + timedelta(days=self.days)


def ahead(receivable: Receivable, rules: RevenuePolicy) -> list[Reminder]:
    """Return the steps that were not taken, by day. What was due before it was here is never taken.

    Those taken for another due day do not count: another day was agreed, and that is missed anew.
    """
    made_at: datetime | None = receivable.created_at
    since = clock.business_date(made_at or clock.now())
    day = receivable.due_on.isoformat()
    taken = {row["days"] for row in receivable.reminder_rows if row.get("due_on", day) == day}
    steps = [Reminder(**row) for row in rules.dunning]
    found = [step for step in steps if step.days not in taken and step.day(receivable) >= since]
    return sorted(found, key=lambda step: step.days)


def wake(receivable: Receivable, rules: RevenuePolicy) -> str | None:
    """Return the minute at which a receivable is to be looked at, None when it never is."""
    if not receivable.open.minor or receivable.held:
        return None
    due_on: date = receivable.due_on
    today = clock.today()
    steps = ahead(receivable, rules)
    day = steps[0].day(receivable) if steps else due_on if due_on > today else today + LOOK_AGAIN
    return due.minute(max(clock.start_of(day), clock.now()))


def remind(receivable: Receivable) -> None:
    """Take the step that is due: the last of them, where several are; the others are left out.

    Stale when it was paid or changed meanwhile: then nothing goes out.
    """
    rules = policy()
    steps = [step for step in ahead(receivable, rules) if step.day(receivable) <= clock.today()]
    if not receivable.open.minor or receivable.held or not steps:
        change(receivable, by=SYSTEM.id, due_minute=wake(receivable, rules))
        return
    rows = [*receivable.reminder_rows, *(_row(receivable, step, "SKIPPED") for step in steps[:-1])]
    _take(receivable, steps[-1], rows, rules)


def _take(
    receivable: Receivable, step: Reminder, rows: Sequence[dict[str, Any]], rules: RevenuePolicy
) -> None:
    if step.to == "OWNER":
        _note(receivable, rows, _row(receivable, step, "TASK"), rules)
    elif not (contact := _addressee(receivable)):
        _note(receivable, rows, _row(receivable, step, "NO_ADDRESS"), rules)
    elif receivable.attempts >= MOST_ATTEMPTS:
        _note(receivable, rows, _row(receivable, step, "FAILED"), rules)
    elif _mailed(receivable, step, contact):
        _note(receivable, rows, _row(receivable, step, "SENT"), rules)


def _mailed(receivable: Receivable, step: Reminder, contact: Any) -> bool:
    again = due.minute(clock.now() + PATIENCE)
    change(receivable, by=SYSTEM.id, attempts=receivable.attempts + 1, due_minute=again)
    try:
        key = f"{receivable.id}|{receivable.due_on.isoformat()}|{step.days}"
        outbox.send_once(key, letter(receivable, step.template, contact))
    except Exception as failure:
        # Whatever it was, it is tried again, a bounded number of times; then the owner hears of it.
        log.error("a reminder was not mailed", item=receivable.id, reason=type(failure).__name__)
        count("RemindersNotMailed")
        return False
    return True


def _note(
    receivable: Receivable, rows: Sequence[dict[str, Any]], row: dict[str, Any], rules: RevenuePolicy
) -> None:
    """Write that a step was taken; unless a letter went out, with a task for the owner."""
    receivable.reminder_rows = [*rows, row]
    step = Step(by=SYSTEM.id)
    facts = {"reminder_rows": receivable.reminder_rows, "attempts": 0}
    step.change(receivable, **facts, due_minute=wake(receivable, rules))
    if row["outcome"] != "SENT":
        _task(step, receivable, row)
    step.commit()


def _row(receivable: Receivable, step: Reminder, outcome: str) -> dict[str, Any]:
    due_on: date = receivable.due_on
    taken = {"days": step.days, "template": step.template, "to": step.to, "due_on": due_on.isoformat()}
    return {**taken, "outcome": outcome, "on": clock.today().isoformat()}


def _addressee(receivable: Receivable) -> Any:
    """Return the contact that a letter goes to, None when there is nobody with an address."""
    contact_id: str | None = receivable.contact_id
    if contact_id is None:
        return None
    try:
        contact = accounts.contact(contact_id, who=SYSTEM)
    except errors.NotFound:
        return None
    return contact if contact.email and contact.status == "ACTIVE" else None


def letter(receivable: Receivable, template: str, contact: Any) -> mail.Mail:
    """Return the letter of a step, in the contact's language."""
    language = contact.language or settings().language
    told = {**_told(receivable), "name": contact.name, "company": settings().company}
    subject = i18n.text(f"dunning.{template}.subject", language, **told)
    return mail.Mail(
        to=contact.email,
        subject=" ".join(subject.split()),
        text=i18n.text(f"dunning.{template}.text", language, **told),
    )


def _told(receivable: Receivable) -> dict[str, str]:
    return {
        "document": receivable.document,
        "open": str(receivable.open),
        "day": receivable.due_on.isoformat(),
    }


def _task(step: Step, receivable: Receivable, row: dict[str, Any]) -> None:
    title = i18n.text(f"dunning.task.{row['outcome']}", _language(receivable.owner_id), **_told(receivable))
    activities.add_task(
        step,
        id=ids.derived("task", receivable.id, "dunning", row["due_on"], str(row["days"])),
        title=title[:200],
        about_id=receivable.source_id,
        account_id=receivable.account_id,
        owner_id=receivable.owner_id,
        team_id=receivable.team_id,
        due_at=clock.now(),
    )


def _language(user_id: str) -> str:
    try:
        return people.user(user_id).language or settings().language
    except errors.NotFound:
        return settings().language


def hold(receivable_id: str, *, reason: str, by: Principal, version: int | None = None) -> Receivable:
    """Let no reminder go out for a receivable, and say why: it is disputed, or agreed otherwise."""
    found = _owed(receivable_id, by=by, version=version)
    change(found, by=by.id, held=reason, due_minute=None)
    return found


def go_on(receivable_id: str, *, by: Principal, version: int | None = None) -> Receivable:
    """Remind of a receivable again."""
    found = _owed(receivable_id, by=by, version=version)
    found.held = None
    change(found, by=by.id, held=None, due_minute=wake(found, policy()))
    return found


def _owed(receivable_id: str, *, by: Principal, version: int | None) -> Receivable:
    found = reached(Receivable, receivable_id, who=by, to_write=True)
    expect(found, version)
    return found
