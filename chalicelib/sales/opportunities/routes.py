"""Deals and pipelines over HTTP."""

from typing import Any

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.opportunities import service
from chalicelib.sales.opportunities.models import Opportunity, Pipeline
from chalicelib.sales.opportunities.queries import OpportunityQuery
from chalicelib.sales.opportunities.schemas import (
    Buyer,
    Clone,
    Guidance,
    Lost,
    Membership,
    NewOpportunity,
    NextStage,
    OpportunityChange,
    OpportunityView,
    Reopened,
    TurnView,
    Won,
)
from chalicelib.sales.opportunities.stage_shapes import NewPipeline, PipelineChange, PipelineView

deals = Room("opportunities", prefix="/opportunities")
pipelines = Room("pipelines", prefix="/pipelines")
routes = (deals, pipelines)


@deals.post("", needs="opportunities:write", body=NewOpportunity, answers=OpportunityView, status=201)
def open_deal(call: Call[NewOpportunity, NoQuery]) -> Answer:
    """Open a deal with an account."""
    deal = service.open_deal(**call.body.values(), by=call.who)
    return created(deal)


@deals.get("", needs="opportunities:read", query=OpportunityQuery, answers=OpportunityView, listed=True)
def list_deals(call: Call[None, OpportunityQuery]) -> Page[Opportunity]:
    """List deals: open ones first, stage by stage, by close date."""
    account_id, which = call.query.account_id, {**call.query.part(), **call.query.which()}
    if account_id:
        return service.opportunities_of(account_id, who=call.who, **which, **call.page)
    return service.opportunities(who=call.who, **which, **call.page)


@deals.get("/{deal_id}", needs="opportunities:read", answers=OpportunityView)
def read_deal(call: Call[None, NoQuery], deal_id: str) -> Opportunity:
    """Read a deal."""
    return service.opportunity(deal_id, who=call.who)


