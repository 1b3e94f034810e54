"""What the owner and the members of a deal are to do: tasks that follow from the deal itself."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.core import errors, i18n, ids
from chalicelib.core.access import SYSTEM
from chalicelib.core.changelog import Change
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities.models import Opportunity

_TITLE: Final = 200
_PAGE: Final = 50


def add_task(
    step: Step,
    deal: Opportunity,
    about: str,
    part: str,
    *,
    due_at: datetime,
    owner: Mapping[str, Any] | None = None,
    **details: Any,
) -> None:
    """Add a task to a step; the text ``opportunity.task.<about>`` is its title.

    It is the deal's owner's, unless `owner` has another's `owner_id` and `team_id`.
    """
    whose = owner or {"owner_id": deal.owner_id, "team_id": deal.team_id}
    user = people.user_or_none(whose["owner_id"])
    language = (user and user.language) or settings().language
    activities.add_task(
        step,
        id=task_id(deal.id, about, part),
        title=i18n.text(f"opportunity.task.{about}", language, name=deal.name)[:_TITLE],
        about_id=deal.id,
        account_id=deal.account_id,
        due_at=due_at,
        **whose,
        **details,
    )


def task_id(deal_id: str, about: str, part: str) -> str:
    """Return the id of the task that follows from one event (`part`) of a deal's."""
    return ids.derived("task", deal_id, about, part)


def hand_on_tasks(deal: Change) -> None:
    """React to a deal that went to another owner: what its last one still had to do about it goes along.

    Safe to repeat, and to run late: it goes to whoever owns the deal now.
    """
    was = (deal.before or {}).get("owner_id")
    if was is None or "owner_id" not in deal.fields:
        return
    now = Opportunity.find(deal.id)
    if now is None or now.owner_id == was:
        return
    for task in _open_tasks(deal.id, of=was):
        try:
            activities.reassign_task(task.id, owner_id=now.owner_id, version=None, by=SYSTEM)
        except (errors.OutOfTurn, errors.Invalid):
            continue  # closed meanwhile, or the new owner has left: then the deal will go on, and it too


def _open_tasks(deal_id: str, *, of: str) -> Iterator[Any]:
    after = None
    while True:
        page = activities.tasks(about_id=deal_id, who=SYSTEM, limit=_PAGE, after=after)
        yield from (task for task in page.items if task.open_for == of)
        after = page.after
        if after is None:
            return
