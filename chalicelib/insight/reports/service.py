"""What one does with reports: `subscriptions` says who gets them, `runs` sends them, `preview` shows one."""

from chalicelib.core import clock
from chalicelib.core.access import Principal
from chalicelib.core.settings import settings
from chalicelib.insight.reports import render
from chalicelib.insight.reports.compose import compose
from chalicelib.insight.reports.paper import Reader
from chalicelib.insight.reports.runs import deliver, plan, run_now, runs
from chalicelib.insight.reports.subscriptions import (
    change_subscription,
    subscribe,
    subscription,
    subscriptions,
    unsubscribe,
)

__all__ = [
    "change_subscription",
    "deliver",
    "plan",
    "preview",
    "run_now",
    "runs",
    "subscribe",
    "subscription",
    "subscriptions",
    "unsubscribe",
]


def preview(report: str, *, who: Principal, language: str) -> str:
    """Return a report as its HTML page, as the caller would get it now."""
    reader = Reader(who, language, who.zone or settings().zone, clock.now())
    return render.html(compose(report, reader))
