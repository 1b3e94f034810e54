"""What happens to contracts by themselves: the reminder, overdue milestones, the end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.core import access, clock, errors, i18n, ids
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.contracts.deadlines import (
    expires,
    newly_late,
    notice_by,
    remind_on,
    renewed_until,
    renews,
    term_day,
    warn_on,
)
from chalicelib.sales.contracts.milestones import Milestone, fulfilment_status
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.moves import note


def look_after(contract: Contract) -> None:
    """Do what is due on a contract today, with a task for its owner about each, in one step.

    Stale when somebody changed it meanwhile: then it is looked at again.
    """
    step = Step(by=access.SYSTEM.id)
    if contract.status == "ACTIVATED":
        _do_today(step, contract, clock.today())
    else:
        step.change(contract, due_minute=None)
    step.commit()


def _do_today(step: Step, contract: Contract, today: date) -> None:
    late = newly_late(contract, today)
    facts = _marked(contract, late)
    if renews(contract, today):
        _renew(step, contract, today, facts)
    elif expires(contract, today):
        note(step, contract, "expire", status="EXPIRED", ended_on=contract.ends_on, **facts)
    else:
        facts |= _reminded(step, contract, today)
        note(step, contract, "keep", status=contract.status, **facts)
    for milestone in late:
        _task(
            step, contract, "milestone", due_on=milestone.due_on, name=milestone.name, part=milestone.number
        )


def _renew(step: Step, contract: Contract, today: date, facts: dict[str, Any]) -> None:
    facts |= {"ends_on": renewed_until(contract, today), "term_day": term_day(contract)}
    facts |= {"renewed": contract.renewed + 1, "reminded_on": None, "notice_reminded_on": None}
    note(step, contract, "renew", status=contract.status, **facts)
    _task(step, contract, "renewed", due_on=contract.ends_on)


def _reminded(step: Step, contract: Contract, today: date) -> dict[str, Any]:
    """Add a task for each reminder whose day has come; return what the contract notes of it."""
    facts: dict[str, Any] = {}
    end, notice = remind_on(contract), warn_on(contract)
    if end and end <= today:
        goes_on = contract.renewal == "AUTOMATIC" and contract.notice_given_on is None
        about = "renewal" if goes_on else "expiry"
        _task(step, contract, about, due_on=contract.ends_on)
        facts["reminded_on"] = today
    last = notice_by(contract)
    if notice and last and notice <= today:
        _task(step, contract, "notice", due_on=last)
        facts["notice_reminded_on"] = today
    return facts


def _marked(contract: Contract, late: Sequence[Milestone]) -> dict[str, Any]:
    """Return the contract's milestones with those that are late marked, and what follows from it."""
    numbers = {milestone.number for milestone in late}
    steps = [
        replace(milestone, overdue=True) if milestone.number in numbers else milestone
        for milestone in contract.milestones
    ]
    return {"milestone_rows": [each.row() for each in steps], "fulfilment_status": fulfilment_status(steps)}


def _task(step: Step, contract: Contract, about: str, *, due_on: date, part: int = 0, **values: Any) -> None:
    title = i18n.text(
        f"contract.task.{about}",
        _language(contract.owner_id),
        number=contract.number,
        title=contract.title,
        day=due_on.isoformat(),
        **values,
    )
    activities.add_task_once(
        step,
        id=ids.derived("task", contract.id, about, str(part), due_on.isoformat()),
        title=title[:200],
        about_id=contract.id,
        account_id=contract.account_id,
        owner_id=contract.owner_id,
        team_id=contract.team_id,
        due_at=max(clock.start_of(due_on), clock.now()),
    )


def _language(user_id: str) -> str:
    try:
        return people.user(user_id).language or settings().language
    except errors.NotFound:
        return settings().language
