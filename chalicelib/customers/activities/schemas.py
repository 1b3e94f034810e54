"""What clients send and see of interactions and tasks."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import Id, Instant, Line, OwnedQuery, OwnedView, Shape, Text, kept

ActivityType = Literal["CALL", "EMAIL", "MEETING", "VISIT", "MESSAGE", "NOTE"]
Direction = Literal["IN", "OUT"]
TaskStatus = Literal["NOT_STARTED", "IN_PROGRESS", "DEFERRED", "COMPLETED", "CANCELED"]
Priority = Literal["HIGH", "NORMAL", "LOW"]


class NextAction(Shape):
    """What is to be done next, and by when: becomes a task."""

    title: Line
    due_at: Instant


class NewActivity(Shape):
    """What happened with a record: any lead, account, contact, deal, order or contract.

    `happened_at` is now when left out; `minutes` is how long it took.
    """

    about_id: Id
    type: ActivityType
    subject: Line
    direction: Direction | None = None
    happened_at: Instant | None = None
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    body: Text | None = None
    result: Line | None = None
    next_action: NextAction | None = None


class ActivityView(OwnedView):
    """An interaction."""

    about_id: str
    account_id: str | None
    type: ActivityType
    direction: Direction | None
    happened_at: Instant
    minutes: int | None
    subject: str
    body: str | None
    result: str | None
    next_action: str | None
    task_id: str | None


class ActivityQuery(OwnedQuery):
    """Which interactions: about a record; or an owner's (and of a month), a team's, a month's."""

    about_id: Id | None = None


class NewTask(Shape):
    """Something to do, for oneself or for `owner_id`. The reminder comes when due, or earlier."""

    title: Line
    due_at: Instant
    remind_at: Instant | None = None
    owner_id: Id | None = None
    about_id: Id | None = None
    description: Text | None = None
    priority: Priority = "NORMAL"


class TaskChange(Shape):
    """What to change of an open task; fields left out stay."""

    title: Line = kept()
    due_at: Instant = kept()
    remind_at: Instant | None = None
    description: Text | None = None
    priority: Priority = kept()


class Outcome(Shape):
    """What came of a task, or why it was given up."""

    result: Line | None = None


class Postponed(Shape):
    """Until when a task is put off."""

    due_at: Instant


class TaskView(OwnedView):
    """A task."""

    title: str
    description: str | None
    status: TaskStatus
    priority: Priority
    about_id: str | None
    account_id: str | None
    activity_id: str | None
    due_at: Instant
    remind_at: Instant
    reminded_at: Instant | None
    started_at: Instant | None
    closed_at: Instant | None
    result: str | None


class TaskQuery(OwnedQuery):
    """Which tasks: about a record; an owner's OPEN or OVERDUE ones (first due first); or ALL of
    an owner, a team or a month (last due first).
    """

    about_id: Id | None = None
    standing: Literal["OPEN", "OVERDUE", "ALL"] = "OPEN"
