"""The call centre's log: each call is a lead or a touch of one, and an interaction with it, once."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from chalicelib.core import access, clock, errors, i18n, ids
from chalicelib.core.access import Principal
from chalicelib.core.settings import settings
from chalicelib.customers.activities import service as activities
from chalicelib.sales.leads import bringing, merging
from chalicelib.sales.leads.intake import Taken

_TITLE: Final = {True: "lead.call.answered", False: "lead.call.missed"}


@dataclass(frozen=True, slots=True)
class Logged:
    """A call that stands in the log: what its caller became, and the interaction."""

    taken: Taken
    activity_id: str


def log_call(
    *,
    call_id: str,
    started_at: datetime,
    answered: bool = True,
    direction: str = "IN",
    minutes: int | None = None,
    subject: str | None = None,
    note: str | None = None,
    result: str | None = None,
    by: Principal,
    **details: Any,
) -> Logged:
    """Log a call under the number that the call centre gave it; safe to repeat, also with other details.

    `details` are who the caller is, as a lead's attributes. A call that nobody answered is a note:
    the caller still waits for a first contact. Invalid: (`started_at`) when it is to come, (`phone`) when the
    number was withheld and nothing else tells who called, (`call_id`) when that was another person's call.
    """
    if started_at > clock.now():
        raise errors.Invalid.one("started_at", "in_future")
    _require_caller(details)
    number = f"call:{call_id}"
    taken = bringing.bring_in(
        external_id=number,
        received_at=started_at,
        number_in="call_id",
        by=by.id,
        **{**details, "name": details.get("name") or details.get("phone"), "channel": "CALL"},
    )
    lead = merging.survivor_of(taken.lead)
    # Of the number alone: told again, its beginning may be a second later, and its lead another one.
    activity_id = ids.derived("activity", ids.only("call"), number)
    with suppress(errors.AlreadyExists):  # the same call, told again
        activities.log_interaction(
            id=activity_id,
            about_id=lead.id,
            type="CALL" if answered else "NOTE",
            direction=direction,
            subject=subject or i18n.text(_TITLE[answered], settings().language),
            happened_at=started_at,
            minutes=minutes if answered else None,
            body=note,
            result=result,
            by=by if access.reaches(by, lead) else access.SYSTEM,
        )
    return Logged(taken, activity_id)


def _require_caller(details: Mapping[str, Any]) -> None:
    if details.get("phone") or details.get("email"):
        return
    if not (details.get("name") and details.get("company")):
        raise errors.Invalid.one("phone", "no_caller")
