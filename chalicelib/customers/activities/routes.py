"""Interactions and tasks over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NewOwner, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.customers.activities import service
from chalicelib.customers.activities.models import Activity, Task
from chalicelib.customers.activities.schemas import (
    ActivityQuery,
    ActivityView,
    NewActivity,
    NewTask,
    Outcome,
    Postponed,
    TaskChange,
    TaskQuery,
    TaskView,
)

activities = Room("activities", prefix="/activities")
tasks = Room("tasks", prefix="/tasks")
routes = (activities, tasks)


@activities.post("", needs="activities:write", body=NewActivity, answers=ActivityView, status=201)
def log_interaction(call: Call[NewActivity, NoQuery]) -> Answer:
    """Log an interaction; its next action becomes a task."""
    activity = service.log_interaction(**call.body.values(), by=call.who)
    return created(activity)


@activities.get("", needs="activities:read", query=ActivityQuery, answers=ActivityView, listed=True)
def list_activities(call: Call[None, ActivityQuery]) -> Page[Activity]:
    """List interactions, the latest first."""
    return service.activities(who=call.who, about_id=call.query.about_id, **call.query.which(), **call.page)


@activities.get("/{activity_id}", needs="activities:read", answers=ActivityView)
def read_activity(call: Call[None, NoQuery], activity_id: str) -> Activity:
    """Read an interaction."""
    return service.activity(activity_id, who=call.who)


@activities.delete("/{activity_id}", needs="activities:write", answers=ActivityView)
def void_activity(call: Call[None, NoQuery], activity_id: str) -> Activity:
    """Void an interaction that was logged in error."""
    return service.void_activity(activity_id, version=call.version, by=call.who)


@tasks.post("", needs="activities:write", body=NewTask, answers=TaskView, status=201)
def assign_task(call: Call[NewTask, NoQuery]) -> Answer:
    """Give a task to oneself or to somebody else."""
    task = service.assign_task(**call.body.values(), by=call.who)
    return created(task)


@tasks.get("", needs="activities:read", query=TaskQuery, answers=TaskView, listed=True)
def list_tasks(call: Call[None, TaskQuery]) -> Page[Task]:
    """List tasks: what is open, overdue, about a record, or all."""
    asked = call.query
    return service.tasks(
        who=call.who, about_id=asked.about_id, standing=asked.standing, **asked.which(), **call.page
    )


@tasks.get("/{task_id}", needs="activities:read", answers=TaskView)
def read_task(call: Call[None, NoQuery], task_id: str) -> Task:
    """Read a task."""
    return service.task(task_id, who=call.who)


@tasks.patch("/{task_id}", needs="activities:write", body=TaskChange, answers=TaskView)
def change_task(call: Call[TaskChange, NoQuery], task_id: str) -> Task:
    """Change an open task."""
    return service.change_task(task_id, version=call.version, by=call.who, **call.body.values())


@tasks.post("/{task_id}/start", needs="activities:write", answers=TaskView)
def start_task(call: Call[None, NoQuery], task_id: str) -> Task:
    """Begin with a task."""
    return service.start_task(task_id, version=call.version, by=call.who)


@tasks.post("/{task_id}/complete", needs="activities:write", body=Outcome, answers=TaskView)
def complete_task(call: Call[Outcome, NoQuery], task_id: str) -> Task:
    """Finish a task."""
    return service.complete_task(task_id, version=call.version, by=call.who, **call.body.values())


@tasks.post("/{task_id}/cancel", needs="activities:write", body=Outcome, answers=TaskView)
def cancel_task(call: Call[Outcome, NoQuery], task_id: str) -> Task:
    """Give a task up."""
    return service.cancel_task(task_id, version=call.version, by=call.who, **call.body.values())


@tasks.post("/{task_id}/defer", needs="activities:write", body=Postponed, answers=TaskView)
def defer_task(call: Call[Postponed, NoQuery], task_id: str) -> Task:
    """Put a task off until later."""
    return service.defer_task(task_id, version=call.version, by=call.who, **call.body.values())


@tasks.post("/{task_id}/reassign", needs="activities:write", body=NewOwner, answers=TaskView)
def reassign_task(call: Call[NewOwner, NoQuery], task_id: str) -> Task:
    """Give an open task to somebody else."""
    return service.reassign_task(task_id, version=call.version, by=call.who, **call.body.values())
