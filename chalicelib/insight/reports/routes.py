"""Reports over HTTP."""

from typing import Final

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery, OwnedQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.insight.reports import service
from chalicelib.insight.reports.models import ReportRun, Subscription
from chalicelib.insight.reports.schemas import (
    NewSubscription,
    PreviewQuery,
    RunView,
    SubscriptionChange,
    SubscriptionView,
)

routes = Room("reports", prefix="/reports")

#: The page is one document: its own style, no script, nothing from elsewhere.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@routes.post(
    "/subscriptions", needs="reports:write", body=NewSubscription, answers=SubscriptionView, status=201
)
def subscribe(call: Call[NewSubscription, NoQuery]) -> Answer:
    """Have a report mailed to oneself, or (operations) to somebody."""
    made = service.subscribe(**call.body.values(), by=call.who)
    return created(made)


@routes.get("/subscriptions", needs="reports:read", query=OwnedQuery, answers=SubscriptionView, listed=True)
def list_subscriptions(call: Call[None, OwnedQuery]) -> Page[Subscription]:
    """List an owner's, a team's or a month's subscriptions."""
    return service.subscriptions(who=call.who, **call.query.which(), **call.page)


@routes.get("/subscriptions/{subscription_id}", needs="reports:read", answers=SubscriptionView)
def read_subscription(call: Call[None, NoQuery], subscription_id: str) -> Subscription:
    """Read a subscription."""
    return service.subscription(subscription_id, who=call.who)


@routes.patch(
    "/subscriptions/{subscription_id}",
    needs="reports:write",
    body=SubscriptionChange,
    answers=SubscriptionView,
)
def change_subscription(call: Call[SubscriptionChange, NoQuery], subscription_id: str) -> Subscription:
    """Change when and in which language a report comes; pause it, or go on."""
    changes = call.body.values()
    return service.change_subscription(subscription_id, version=call.version, by=call.who, **changes)


@routes.delete("/subscriptions/{subscription_id}", needs="reports:write", answers=SubscriptionView)
def unsubscribe(call: Call[None, NoQuery], subscription_id: str) -> Subscription:
    """End a subscription."""
    return service.unsubscribe(subscription_id, version=call.version, by=call.who)


@routes.post("/subscriptions/{subscription_id}/run", needs="reports:write", answers=RunView, status=202)
def run_now(call: Call[None, NoQuery], subscription_id: str) -> Answer:
    """Have a report mailed within a minute or two, beside its usual times."""
    return Answer(service.run_now(subscription_id, by=call.who), 202)


@routes.get("/runs", needs="reports:read", query=OwnedQuery, answers=RunView, listed=True)
def list_runs(call: Call[None, OwnedQuery]) -> Page[ReportRun]:
    """List an owner's, a team's or a month's runs, also the failed and the missed."""
    return service.runs(who=call.who, **call.query.which(), **call.page)


@routes.get("/preview", needs="reports:read", query=PreviewQuery, media="text/html; charset=utf-8")
def preview(call: Call[None, PreviewQuery]) -> Answer:
    """Look at a report as it would be mailed now."""
    page = service.preview(call.query.report, who=call.who, language=call.query.language or call.language)
    return Answer(page, headers={"Content-Security-Policy": _POLICY})
