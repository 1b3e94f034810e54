"""What one does with deals; opening them (`intake`), moving them (`moves`) and `pipelines` stand beside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.core import access, clock, errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import Step, change
from chalicelib.sales.opportunities import approval, stalling, todo
from chalicelib.sales.opportunities import pipelines as processes
from chalicelib.sales.opportunities.approval import approve_stage
from chalicelib.sales.opportunities.buying import competitors, set_buyer
from chalicelib.sales.opportunities.cloning import clone
from chalicelib.sales.opportunities.documents import WAITING, documents
from chalicelib.sales.opportunities.guidance import acknowledge, finish_task, guide
from chalicelib.sales.opportunities.history import history
from chalicelib.sales.opportunities.intake import bring_in, customer, join_lead, open_deal, put_opportunity
from chalicelib.sales.opportunities.lines import priced
from chalicelib.sales.opportunities.lists import opportunities, opportunities_of
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.moves import advance, lose, movable, reopen, win
from chalicelib.sales.opportunities.pipelines import (
    add_pipeline,
    change_pipeline,
    ensure_default_pipeline,
    pipeline,
    pipelines,
    stage_named,
)
from chalicelib.sales.opportunities.pipelines import find_by_name as find_pipeline
from chalicelib.sales.opportunities.placing import place, place_for_members
from chalicelib.sales.opportunities.quoted import note_quote
from chalicelib.sales.opportunities.register import deals, open_deals, recorded_since
from chalicelib.sales.opportunities.staffing import reassign, set_member

__all__ = [
    "WAITING",
    "acknowledge",
    "add_pipeline",
    "advance",
    "amend",
    "approve_stage",
    "bring_in",
    "change_pipeline",
    "clone",
    "deals",
    "documents",
    "ensure_default_pipeline",
    "find_pipeline",
    "finish_task",
    "guide",
    "history",
    "join_lead",
    "lose",
    "note_quote",
    "open_deal",
    "open_deals",
    "opportunities",
    "opportunities_of",
    "opportunity",
    "pipeline",
    "pipelines",
    "put_opportunity",
    "reassign",
    "recorded_since",
    "reopen",
    "restore",
    "set_buyer",
    "set_member",
    "share",
    "stage_named",
    "void",
    "win",
]


def opportunity(deal_id: str, *, who: Principal, to_write: bool = False) -> Opportunity:
    """Return a deal in the caller's reach."""
    return ownership.reached(Opportunity, deal_id, who=who, to_write=to_write)


def amend(deal_id: str, *, version: int | None, by: Principal, **changes: Any) -> Opportunity:
    """Change an open deal's fields. Where it has lines, they make the amount.

    The contact is one of the account's; an account that comes later gives the deal its region and
    industry, where the deal has none. Those who bought for another account buy no more.
    """
    deal = movable("amend", deal_id, version=version, by=by)
    if "competitors" in changes:
        changes["competitors"] = competitors(changes["competitors"])
    if not {"account_id", "contact_id"}.isdisjoint(changes):
        changes = {**_customer(deal, changes, by=by), **changes}
    changes |= _amount(deal, changes)
    if "amount" in changes:
        changes |= approval.lost_with(deal, changes["amount"])
    place(deal, by=by, **changes)
    return deal


def _customer(deal: Opportunity, changes: Mapping[str, Any], *, by: Principal) -> dict[str, Any]:
    account_id, contact_id = (changes.get(name, getattr(deal, name)) for name in ("account_id", "contact_id"))
    account = customer(account_id, contact_id, who=by)
    moved: dict[str, Any] = {} if account_id == deal.account_id else {"buyers": {}}
    if account is None:
        return moved
    given = {name: getattr(account, name) for name in ("region", "industry") if not getattr(deal, name)}
    return moved | given


def _amount(deal: Opportunity, changes: Mapping[str, Any]) -> dict[str, Any]:
    if changes.get("lines", deal.lines) and "amount" in changes:
        raise errors.Invalid.one("amount", "follows_lines")
    if not changes.get("lines"):
        return {}
    kept, total = priced(changes["lines"])
    return {"lines": kept, "amount": total}


def share(deal_id: str, *, version: int | None, by: Principal, **sharing: Any) -> Opportunity:
    """Share a deal with a user or team, or end that."""
    deal = opportunity(deal_id, who=by, to_write=True)
    ownership.share(deal, by=by, version=version, **sharing)
    return deal


def void(deal_id: str, *, version: int | None, by: Principal) -> Opportunity:
    """Take a deal out of lists and figures; a won one takes the right to approve."""
    deal = movable("void", deal_id, version=version, by=by)
    step = Step(by=by.id)
    ownership.void(step, deal, **stalling.stopped())
    place_for_members(step, deal)
    step.commit()
    return deal


def restore(deal_id: str, *, version: int | None, by: Principal) -> Opportunity:
    """Bring a voided deal back as it was."""
    deal = movable("restore", deal_id, version=version, by=by)
    stages = processes.pipeline(deal.pipeline_id).stages
    stage: Mapping[str, Any] = next((found for found in stages if found["id"] == deal.stage_id), {})
    step = Step(by=by.id)
    ownership.restore(step, deal, **stalling.clock_of(stage, deal.stage_since))
    place_for_members(step, deal)
    step.commit()
    return deal


def note_interaction(deal_id: str, *, at: str) -> None:
    """Keep when a deal was last worked on with the customer. Safe to repeat, in any order."""
    deal = Opportunity.find(deal_id)
    if deal is None:
        return
    happened = clock.parse(at)
    last: datetime | None = deal.last_activity_at
    if last is None or last < happened:
        change(deal, by=access.SYSTEM.id, last_activity_at=happened)


def note_stalled(deal: Opportunity) -> None:
    """Note that a deal has been in its stage for longer than expected; its owner has a task about it."""
    now, due_minute = clock.now(), str(deal.due_minute)
    step = Step(by=access.SYSTEM.id)
    step.change(deal, stalled_since=now, due_minute=None)
    # With another term, a deal may stall in one stay again: the minute tells the two apart.
    todo.add_task(step, deal, "stalled", due_minute, due_at=now)
    step.commit()
