"""Rows that both reports have: stages with their bars, deals that stand still, money that is overdue."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from chalicelib.core.table import Record
from chalicelib.insight.analytics import service as analytics
from chalicelib.insight.reports.paper import Reader, Row, bars, money
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.revenue import service as revenue

#: Rows of a list; a mail is read on a phone.
MOST_ROWS: Final = 15
#: Records looked through for those rows.
MOST_READ: Final = 100


def stage_rows(funnel: analytics.Funnel, reader: Reader) -> list[Row]:
    """Return the stages with their open deals; none when nothing is open."""
    widths = bars([stage.count for stage in funnel.stages])
    if not any(widths):
        return []
    return [
        Row(
            stage.name,
            value=reader.text("deals.value", count=stage.count),
            note=_note(stage, funnel.bottleneck, reader),
            bar=width,
        )
        for stage, width in zip(funnel.stages, widths, strict=True)
    ]


def _note(stage: analytics.StageLine, bottleneck: str | None, reader: Reader) -> str:
    parts = [money(standing.amount) for standing in stage.standing]
    if stage.conversion.percent is not None:
        parts.append(reader.text("funnel.conversion", percent=rounded(stage.conversion.percent)))
    if stage.stage_id == bottleneck:
        parts.append(reader.text("funnel.bottleneck"))
    return " · ".join(parts)


def rounded(percent: str) -> str:
    """Return a percentage for reading: with one decimal."""
    return f"{Decimal(percent):.1f}"


def stalled_rows(reader: Reader, **whose: Any) -> list[Row]:
    """Return the open deals of an owner or a team that are in their stage for too long."""
    found = opportunities.opportunities(who=reader.who, stalled=True, limit=MOST_READ, **whose)
    stalled: Sequence[Any] = sorted(found.items, key=lambda deal: deal.stalled_since)
    return [
        Row(
            deal.name,
            value=money(deal.amount),
            note=reader.text("stalled.note", days=(reader.at - deal.stage_since).days),
        )
        for deal in stalled
    ]


def overdue_rows(reader: Reader, **whose: Any) -> list[Row]:
    """Return what customers should have paid by now to an owner or a team, or at all; the oldest first."""
    found: Sequence[Any] = revenue.overdue(who=reader.who, limit=MOST_READ, **whose).items
    customers: Mapping[str, Any] = Record.many_anywhere(each.account_id for each in found)
    return [
        Row(
            f"{customers[each.account_id].name} · {each.document}",
            value=money(each.open),
            note=reader.text("overdue.note", days=(reader.day - each.due_on).days),
        )
        for each in found
    ]
