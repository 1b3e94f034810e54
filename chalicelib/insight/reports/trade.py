"""What was offered, ordered and earned, whose credit is used up, and what runs low: a manager's sections."""

from typing import Final

from chalicelib.core import clock
from chalicelib.core.access import may
from chalicelib.core.money import Money
from chalicelib.core.settings import settings
from chalicelib.core.table import Record
from chalicelib.insight.analytics import service as analytics
from chalicelib.insight.reports.paper import Reader, Row, bars, money
from chalicelib.insight.reports.rows import MOST_READ, rounded
from chalicelib.sales.credit import service as credit
from chalicelib.sales.inventory import service as inventory
from chalicelib.sales.revenue import service as revenue

#: Of the customers who owe most, so many are looked through for those whose credit is used up.
MOST_DEBTORS: Final = 300


def quote_rows(reader: Reader, span: analytics.Span) -> list[Row]:
    """Return what was sent by month, and what of it customers accepted."""
    asked = analytics.Asked(by="team", span=span, group="month")
    lines = analytics.quotes(asked, who=reader.who).totals
    return [
        Row(
            str(line.period),
            value=money(line.amount),
            note=reader.text(
                "quotes.note", sent=line.sent, accepted=line.accepted, amount=money(line.accepted_amount)
            ),
            bar=width,
        )
        for line, width in zip(lines, bars([line.amount.minor for line in lines]), strict=True)
    ]


def order_rows(reader: Reader, span: analytics.Span) -> list[Row]:
    """Return what was ordered by month and has gone out of it, with the margin for who may know costs."""
    asked = analytics.Asked(by="team", span=span, group="month")
    lines = analytics.orders(asked, who=reader.who).totals
    return [
        Row(str(line.period), value=money(line.amount), note=_ordered(reader, line), bar=width)
        for line, width in zip(lines, bars([line.amount.minor for line in lines]), strict=True)
    ]


def _ordered(reader: Reader, line: analytics.OrderLine) -> str:
    parts = [reader.text("orders.note", count=line.count, units=line.shipped_units)]
    if line.margin and line.margin.percent is not None:
        parts.append(reader.text("orders.margin", percent=rounded(line.margin.percent)))
    return " · ".join(parts)


def revenue_rows(reader: Reader, span: analytics.Span) -> list[Row]:
    """Return what was recognised by month, and what was deferred by its end."""
    found = revenue.months(who=reader.who, since=span.first, until=span.last)
    months = [each for each in found if each.month]
    widths = bars([each.recognised.minor for each in months])
    return [
        Row(
            str(each.month),
            value=money(each.recognised),
            note=reader.text("revenue.note", deferred=money(each.deferred), planned=money(each.planned)),
            bar=width,
        )
        for each, width in zip(months, widths, strict=True)
    ]


def credit_rows(reader: Reader) -> list[Row]:
    """Return who is stopped or owes more than the limit, of those who owe most; largest first."""
    debtors = revenue.debtors(settings().currency, limit=MOST_DEBTORS)
    found = credit.standings(debtors, who=reader.who)
    named = Record.many_anywhere(each.profile.account_id for each in found)
    rows = [(str(getattr(named.get(each.profile.account_id), "name", "")), each) for each in found]
    return [row for name, each in rows for row in _used_up(reader, name, each)]


def _used_up(reader: Reader, name: str, stands: credit.Standing) -> list[Row]:
    rows = [
        Row(
            name,
            value=money(Money(stands.exposure(currency), currency)),
            note=reader.text("credit.note", limit=money(Money(stands.limit(currency) or 0, currency))),
        )
        for currency in sorted(stands.profile.exposure)
        if (stands.free(currency) or 0) < 0
    ]
    stopped = [
        Row(name, value=reader.text("credit.stopped"), note=str(why.values["reason"]))
        for why in stands.stopped()
    ]
    return stopped + rows


def stock_rows(reader: Reader) -> list[Row]:
    """Return what has fallen to its reorder point, by warehouse, for who may see what is in stock."""
    if not may(reader.who, "inventory:read"):
        return []
    return [
        Row(
            each.product,
            value=reader.text("stock.value", available=each.available),
            note=reader.text("stock.note", warehouse=each.warehouse, least=each.reorder_point),
        )
        for each in inventory.low(limit=MOST_READ)
    ]


def last_months(reader: Reader, *, back: int) -> analytics.Span:
    """Return the reader's month, and so many before it."""
    this = clock.month(reader.day)
    return analytics.span(analytics.earlier(this, back), this)
