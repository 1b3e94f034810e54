"""Subscribing: who gets which report, when and in which language."""

from typing import Any, Final

from chalicelib.core import access, clock, due, errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.settings import settings
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, expect
from chalicelib.insight.reports.models import Subscription
from chalicelib.insight.reports.schedule import Rhythm, following
from chalicelib.organisation.people import service as people

#: The reports there are, and the weekday each usually comes on (None: every day).
USUAL_WEEKDAY: Final[dict[str, int | None]] = {"REP_DAILY": None, "MANAGER_WEEKLY": 1}
USUAL_HOUR: Final = 8
_NOT_DUE: Final[dict[str, Any]] = {"next_run_at": None, "due_minute": None}


def subscribe(*, report: str, by: Principal, user_id: str | None = None, **wishes: Any) -> Subscription:
    """Have a report mailed to somebody; to oneself, unless operations say to whom.

    `wishes`: language, zone (default: the person's own), hour, weekday. Forbidden to subscribe
    somebody else without the right to configure; Invalid for a team's report to somebody without a
    team; AlreadyExists when they have the report.
    """
    if user_id not in (None, by.id):
        access.require(by, "reports:configure")
    owner = people.owner_fields(user_id or by.id, field="user_id")
    person = people.user(user_id or by.id)
    _require_team(report, people.principal(person))
    wanted = _wishes(report, person, wishes)
    rhythm = Rhythm(wanted["zone"], wanted["hour"], wanted["weekday"])
    made = Subscription(report=report, **owner, **wanted, **_due(rhythm))
    step = Step(by=by.id)
    step.create(made)
    step.claim(_claim(made), made.id)
    step.commit()
    return made


def _require_team(report: str, reader: Principal) -> None:
    if report == "MANAGER_WEEKLY" and not (reader.sees_all or reader.managed_teams):
        raise errors.Invalid.one("report", "manages_no_team")


def _wishes(report: str, person: Any, wishes: dict[str, Any]) -> dict[str, Any]:
    usual = {
        "language": person.language or settings().language,
        "zone": person.zone or settings().zone,
        "hour": USUAL_HOUR,
        "weekday": USUAL_WEEKDAY[report],
    }
    return usual | {name: value for name, value in wishes.items() if value is not None}


def _due(rhythm: Rhythm) -> dict[str, Any]:
    upcoming = following(rhythm, clock.now())
    return {"next_run_at": upcoming, "due_minute": due.minute(upcoming)}


def subscription(subscription_id: str, *, who: Principal, to_write: bool = False) -> Subscription:
    """Return a subscription in the caller's reach."""
    return ownership.reached(Subscription, subscription_id, who=who, to_write=to_write)


def subscriptions(*, who: Principal, **which: Any) -> Page[Subscription]:
    """Return a page of an owner's, a team's or a month's subscriptions."""
    return ownership.owned_page(Subscription, who=who, **which)


def change_subscription(
    subscription_id: str, *, version: int | None, by: Principal, **changes: Any
) -> Subscription:
    """Change when and in which language a report comes, pause it, or go on.

    Its next due time is counted from now: nothing that was due meanwhile is made up for.
    """
    found = _standing(subscription_id, version=version, by=by)
    emptied = [name for name, value in changes.items() if value is None and name != "weekday"]
    if emptied:
        raise errors.Invalid(*(errors.FieldError(name, "missing") for name in emptied))
    after = Rhythm(*(changes.get(name, getattr(found, name)) for name in ("zone", "hour", "weekday")))
    goes_on = changes.get("status", found.status) == "ACTIVE"
    change(found, by=by.id, **changes, **(_due(after) if goes_on else _NOT_DUE))
    return found


def unsubscribe(subscription_id: str, *, version: int | None, by: Principal) -> Subscription:
    """End a subscription; the person can subscribe anew."""
    found = _standing(subscription_id, version=version, by=by)
    step = Step(by=by.id)
    ownership.void(step, found, **_NOT_DUE)
    step.release(_claim(found), found.id)
    step.commit()
    return found


def _standing(subscription_id: str, *, version: int | None, by: Principal) -> Subscription:
    found = subscription(subscription_id, who=by, to_write=True)
    if found.status == ownership.VOIDED:
        raise errors.Conflict
    if found.owner_id != by.id:
        access.require(by, "reports:configure")
    expect(found, version)
    return found


def _claim(record: Subscription) -> str:
    return f"report|{record.report}|{record.owner_id}"
