"""Asking several people for one decision: each has a task, and when it is made none has it any more."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any, Final

from chalicelib.core import access, clock, errors, i18n, ids
from chalicelib.core.settings import settings
from chalicelib.core.step import Step
from chalicelib.customers.activities.tasks import add_task, complete_task
from chalicelib.organisation.people import service as people

#: How long they have. The reminder comes at once, by mail.
TIME_TO_DECIDE: Final = timedelta(days=1)
_TITLE: Final = 200


def ask(
    asked: Sequence[people.User], *, about_id: str, account_id: str, matter: str, text: str, **told: Any
) -> None:
    """Give each of those asked a task about a record; `text` with what is `told` is its title.

    `matter` names what is to be decided, once for each time that it is. Safe to repeat.
    """
    step = Step(by=access.SYSTEM.id)
    for place, user in enumerate(asked):
        add_task(
            step,
            id=_task_id(about_id, matter, place),
            title=i18n.text(text, user.language or settings().language, **told)[:_TITLE],
            owner_id=user.id,
            team_id=user.team_id,
            about_id=about_id,
            account_id=account_id,
            due_at=clock.now() + TIME_TO_DECIDE,
            remind_at=clock.now(),
        )
    with suppress(errors.AlreadyExists):  # asked when this came the first time
        step.commit()


def decided(about_id: str, matter: str) -> None:
    """Complete what is left of the tasks of those who were asked. Safe to repeat."""
    with suppress(errors.NotFound):  # the one after the last
        for place in count():
            with suppress(errors.OutOfTurn):  # closed before
                complete_task(_task_id(about_id, matter, place), version=None, by=access.SYSTEM)


def _task_id(about_id: str, matter: str, place: int) -> str:
    return ids.derived("task", about_id, matter, str(place))
