"""What one does with receivables, revenue and the books: here reading and listing; the rest beside."""

from typing import Any

from chalicelib.core import clock, ownership
from chalicelib.core.access import Principal
from chalicelib.core.table import Page, page
from chalicelib.sales.opportunities import service as opportunities
from chalicelib.sales.revenue.ageing import Ageing, ageing, debtors
from chalicelib.sales.revenue.catching_up import catch_up
from chalicelib.sales.revenue.closing import books, close
from chalicelib.sales.revenue.deciding import choose, pay, refund, take_back
from chalicelib.sales.revenue.dunning import go_on, hold, remind
from chalicelib.sales.revenue.exporting import ask_for, compose, export, exports, journal
from chalicelib.sales.revenue.models import JournalEntry, Receivable, RevenueSchedule
from chalicelib.sales.revenue.months import Month, months
from chalicelib.sales.revenue.owed import OPEN_LIST
from chalicelib.sales.revenue.policy import policy, set_policy
from chalicelib.sales.revenue.recounting import compare, recount
from chalicelib.sales.revenue.schedules import follow, schedule_id

__all__ = [
    "Ageing",
    "Month",
    "ageing",
    "ask_for",
    "books",
    "catch_up",
    "choose",
    "close",
    "compare",
    "compose",
    "debtors",
    "entries",
    "export",
    "exports",
    "follow",
    "go_on",
    "hold",
    "journal",
    "months",
    "overdue",
    "pay",
    "policy",
    "receivable",
    "receivables",
    "recount",
    "refund",
    "remind",
    "schedule",
    "schedule_id",
    "schedules",
    "set_policy",
    "take_back",
]


def receivable(receivable_id: str, *, who: Principal, to_write: bool = False) -> Receivable:
    """Return a receivable in the caller's reach."""
    return ownership.reached(Receivable, receivable_id, who=who, to_write=to_write)


def receivables(*, who: Principal, **which: Any) -> Page[Receivable]:
    """Return a page of receivables, the latest due first: an account's, or as `owned_page` has them.

    A month's are those that fall due in it. Of an account's those in reach.
    """
    return opportunities.documents(Receivable, who=who, **which)


def schedule(item_id: str, *, who: Principal, to_write: bool = False) -> RevenueSchedule:
    """Return a revenue schedule in the caller's reach."""
    return ownership.reached(RevenueSchedule, item_id, who=who, to_write=to_write)


def schedules(*, who: Principal, **which: Any) -> Page[RevenueSchedule]:
    """Return a page of revenue schedules: an account's, or as `owned_page` has them."""
    return opportunities.documents(RevenueSchedule, who=who, **which)


def overdue(
    *, who: Principal, owner_id: str | None = None, team_id: str | None = None, **paging: Any
) -> Page[Receivable]:
    """Return a page of what is open after its due day, the oldest first: an owner's, a team's or all.

    Which list, and what it raises: `ownership.whose`.
    """
    owner_id, team_id = ownership.whose(who, owner_id=owner_id, team_id=team_id)
    before = Receivable.open_since < clock.today().isoformat()
    query, key = Receivable.by_open.query, OPEN_LIST
    if owner_id or team_id:
        query = Receivable.by_owner_open.query if owner_id else Receivable.by_team_open.query
        key = str(owner_id or team_id)
    found = page(query, key, between=before, newest_first=False, **paging)
    return ownership.in_reach(found, who) if owner_id else found


def entries(item_id: str, *, who: Principal, **paging: Any) -> Page[JournalEntry]:
    """Return the postings of a schedule's order or contract, the latest first."""
    of = schedule(item_id, who=who)
    # Receivables and schedules name their source too.
    of_kind = JournalEntry.listed.between("journal_entry_", "journal_entry_Z~")
    return page(JournalEntry.by_source.query, of.source_id, between=of_kind, **paging)
