"""A manager's week: the funnel, this month's sales and trade beside the last's, what goes wrong."""

from typing import Final

from chalicelib.core import i18n
from chalicelib.core.settings import settings
from chalicelib.insight.analytics import service as analytics
from chalicelib.insight.forecasts import service as forecasts
from chalicelib.insight.reports.paper import Reader, Row, Section, bars, money
from chalicelib.insight.reports.rows import (
    MOST_READ,
    MOST_ROWS,
    overdue_rows,
    rounded,
    stage_rows,
    stalled_rows,
)
from chalicelib.insight.reports.trade import (
    credit_rows,
    last_months,
    order_rows,
    quote_rows,
    revenue_rows,
    stock_rows,
)
from chalicelib.organisation.people import service as people
from chalicelib.sales.contracts import service as contracts
from chalicelib.sales.opportunities import service as opportunities

MOST_REPS: Final = 5
#: Teams whose deals are looked through for those that stand still.
MOST_TEAMS: Final = 20
#: The present month and the two after it.
MONTHS_AHEAD: Final = 3


def sections(reader: Reader) -> list[Section]:
    """Return funnel, sales, forecast, who sold most; quotes, orders, revenue; what deals were lost for, first
    contacts missed, deals that stand still, contracts that slip, money overdue, credit used up, stock that
    is low.
    """
    recent = last_months(reader, back=1)
    return [
        reader.section("funnel", _funnel(reader)),
        reader.section("sales", _sales(reader)),
        reader.section("forecast", _forecast(reader)),
        reader.section("reps", _reps(reader)),
        reader.section("quotes", quote_rows(reader, recent)),
        reader.section("orders", order_rows(reader, recent)),
        reader.section("revenue", revenue_rows(reader, recent)),
        reader.section("lost", _lost(reader), most=MOST_ROWS),
        reader.section("breaches", _breaches(reader), most=MOST_ROWS),
        reader.section("stalled", _stalled(reader), most=MOST_ROWS),
        reader.section("slipping", _slipping(reader), most=MOST_ROWS),
        reader.section("overdue", _overdue(reader), most=MOST_ROWS),
        reader.section("credit", credit_rows(reader), most=MOST_ROWS),
        reader.section("stock", stock_rows(reader), most=MOST_ROWS),
    ]


def _funnel(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="team", span=analytics.span())
    return stage_rows(analytics.funnel(None, asked, who=reader.who, language=reader.language), reader)


def _sales(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="team", span=last_months(reader, back=1), group="month")
    totals = analytics.sales(asked, who=reader.who).totals
    return _sold(reader, [(str(line.period), line) for line in totals])


def _forecast(reader: Reader) -> list[Row]:
    ahead = forecasts.outlook(who=reader.who, currency=settings().currency, months=MONTHS_AHEAD).months
    return [_month(reader, month.month, month.figures) for month in ahead]


def _month(reader: Reader, month: str, figures: forecasts.Range) -> Row:
    between = reader.text("forecast.range", low=money(figures.p10), high=money(figures.p90))
    if figures.p50 is None:
        return Row(month, value=reader.text("forecast.unknown"), note=between)
    return Row(month, value=money(figures.p50), note=between)


def _reps(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="owner", span=last_months(reader, back=0))
    sold = [line for line in analytics.sales(asked, who=reader.who).rows if line.won]
    return _sold(reader, [(line.name or reader.text("nobody"), line) for line in sold[:MOST_REPS]])


def _sold(reader: Reader, lines: list[tuple[str, analytics.SalesLine]]) -> list[Row]:
    widths = bars([line.revenue.minor for _, line in lines])
    return [
        Row(label, value=money(line.revenue), note=_won(reader, line), bar=width)
        for (label, line), width in zip(lines, widths, strict=True)
    ]


def _won(reader: Reader, line: analytics.SalesLine) -> str:
    rate = line.win_rate
    percent = rounded(rate.percent) if rate.percent is not None else "–"
    return reader.text("sales.note", won=rate.part, closed=rate.whole, percent=percent)


def _lost(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="team", span=last_months(reader, back=0))
    names = {
        reason["id"]: i18n.named(reason["names"], reader.language)
        for pipeline in opportunities.pipelines(limit=MOST_READ).items
        for reason in pipeline.lost_reasons
    }
    return [
        Row(
            names.get(why.reason or "") or why.reason or reader.text("lost.unknown"),
            value=money(why.amount),
            note=reader.text("lost.note", count=why.count),
        )
        for line in analytics.sales(asked, who=reader.who).totals
        for why in line.lost_reasons
    ]


def _breaches(reader: Reader) -> list[Row]:
    asked = analytics.Asked(by="owner", span=last_months(reader, back=0))
    lines = [line for line in analytics.leads(asked, who=reader.who).rows if line.breached]
    lines.sort(key=lambda line: -line.breached)
    return [
        Row(
            line.name or reader.text("nobody"),
            value=str(line.breached),
            note=reader.text("breaches.note", created=line.created, in_time=line.in_time),
        )
        for line in lines
    ]


def _stalled(reader: Reader) -> list[Row]:
    managed = sorted(reader.who.managed_teams)
    teams = [team.id for team in people.teams()] if reader.who.sees_all else managed
    return [row for team_id in teams[:MOST_TEAMS] for row in stalled_rows(reader, team_id=team_id)]


def _slipping(reader: Reader) -> list[Row]:
    return [
        Row(
            f"{contract.number} · {contract.title}",
            value=i18n.text(f"contract.risk.{contract.risk}", reader.language),
            note=money(contract.value),
        )
        for whose in _lists(reader)
        for contract in contracts.at_risk(who=reader.who, limit=MOST_READ, **whose).items
    ]


def _overdue(reader: Reader) -> list[Row]:
    return [row for whose in _lists(reader) for row in overdue_rows(reader, **whose)]


def _lists(reader: Reader) -> list[dict[str, str]]:
    """Return which lists are the reader's: the one of all, or each of the teams."""
    if reader.who.sees_all:
        return [{}]
    return [{"team_id": team_id} for team_id in sorted(reader.who.managed_teams)[:MOST_TEAMS]]
