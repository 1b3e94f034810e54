"""Lead pools 线索池: leads that nobody owns, claimed 领取 within limits and returned 退回 with a reason."""

from datetime import timedelta
from typing import Any, Final

from chalicelib.core import access, clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.ownership import standing
from chalicelib.core.step import Step, change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import moves, placing
from chalicelib.sales.leads.models import DEFAULT_POOL, Lead, LeadPool

#: Counted all the same, so that a limit set later knows what is held.
NO_LIMIT: Final = 2**31


def add_pool(*, by: Principal, **settings: Any) -> LeadPool:
    """Set up a pool. What is None is as if it were not given."""
    found = LeadPool(**{name: value for name, value in settings.items() if value is not None})
    create(found, by=by.id)
    return found


def change_pool(pool_id: str, *, version: int | None, by: Principal, **changes: Any) -> LeadPool:
    """Change a pool; the default pool is set up by its first change."""
    found = pool(pool_id)
    expect(found, version)
    if missing := [name for name in ("name", "status") if name in changes and changes[name] is None]:
        raise errors.Invalid(*(errors.FieldError(name, "missing") for name in missing))
    if changes.get("member_ids", found.member_ids) is None:
        changes["member_ids"] = []
    if found.version:
        change(found, by=by.id, **changes)
        return found
    fresh = LeadPool(DEFAULT_POOL, **{"name": found.name, **changes})
    create(fresh, by=by.id)
    return fresh


def pool(pool_id: str) -> LeadPool:
    """Return a pool. The default pool is always there, open to everybody until it is set up."""
    found = LeadPool.find(pool_id)
    if found is None and pool_id == DEFAULT_POOL:
        started = clock.now()
        return LeadPool(DEFAULT_POOL, name="Leads", version=0, created_at=started, updated_at=started)
    if found is None:
        raise errors.NotFound
    return found


def pools(**paging: Any) -> Page[LeadPool]:
    """Return a page of pools, by name; the default pool is among them once it is set up."""
    return page(LeadPool.by_group.query, "lead_pools", newest_first=False, **paging)


def is_member(who: Principal, found: LeadPool) -> bool:
    """Whether somebody may look into a pool and claim from it."""
    members = set(found.member_ids)
    if found.status != "ACTIVE":
        return False
    return not members or who.id in members or not members.isdisjoint(who.teams | who.managed_teams)


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
    moves.move(step, lead, **place.values, claimed_from=found.id, return_reason=None)
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
        found = pool(pool_id)
    except errors.NotFound:
        raise errors.Invalid.one("pool_id", "unknown_reference") from None
    if found.status != "ACTIVE":
        raise errors.Invalid.one("pool_id", "unknown_reference")
    return found.id
