"""What the owner of a deal is to do: tasks that follow from the deal itself."""

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
    step: Step, deal: Opportunity, about: str, part: str, *, due_at: datetime, **details: Any
) -> None:
    """Add a task of the owner's to a step; the text ``opportunity.task.<about>`` is its title."""
    owner = people.user_or_none(deal.owner_id)
    language = (owner and owner.language) or settings().language
    activities.add_task(
        step,
        id=task_id(deal.id, about, part),
        title=i18n.text(f"opportunity.task.{about}", language, name=deal.name)[:_TITLE],
        about_id=deal.id,
        account_id=deal.account_id,
        owner_id=deal.owner_id,
        team_id=deal.team_id,
        due_at=due_at,
        **details,
    )


def task_id(deal_id: str, about: str, part: str) -> str:
    """Return the id of the task that follows from one event (`part`) of a deal's."""
    return ids.derived("task", deal_id, about, part)
