"""What is due: subscriptions become runs, runs become mails; a subscriber's new team is followed."""

from chalicelib.core import ownership
from chalicelib.core.changelog import Change
from chalicelib.core.due import Handlers
from chalicelib.insight.reports import service
from chalicelib.insight.reports.models import ReportRun, Subscription


def follow_subscriber(moved: Change) -> None:
    """Move a user's subscriptions to the user's new team."""
    ownership.follow_owner(moved, Subscription)


REACTIONS = {"user": (follow_subscriber,), "report_subscription": (ownership.stay_with_owner,)}
DUE: Handlers = {Subscription: service.plan, ReportRun: service.deliver}
