"""Subscriptions and runs as they are kept."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import InstantAttribute, IntegerAttribute
from chalicelib.core.ownership import Owned
from chalicelib.core.table import index, meta
from chalicelib.insight.reports.schedule import Rhythm


class Subscription(Owned):
    """Who (`owner_id`) gets which report, and when; ACTIVE, PAUSED or VOIDED.

    `hour` is of the subscriber's `zone`; `weekday` (1 Monday to 7 Sunday) is None for every day.
    `next_run_at` is the next due time, None while paused.
    """

    Meta = meta("reports")
    kind = "report_subscription"
    area = "reports"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("report_subscription"))
    status = UnicodeAttribute(default="ACTIVE")
    report = UnicodeAttribute()
    language = UnicodeAttribute()
    zone = UnicodeAttribute()
    hour = IntegerAttribute()
    weekday = IntegerAttribute(null=True)
    next_run_at = InstantAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_due = index("due_minute", "id")

    @property
    def rhythm(self) -> Rhythm:
        """When it is due."""
        return Rhythm(self.zone, self.hour, self.weekday)


class ReportRun(Owned):
    """One due time of a subscription: PLANNED, RUNNING, SENT, FAILED or MISSED.

    Its id follows from the subscription and the due time, so no time is run twice. `reason` says
    why the last attempt failed or the run was missed. Listed by due time.
    """

    Meta = meta("reports")
    kind = "report_run"
    area = "reports"

    id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute(default="PLANNED")
    subscription_id = UnicodeAttribute()
    report = UnicodeAttribute()
    due_at = InstantAttribute()
    attempts = IntegerAttribute(default=0)
    reason = UnicodeAttribute(null=True)
    started_at = InstantAttribute(null=True)
    finished_at = InstantAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_due = index("due_minute", "id")


RECORDS = (Subscription, ReportRun)