@deals.patch("/{deal_id}", needs="opportunities:write", body=OpportunityChange, answers=OpportunityView)
def amend_deal(call: Call[OpportunityChange, NoQuery], deal_id: str) -> Opportunity:
    """Change an open deal."""
    return service.amend(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.delete("/{deal_id}", needs="opportunities:write", answers=OpportunityView)
def void_deal(call: Call[None, NoQuery], deal_id: str) -> Opportunity:
    """Void a deal; it can be restored."""
    return service.void(deal_id, version=call.version, by=call.who)


@deals.post("/{deal_id}/restore", needs="opportunities:write", answers=OpportunityView)
def restore_deal(call: Call[None, NoQuery], deal_id: str) -> Opportunity:
    """Restore a voided deal as it was."""
    return service.restore(deal_id, version=call.version, by=call.who)


@deals.post("/{deal_id}/advance", needs="opportunities:write", body=NextStage, answers=OpportunityView)
def advance_deal(call: Call[NextStage, NoQuery], deal_id: str) -> Opportunity:
    """Move a deal to another open stage; 409 lists what is missing."""
    return service.advance(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.post("/{deal_id}/approve-stage", needs="opportunities:approve", answers=OpportunityView)
def approve_stage(call: Call[None, NoQuery], deal_id: str) -> Opportunity:
    """Approve a deal in its stage, up to its present amount."""
    return service.approve_stage(deal_id, version=call.version, by=call.who)


@deals.post("/{deal_id}/win", needs="opportunities:write", body=Won, answers=OpportunityView)
def win_deal(call: Call[Won, NoQuery], deal_id: str) -> Opportunity:
    """Close a deal as won; 409 lists what is missing."""
    return service.win(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.post("/{deal_id}/lose", needs="opportunities:write", body=Lost, answers=OpportunityView)
def lose_deal(call: Call[Lost, NoQuery], deal_id: str) -> Opportunity:
    """Close a deal as lost, with the reason."""
    return service.lose(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.post("/{deal_id}/reopen", needs="opportunities:write", body=Reopened, answers=OpportunityView)
def reopen_deal(call: Call[Reopened, NoQuery], deal_id: str) -> Opportunity:
    """Take a win or a loss back, with the reason; a win takes the right to approve."""
    return service.reopen(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.post(
    "/{deal_id}/clone",
    needs="opportunities:write",
    body=Clone,
    answers=OpportunityView,
    status=201,
    places="/opportunities",
)
def clone_deal(call: Call[Clone, NoQuery], deal_id: str) -> Answer:
    """Open a deal of one's own like another: its lines and people at the customer's, not its history."""
    deal = service.clone(deal_id, version=call.version, by=call.who, **call.body.values())
    return created(deal)


@deals.post("/{deal_id}/reassign", needs="opportunities:write", body=NewOwner, answers=OpportunityView)
def reassign_deal(call: Call[NewOwner, NoQuery], deal_id: str) -> Opportunity:
    """Give a deal to another owner."""
    return service.reassign(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.post("/{deal_id}/share", needs="opportunities:write", body=Sharing, answers=OpportunityView)
def share_deal(call: Call[Sharing, NoQuery], deal_id: str) -> Opportunity:
    """Share a deal with a user or a team, or end that."""
    return service.share(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.put(
    "/{deal_id}/members/{user_id}", needs="opportunities:write", body=Membership, answers=OpportunityView
)
def set_member(call: Call[Membership, NoQuery], deal_id: str, user_id: str) -> Opportunity:
    """Put somebody on the deal's team, or in another role."""
    return service.set_member(deal_id, user_id, version=call.version, by=call.who, **call.body.values())


@deals.delete("/{deal_id}/members/{user_id}", needs="opportunities:write", answers=OpportunityView)
def remove_member(call: Call[None, NoQuery], deal_id: str, user_id: str) -> Opportunity:
    """Take somebody off the deal's team."""
    return service.set_member(deal_id, user_id, role=None, version=call.version, by=call.who)


@deals.put("/{deal_id}/buyers/{contact_id}", needs="opportunities:write", body=Buyer, answers=OpportunityView)
def set_buyer(call: Call[Buyer, NoQuery], deal_id: str, contact_id: str) -> Opportunity:
    """Say what part a contact of the account has in the purchase."""
    return service.set_buyer(deal_id, contact_id, version=call.version, by=call.who, **call.body.values())


@deals.delete("/{deal_id}/buyers/{contact_id}", needs="opportunities:write", answers=OpportunityView)
def remove_buyer(call: Call[None, NoQuery], deal_id: str, contact_id: str) -> Opportunity:
    """Say that a contact has no part in the purchase."""
    return service.set_buyer(deal_id, contact_id, role=None, version=call.version, by=call.who)


@deals.post("/{deal_id}/guidance", needs="opportunities:approve", body=Guidance, answers=OpportunityView)
def guide_owner(call: Call[Guidance, NoQuery], deal_id: str) -> Opportunity:
    """Tell the owner of a deal what to do; it becomes a task."""
    return service.guide(deal_id, version=call.version, by=call.who, **call.body.values())


@deals.post("/{deal_id}/guidance/{number}/acknowledge", needs="opportunities:write", answers=OpportunityView)
def acknowledge_guidance(call: Call[None, NoQuery], deal_id: str, number: str) -> Opportunity:
    """Acknowledge guidance as the owner of the deal."""
    return service.acknowledge(deal_id, number, version=call.version, by=call.who)


@deals.get("/{deal_id}/history", needs="opportunities:read", query=ListQuery, answers=TurnView, listed=True)
def read_history(call: Call[None, ListQuery], deal_id: str) -> Page[Any]:
    """List the changes of a deal's stage, status, amount, close date and approval, newest first."""
    return service.history(deal_id, who=call.who, **call.page)


@pipelines.post("", needs="opportunities:configure", body=NewPipeline, answers=PipelineView, status=201)
def add_pipeline(call: Call[NewPipeline, NoQuery]) -> Answer:
    """Add a pipeline with its stages and their criteria."""
    pipeline = service.add_pipeline(**call.body.values(), by=call.who)
    return created(pipeline)


@pipelines.get("", needs="opportunities:read", query=ListQuery, answers=PipelineView, listed=True)
def list_pipelines(call: Call[None, ListQuery]) -> Page[Pipeline]:
    """List the pipelines by name."""
    return service.pipelines(**call.page)


@pipelines.get("/{pipeline_id}", needs="opportunities:read", answers=PipelineView)
def read_pipeline(call: Call[None, NoQuery], pipeline_id: str) -> Pipeline:
    """Read a pipeline."""
    return service.pipeline(pipeline_id)


@pipelines.patch("/{pipeline_id}", needs="opportunities:configure", body=PipelineChange, answers=PipelineView)
def change_pipeline(call: Call[PipelineChange, NoQuery], pipeline_id: str) -> Pipeline:
    """Change a pipeline; a stage in which open deals stand stays."""
    return service.change_pipeline(pipeline_id, version=call.version, by=call.who, **call.body.values())
