"""What one does with interactions, and (from `tasks`) with tasks."""

from datetime import datetime
from typing import Any

from chalicelib.core import access, clock, errors, ids, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect
from chalicelib.customers.activities import about
from chalicelib.customers.activities.about import belong_to, hand_back, hand_on, told_of
from chalicelib.customers.activities.asking import ask, decided
from chalicelib.customers.activities.models import Activity, between_instants, place
from chalicelib.customers.activities.tasks import (
    add_task,
    add_task_once,
    assign_task,
    cancel_task,
    change_task,
    complete_task,
    defer_task,
    reassign_task,
    start_task,
    task,
    tasks,
)
from chalicelib.organisation.people import service as people

__all__ = [
    "activities",
    "activity",
    "add_task",
    "add_task_once",
    "ask",
    "assign_task",
    "belong_to",
    "cancel_task",
    "change_task",
    "complete_task",
    "decided",
    "defer_task",
    "hand_back",
    "hand_on",
    "log_interaction",
    "reassign_task",
    "start_task",
    "task",
    "tasks",
    "told_of",
    "void_activity",
]


def log_interaction(
    *,
    about_id: str,
    type: str,
    subject: str,
    by: Principal,
    happened_at: datetime | None = None,
    next_action: dict[str, Any] | None = None,
    **details: Any,
) -> Activity:
    """Log what happened with a record in the caller's reach; the next action becomes a task.

    `happened_at` is now unless given, and not later than now; `next_action` has `title` and
    `due_at`. It belongs to whoever had it; what an integration logs, to the record's owner.
    """
    record = about.named(about_id, who=by)
    at = happened_at or clock.now()
    if at > clock.now():
        raise errors.Invalid.one("happened_at", "in_future")
    owner = (
        people.owner_fields(by.id)
        if ids.kind_of(by.id) == "user"
        else about.owner_of(record, otherwise=by.id)
    )
    made = Activity(
        about_id=about_id,
        account_id=about.account_of(record),
        type=type,
        subject=subject,
        happened_at=at,
        created_month=clock.month(clock.business_date(at)),
        **owner,
        **details,
    )
    made.listed = place("activity", at, made.id)
    step = Step(by=by.id, about=made.id)
    if next_action:
        _follow_up(step, made, owner, **next_action)
    step.create(made)
    step.commit()
    return made


def _follow_up(step: Step, made: Activity, owner: dict[str, Any], *, title: str, due_at: datetime) -> None:
    follow = add_task(
        step,
        title=title,
        due_at=due_at,
        about_id=made.about_id,
        account_id=made.account_id,
        activity_id=made.id,
        **owner,
    )
    made.next_action, made.task_id = title, follow.id


def activity(activity_id: str, *, who: Principal, to_write: bool = False) -> Activity:
    """Return an interaction that the caller reaches, directly or by what it is about or its account.

    Forbidden to change one that is reached by what it is about only.
    """
    found = Activity.fetch(activity_id)
    about.require_seen(found, who=who, to_write=to_write)
    return found


def activities(
    *,
    who: Principal,
    about_id: str | None = None,
    owner_id: str | None = None,
    month: str | None = None,
    **which: Any,
) -> Page[Activity]:
    """Return a page of interactions, the latest first: about a record, an owner's (of a month or
    all), a team's or a month's. About an account are also those about its people and deals.
    """
    if about_id:
        return about.page_about(Activity, about_id, who=who, owner_id=owner_id, month=month, **which)
    if owner_id and month:
        which["between"], month = between_instants(Activity, *clock.month_span(month)), None
    return ownership.owned_page(Activity, who=who, owner_id=owner_id, month=month, **which)


def void_activity(activity_id: str, *, version: int | None, by: Principal) -> Activity:
    """Void an interaction that was logged in error; its owner may, and whoever may approve."""
    found = activity(activity_id, who=by, to_write=True)
    if found.owner_id != by.id:
        access.require(by, "activities:approve")
    expect(found, version)
    step = Step(by=by.id)
    ownership.void(step, found)
    step.commit()
    return found
