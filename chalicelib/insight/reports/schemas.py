"""What clients send and see of subscriptions and runs."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.core.shapes import Id, Instant, Language, OwnedView, Shape, Zone

Report = Literal["REP_DAILY", "MANAGER_WEEKLY"]
Hour = Annotated[int, Field(ge=0, le=23)]
#: 1 Monday to 7 Sunday.
Weekday = Annotated[int, Field(ge=1, le=7)]


class NewSubscription(Shape):
    """A report to have mailed; language and zone are the person's own unless given.

    Without a weekday the daily report comes every day and the weekly one on Mondays.
    """

    report: Report
    user_id: Id | None = None
    language: Language | None = None
    zone: Zone | None = None
    hour: Hour | None = None
    weekday: Weekday | None = None


class SubscriptionChange(Shape):
    """What to change of a subscription; fields left out stay. `weekday` null: every day."""

    status: Literal["ACTIVE", "PAUSED"] | None = None
    language: Language | None = None
    zone: Zone | None = None
    hour: Hour | None = None
    weekday: Weekday | None = None


class SubscriptionView(OwnedView):
    """A subscription, and when its report is due next."""

    report: Report
    language: str
    zone: str
    hour: int
    weekday: int | None
    next_run_at: Instant | None


class RunView(OwnedView):
    """One due time of a subscription, and what came of it."""

    subscription_id: str
    report: Report
    due_at: Instant
    attempts: int
    reason: str | None
    started_at: Instant | None
    finished_at: Instant | None


class PreviewQuery(Shape):
    """Which report to look at."""

    report: Report
    language: Language | None = None
