"""What one does with tasks: hand out, start, put off, finish, and be reminded in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.core import access, clock, due, errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.lifecycle import STAYS, Lifecycle, Move
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, Record, expect, page
from chalicelib.customers.activities import about
from chalicelib.customers.activities.models import CLOSED, OPEN, Task, place
from chalicelib.organisation.people import service as people

_OPEN: Final = " ".join(OPEN)
_WRITE: Final = "activities:write"
LIFECYCLE: Final = Lifecycle(
    Move("start", "NOT_STARTED DEFERRED", "IN_PROGRESS", needs=_WRITE),
    Move("defer", "NOT_STARTED IN_PROGRESS DEFERRED", "DEFERRED", needs=_WRITE),
    Move("complete", _OPEN, "COMPLETED", needs=_WRITE),
    Move("cancel", _OPEN, "CANCELED", needs=_WRITE),
    Move("change", _OPEN, STAYS, needs=_WRITE),
    Move("reassign", _OPEN, STAYS, needs=_WRITE),
)


def add_task(
    step: Step | None,
    *,
    title: str,
    owner_id: str,
    team_id: str | None,
    due_at: datetime,
    remind_at: datetime | None = None,
    by: str = access.SYSTEM.id,
    **details: Any,
) -> Task:
    """Add a task to a step; without one it is written at once, in the name of `by`.

    `details`: description, priority, about_id, account_id, activity_id, member_ids, and `id` where
    a reaction makes it. The owner is reminded at `remind_at`, else when it is due.
    """
    made = Task(
        title=title,
        owner_id=owner_id,
        team_id=team_id,
        open_for=owner_id,
        **details,
        **_times(due_at, remind_at),
    )
    made.listed = place("task", due_at, made.id)
    own = step or Step(by=by)
    own.create(made)
    if step is None:
        own.commit()
    return made


def add_task_once(step: Step, *, id: str, **details: Any) -> None:
    """Add a task to a step, unless it was made before: then it stays as it is, done or not.

    For what comes round again under the same id, as a deadline that was moved and moved back: the
    step's other writes must not fail by it.
    """
    if Task.find(id) is None:
        add_task(step, id=id, **details)


def _times(due_at: datetime, remind_at: datetime | None) -> dict[str, Any]:
    remind_at = remind_at or due_at
    # A reminder for a time gone by comes with the next sweep.
    return {
        "due_at": due_at,
        "remind_at": remind_at,
        "due_minute": due.minute(max(remind_at, clock.now())),
    }


def assign_task(
    *, by: Principal, owner_id: str | None = None, about_id: str | None = None, **details: Any
) -> Task:
    """Give a task to somebody, or to oneself; whoever gives it can follow it."""
    record = about.named(about_id, who=by) if about_id else None
    owner = people.owner_fields(owner_id or by.id)
    others = [by.id] if owner["owner_id"] != by.id else []
    account_id = about.account_of(record) if record else None
    return add_task(
        None, by=by.id, about_id=about_id, account_id=account_id, member_ids=others, **owner, **details
    )


def task(task_id: str, *, who: Principal, to_write: bool = False) -> Task:
    """Return a task that the caller reaches, directly or by what it is about or its account.

    Forbidden to change one that is reached by what it is about only.
    """
    found = Task.fetch(task_id)
    about.require_seen(found, who=who, to_write=to_write)
    return found


def tasks(
    *,
    who: Principal,
    about_id: str | None = None,
    owner_id: str | None = None,
    standing: str = "OPEN",
    limit: int,
    after: Any = None,
    **which: Any,
) -> Page[Task]:
    """Return a page of tasks: about a record; an owner's open or overdue ones, the first due first;
    or with "ALL" an owner's, a team's or a month's, the last due first.
    """
    paging = {"limit": limit, "after": after}
    if about_id:
        return about.page_about(Task, about_id, who=who, owner_id=owner_id, **which, **paging)
    if standing == "ALL":
        return ownership.owned_page(Task, who=who, owner_id=owner_id, **which, **paging)
    if any(which.values()):
        raise errors.Invalid.one("standing", "needs_owner")
    return _to_do(owner_id or who.id, who=who, overdue=standing == "OVERDUE", **paging)


def _to_do(owner_id: str, *, who: Principal, overdue: bool, **paging: Any) -> Page[Task]:
    ownership.require_list(who, owner_id=owner_id)
    until = Task.listed < place("task", clock.now()) if overdue else None
    found = page(Task.by_open_owner.query, owner_id, between=until, newest_first=False, **paging)
    return ownership.in_reach(found, who)


def change_task(task_id: str, *, version: int | None, by: Principal, **changes: Any) -> Task:
    """Change an open task; another due time moves it in the lists, and its reminder with it."""
    return _move("change", task_id, version=version, by=by, **changes)


def start_task(task_id: str, *, version: int | None, by: Principal) -> Task:
    """Begin with a task."""
    return _move("start", task_id, version=version, by=by, status="IN_PROGRESS", started_at=clock.now())


def defer_task(task_id: str, *, due_at: datetime, version: int | None, by: Principal) -> Task:
    """Put a task off until later."""
    return _move("defer", task_id, version=version, by=by, status="DEFERRED", due_at=due_at)


def complete_task(task_id: str, *, result: str | None = None, version: int | None, by: Principal) -> Task:
    """Finish a task, with what came of it."""
    return _move("complete", task_id, version=version, by=by, status="COMPLETED", result=result)


def cancel_task(task_id: str, *, result: str | None = None, version: int | None, by: Principal) -> Task:
    """Give a task up, with the reason."""
    return _move("cancel", task_id, version=version, by=by, status="CANCELED", result=result)


def reassign_task(task_id: str, *, owner_id: str, version: int | None, by: Principal) -> Task:
    """Give an open task to somebody else."""
    found = task(task_id, who=by, to_write=True)
    LIFECYCLE.require("reassign", found.status, by=by)
    owner = people.owner_fields(owner_id)
    ownership.reassign(found, to=owner, by=by, version=version, open_for=owner["owner_id"])
    return found


def pass_on(about_id: str, *, had_by: str) -> None:
    """Give the open tasks about a record that a former owner has to who owns it now, if anybody does.

    Safe to repeat, and to run late.
    """
    record: Any = Record.anywhere(about_id)
    if record is None or record.owner_id in (None, had_by):
        return
    to = {"owner_id": record.owner_id, "open_for": record.owner_id, "team_id": record.team_id}
    for each in Task.by_about.query(about_id, ownership.standing(Task)):
        if each.open_for == had_by:
            change(each, by=access.SYSTEM.id, **to)


def _move(verb: str, task_id: str, *, version: int | None, by: Principal, **values: Any) -> Task:
    found = task(task_id, who=by, to_write=True)
    LIFECYCLE.require(verb, found.status, by=by)
    expect(found, version)
    if "due_at" in values or "remind_at" in values:
        values |= _moved_times(found, values)
    if values.get("status") in CLOSED:
        values |= {"closed_at": clock.now(), "open_for": None, "due_minute": None}
    change(found, by=by.id, **values)
    return found


def _moved_times(found: Task, values: Mapping[str, Any]) -> dict[str, Any]:
    due_at = values.get("due_at", found.due_at)
    # A reminder two hours ahead stays two hours ahead, unless another is set.
    along = found.remind_at + (due_at - found.due_at)
    times = _times(due_at, values.get("remind_at", along))
    return {**times, "reminded_at": None, "listed": place("task", due_at, found.id)}


def remind(found: Task) -> None:
    """Flag a task whose reminder is due."""
    change(found, by=access.SYSTEM.id, reminded_at=clock.now(), due_minute=None)
