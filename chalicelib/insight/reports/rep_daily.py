"""A rep's morning: what is due today, and how the own deals stand."""

from typing import Any, Final

from chalicelib.customers.activities import service as activities
from chalicelib.insight.analytics import service as analytics
from chalicelib.insight.reports.paper import Reader, Row, Section
from chalicelib.insight.reports.rows import MOST_READ, MOST_ROWS, overdue_rows, stage_rows, stalled_rows
from chalicelib.sales.leads import service as leads

#: A lead of these statuses may still wait for its first contact.
_WAITING: Final = ("NEW", "ASSIGNED")


def sections(reader: Reader) -> list[Section]:
    """Return tasks due, leads to answer, open deals by stage, those that stand still, money overdue."""
    return [
        reader.section("tasks", _tasks(reader), most=MOST_ROWS),
        reader.section("leads", _leads(reader), most=MOST_ROWS),
        reader.section("deals", _deals(reader)),
        reader.section("stalled", stalled_rows(reader, owner_id=reader.who.id), most=MOST_ROWS),
        reader.section("overdue", overdue_rows(reader, owner_id=reader.who.id), most=MOST_ROWS),
    ]


def _tasks(reader: Reader) -> list[Row]:
    found = activities.tasks(who=reader.who, limit=MOST_READ)
    return [
        Row(task.title, value=reader.time(task.due_at))
        for task in found.items
        if reader.ends_today(task.due_at)
    ]


def _leads(reader: Reader) -> list[Row]:
    waiting: list[Any] = []
    for status in _WAITING:
        waiting += leads.leads(who=reader.who, status=status, limit=MOST_READ).items
    due = [
        lead
        for lead in waiting
        if lead.sla_due_at and not lead.first_contacted_at and reader.ends_today(lead.sla_due_at)
    ]
    due.sort(key=lambda lead: lead.sla_due_at)
    return [Row(lead.name, value=reader.time(lead.sla_due_at), note=lead.company or "") for lead in due]


def _deals(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="owner", span=analytics.span(), member=reader.who.id)
    funnel = analytics.funnel(None, asked, who=reader.who, language=reader.language)
    return stage_rows(funnel, reader)
