"""Lead pools 线索池: leads that nobody owns, claimed 领取 within limits and returned 退回 with a reason."""

from datetime import timedelta
from typing import Any

from chalicelib.core import access, clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.ownership import standing
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import moves, placing
from chalicelib.sales.leads.models import DEFAULT_POOL, Lead, LeadPool
from chalicelib.sales.leads.moves import NO_LIMIT
from chalicelib.sales.leads.pool_setup import is_member, open_pool, pool, to_be_contacted_by


def waiting(pool_id: str, *, who: Principal, **paging: Any) -> Page[Lead]:
    """Return a page of a pool's leads, the newest first. NotFound for those who are no members."""
    if not (is_member(who, pool(pool_id)) or who.sees_all):
        raise errors.NotFound
    return page(Lead.by_pool.query, pool_id, between=standing(Lead), **paging)


def claim(lead_id: str, *, version: int | None, by: Principal) -> Lead:
    """Make a lead of a pool one's own. TooMany beyond the pool's limits.

    NotFound when it waits in no pool of the caller's; of two who claim at once, one is Stale.
    """
    lead = Lead.fetch(lead_id)
    found = pool(lead.pool_id) if lead.pool_id else None
    if found is None or not is_member(by, found):
        raise errors.NotFound
    moves.LIFECYCLE.require("claim", lead.status, by=by)
    expect(lead, version)
    place = placing.given(people.owner_fields(by.id), "CLAIMED", pool_id=found.id)
    step = Step(by=by.id)
    mine = {**place.values, "claimed_from": found.id, "pool_due_at": to_be_contacted_by(found, clock.now())}
    moves.move(step, lead, **mine, return_reason=None)
    _count_claim(step, found, by.id)
    step.commit()
    return lead


def _count_claim(step: Step, found: LeadPool, user_id: str) -> None:
    most: int | None = found.most_held
    step.count(
        moves.held(found.id, user_id),
        limit=NO_LIMIT if most is None else most,
        refusal=lambda _: errors.TooMany("pool_held", limit=most, retry_after=3600),
    )
    daily: int | None = found.daily_claims
    if daily is None:
        return
    today = clock.today()
    step.count(
        f"lead|claims|{found.id}|{user_id}|{today.isoformat()}",
        limit=daily,
        until=clock.now() + timedelta(days=2),
        refusal=lambda _: errors.TooMany("pool_daily", limit=daily, retry_after=3600),
    )


def give_back(lead: Lead, *, reason: str, pool_id: str | None, version: int | None, by: Principal) -> Lead:
    """Return a lead to a pool, with the reason; its first-contact promise goes on."""
    access.require_reach(by, lead, to_write=True)
    moves.LIFECYCLE.require("return", lead.status, by=by)
    expect(lead, version)
    target = _target(lead, pool_id)
    place = placing.in_pool(target, "RETURNED", returned_by=by.id)
    step = Step(by=by.id)
    moves.move(step, lead, **{**place.values, "status": "RECYCLED"}, return_reason=reason)
    step.commit()
    return lead


def _target(lead: Lead, pool_id: str | None) -> str:
    if pool_id is None:
        return lead.claimed_from or DEFAULT_POOL
    try:
        return open_pool(pool_id).id
    except errors.NotFound:
        raise errors.Invalid.one("pool_id", "unknown_reference") from None
