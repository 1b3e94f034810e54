"""A rep's morning: what is due today, and how the own deals stand."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import i18n
from chalicelib.core.table import Record
from chalicelib.customers.activities import service as activities
from chalicelib.insight.analytics import service as analytics
from chalicelib.insight.reports.paper import Reader, Row, Section, money
from chalicelib.insight.reports.rows import MOST_READ, MOST_ROWS, overdue_rows, stage_rows, stalled_rows
from chalicelib.sales.leads import service as leads
from chalicelib.sales.orders import service as orders
from chalicelib.sales.quotes import service as quotes

#: A lead of these statuses may still wait for its first contact.
_WAITING: Final = ("NEW", "ASSIGNED")
#: An order of these statuses waits for somebody of ours.
_IN_HAND: Final = frozenset({"IN_APPROVAL", "APPROVED", "ACTIVATED", "PARTIALLY_SHIPPED"})
#: A quote that ends within so long is to be called about.
_SOON: Final = timedelta(days=7)


def sections(reader: Reader) -> list[Section]:
    """Return tasks due, leads to answer, open deals by stage, those that stand still, quotes and orders that
    wait, money overdue.
    """
    return [
        reader.section("tasks", _tasks(reader), most=MOST_ROWS),
        reader.section("leads", _leads(reader), most=MOST_ROWS),
        reader.section("deals", _deals(reader)),
        reader.section("stalled", stalled_rows(reader, owner_id=reader.who.id), most=MOST_ROWS),
        reader.section("offers", _offers(reader), most=MOST_ROWS),
        reader.section("waiting", _waiting(reader), most=MOST_ROWS),
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


def _offers(reader: Reader) -> list[Row]:
    """Return the own quotes that customers answered, and those that end soon: these behind, soonest first."""
    found = quotes.quotes(who=reader.who, owner_id=reader.who.id, limit=MOST_READ, after=None).items
    answered = [(quote, why) for quote in found if (why := _answered(quote, reader))]
    ending = [
        (quote, reader.text("offers.ends", day=quote.valid_until))
        for quote in sorted(found, key=lambda each: each.valid_until)
        if quote.status == "PRESENTED" and not _wishes(quote) and quote.valid_until < reader.day + _SOON
    ]
    return _documents([*answered, *ending])


def _answered(quote: Any, reader: Reader) -> str:
    if quote.status == "ACCEPTED" and not (quote.order_id or quote.contract_id):
        return reader.text("offers.accepted")
    if quote.status == "PRESENTED" and (wishes := _wishes(quote)):
        return reader.text("offers.changes", message=wishes[-1]["message"])
    return ""


def _wishes(quote: Any) -> list[Any]:
    return [each for each in quote.change_requests if each["revision"] == quote.revision]


def _waiting(reader: Reader) -> list[Row]:
    """Return the own orders that wait for approval, activation or shipment, the oldest first."""
    found = orders.orders(who=reader.who, owner_id=reader.who.id, limit=MOST_READ, after=None).items
    waiting = sorted((each for each in found if each.status in _IN_HAND), key=lambda each: each.ordered_on)
    return _documents([(each, i18n.text(f"order.status.{each.status}", reader.language)) for each in waiting])


def _documents(noted: Sequence[tuple[Any, str]]) -> list[Row]:
    customers: Mapping[str, Any] = Record.many_anywhere(each.account_id for each, _ in noted)
    return [
        Row(f"{customers[each.account_id].name} · {each.number}", value=money(each.total), note=note)
        for each, note in noted
        if each.account_id in customers
    ]


def _deals(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="owner", span=analytics.span(), member=reader.who.id)
    funnel = analytics.funnel(None, asked, who=reader.who, language=reader.language)
    return stage_rows(funnel, reader)
