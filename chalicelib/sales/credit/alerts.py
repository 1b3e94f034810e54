"""A grade that fell 信用降级: who looks after the account gets a task, once for each fall."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.core import access, clock, errors, i18n, ids
from chalicelib.core.changelog import Change
from chalicelib.core.settings import settings
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.organisation.people import service as people
from chalicelib.sales.credit.grading import GRADES

#: How long the owner has to talk with the customer. The reminder comes at once, by mail.
TIME_TO_TALK: Final = timedelta(days=1)


def fell(profile: Change) -> None:
    """Tell the account's owner that its grade fell. Safe to repeat."""
    if profile.before is None or profile.after is None:
        return
    before, after = profile.before["grade"], profile.after["grade"]
    if GRADES.index(after) > GRADES.index(before):
        _tell(profile, before=before, after=after)


def _tell(fall: Change, **grades: str) -> None:
    account_id = (fall.after or {})["account_id"]
    account = accounts.account(account_id, who=access.SYSTEM)
    language = people.user(account.owner_id).language or settings().language
    told: dict[str, Any] = {"name": account.name[:100], **grades}
    try:
        activities.add_task(
            None,
            id=ids.derived("task", fall.id, "credit", str(fall.version)),
            title=i18n.text("credit.task.fell", language, **told),
            owner_id=account.owner_id,
            team_id=account.team_id,
            about_id=account.id,
            account_id=account.id,
            due_at=clock.now() + TIME_TO_TALK,
            remind_at=clock.now(),
        )
    except errors.AlreadyExists:
        return  # told when this change came the first time
