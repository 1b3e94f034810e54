"""Writing a report: by its name, for a reader, as a letter."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.core.mail import Mail
from chalicelib.core.settings import settings
from chalicelib.insight.reports import manager_weekly, render, rep_daily
from chalicelib.insight.reports.models import Subscription
from chalicelib.insight.reports.paper import Paper, Reader, Section
from chalicelib.organisation.people import service as people

#: What each report has to say.
REPORTS: Final[Mapping[str, Callable[[Reader], list[Section]]]] = {
    "REP_DAILY": rep_daily.sections,
    "MANAGER_WEEKLY": manager_weekly.sections,
}


def compose(report: str, reader: Reader) -> Paper:
    """Return a report as its reader is to see it; only what is in the reader's reach is in it."""
    name = report.lower()
    return Paper(
        language=reader.language,
        subject=reader.text(f"{name}.subject", day=reader.day.isoformat()),
        greeting=reader.text("greeting", name=reader.who.name),
        sections=REPORTS[report](reader),
        footer=reader.text("footer", company=settings().company, zone=reader.zone),
    )


def letter(subscription: Subscription, *, at: datetime) -> Mail:
    """Return the mail of a subscription's due time, with the figures of now."""
    person = people.user(subscription.owner_id)
    who = people.principal(person)
    paper = compose(subscription.report, Reader(who, subscription.language, subscription.zone, at))
    return Mail(
        to=person.email,
        subject=paper.subject,
        text=render.text(paper),
        html=render.html(paper),
        headers={"X-Salestream-Report": subscription.report, "Auto-Submitted": "auto-generated"},
    )
