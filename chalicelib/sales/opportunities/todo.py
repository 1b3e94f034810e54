"""What the owner and the members of a deal are to do: tasks that follow from the deal itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.core import i18n, ids
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.opportunities.models import Opportunity

_TITLE: Final = 200


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
