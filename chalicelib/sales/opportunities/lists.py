"""Lists of deals: an owner's, a team's, a month's, an account's, or those that somebody works on."""

from typing import Any

from chalicelib.core import errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.table import Page, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.opportunities import pipelines
from chalicelib.sales.opportunities.models import (
    CLOSED,
    OPEN,
    Membership,
    Opportunity,
    Pipeline,
    column_of,
    in_column,
)


def opportunities(
    *,
    who: Principal,
    member_id: str | None = None,
    state: str | None = None,
    pipeline_id: str | None = None,
    stage_id: str | None = None,
    stalled: bool = False,
    **which: Any,
) -> Page[Opportunity]:
    """Return a page of an owner's, a team's or a month's deals (`ownership.owned_page`), or of those
    on whose team a member is.

    Open ones first, stage by stage, the latest close date first in each. `state` (OPEN, CLOSED)
    or a pipeline's stage, a column of the board, narrows it. `stalled` leaves of the open ones those
    that stand still: they are picked from each page, which may so be shorter than asked for.
    """
    if (state or stage_id or stalled) and which.get("voided"):
        raise errors.Invalid.one("voided", "one_list")
    if stalled and state == "CLOSED":
        raise errors.Invalid.one("stalled", "one_list")
    start = _start("OPEN" if stalled else state, pipeline_id, stage_id)
    if member_id:
        found = _worked_on(member_id, who=who, start=start, **which)
    else:
        between = None if start is None else in_column(start)
        found = ownership.owned_page(Opportunity, who=who, between=between, **which)
    return Page([deal for deal in found.items if _stands_still(deal)], found.after) if stalled else found


def _stands_still(deal: Any) -> bool:
    return deal.stalled_since is not None


def _start(state: str | None, pipeline_id: str | None, stage_id: str | None) -> str | None:
    if stage_id:
        return _column(pipelines.pipeline(pipeline_id), stage_id)
    return {"OPEN": OPEN, "CLOSED": CLOSED}.get(state or "")


def _column(of: Pipeline, stage_id: str) -> str:
    stage = pipelines.stage(of, stage_id)
    return column_of(of.id, stage_id, is_open=stage["type"] == "OPEN")


def _worked_on(
    member_id: str, *, who: Principal, start: str | None, limit: int, after: Any = None, **others: Any
) -> Page[Opportunity]:
    """Return a page of a member's deals: one Query of their places, and the deals themselves.

    A page may be shorter than asked for where some are out of reach.
    """
    ownership.require_one_list(member_id=member_id, **others)
    ownership.require_list(who, owner_id=member_id)
    places = in_column(start or "", of=Membership)
    rows = page(Membership.by_owner.query, member_id, between=places, limit=limit, after=after)
    deals = Opportunity.fetch_many(row.opportunity_id for row in rows.items)
    # The index may still have a place that was given up a moment ago.
    found = (deals[row.opportunity_id] for row in rows.items)
    return ownership.in_reach(Page([deal for deal in found if member_id in deal.member_ids], rows.after), who)


def opportunities_of(
    account_id: str, *, who: Principal, limit: int, after: Any = None, **others: Any
) -> Page[Opportunity]:
    """Return a page of an account's deals; of those the ones in reach.

    `others` are lists, and parts of lists, asked for at the same time: Invalid when there is one.
    """
    ownership.require_one_list(account_id=account_id, **others)
    accounts.account(account_id, who=who)
    standing = ownership.standing(Opportunity)
    found = page(Opportunity.by_account.query, account_id, between=standing, limit=limit, after=after)
    return ownership.in_reach(found, who)
