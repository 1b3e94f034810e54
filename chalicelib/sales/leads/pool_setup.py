"""Setting up lead pools 线索池: who may look into one and claim, and how long it is patient."""

from datetime import datetime, timedelta
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide
from chalicelib.core.errors import FieldError
from chalicelib.core.ownership import standing
from chalicelib.core.step import create
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.leads import rules
from chalicelib.sales.leads.models import DEFAULT_POOL, Lead, LeadPool

#: So many of the leads that keep a pool from being voided are named.
_MOST_NAMED: Final = 10


def add_pool(*, by: Principal, **settings: Any) -> LeadPool:
    """Set up a pool. What is None is as if it were not given."""
    found = LeadPool(**{name: value for name, value in settings.items() if value is not None})
    create(found, by=by.id)
    return found


def change_pool(pool_id: str, *, version: int | None, by: Principal, **changes: Any) -> LeadPool:
    """Change a pool; the default pool is set up by its first change.

    Blocked while a pool that is to be voided is still in use: it says by which rules and leads.
    """
    found = pool(pool_id)
    expect(found, version)
    if missing := [name for name in ("name", "status") if name in changes and changes[name] is None]:
        raise errors.Invalid(*(FieldError(name, "missing") for name in missing))
    if changes.get("status", found.status) != found.status == "ACTIVE" and (uses := _uses(found)):
        raise errors.Blocked(*uses)
    if changes.get("member_ids", found.member_ids) is None:
        changes["member_ids"] = []
    return decide(found, by=by.id, version=version, **changes)


def pool(pool_id: str) -> LeadPool:
    """Return a pool. The default pool is always there, open to everybody until it is set up."""
    found = LeadPool.find(pool_id)
    if found is None and pool_id == DEFAULT_POOL:
        started = clock.now()
        return LeadPool(DEFAULT_POOL, name="Leads", version=0, created_at=started, updated_at=started)
    if found is None:
        raise errors.NotFound
    return found


def _uses(found: LeadPool) -> list[FieldError]:
    if found.id == DEFAULT_POOL:
        return [FieldError("status", "default_pool_stays")]
    named = [rule["code"] for rule in rules.assignment_rules().rules if rule.get("pool_id") == found.id]
    waiting = page(Lead.by_pool.query, found.id, between=standing(Lead), limit=_MOST_NAMED).items
    return [
        *(FieldError("rules", "pool_of_rule", {"rule": code}) for code in named),
        *(FieldError("leads", "pool_of_lead", {"lead": lead.id}) for lead in waiting),
    ]


def open_pool(pool_id: str) -> LeadPool:
    """Return a pool that leads can go to. NotFound for a voided one."""
    found = pool(pool_id)
    if found.status != "ACTIVE":
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


def to_be_claimed_by(found: LeadPool, since: datetime) -> datetime | None:
    """Return until when a lead that waits in a pool since an instant is to be claimed; None: no limit."""
    return _after(since, found.claim_timeout_hours)


def to_be_contacted_by(found: LeadPool, since: datetime) -> datetime | None:
    """Return until when a lead claimed at an instant is to be contacted, or it goes back; None: no limit."""
    return _after(since, found.contact_timeout_hours)


def _after(since: datetime, hours: int | None) -> datetime | None:
    return None if hours is None else since + timedelta(hours=hours)
