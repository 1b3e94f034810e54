"""Leads over HTTP."""

import base64
from typing import Any, Final

from chalicelib.core.endpoint import Answer, Call
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.leads import batch, channel_routes, event_batch, form_routes, rule_routes, service
from chalicelib.sales.leads.event_schemas import BehaviourItem, BehaviourView, EventsView, NewLeadEvents
from chalicelib.sales.leads.models import Lead, NotDuplicate, Touch
from chalicelib.sales.leads.schemas import (
    Conversion,
    LeadChange,
    LeadQuery,
    Merge,
    NewCall,
    NewLead,
    NewLeads,
    NewMail,
    NotTheSame,
    OtherLead,
    Reason,
    Return,
)
from chalicelib.sales.leads.views import (
    BatchView,
    CallView,
    LeadView,
    MailView,
    NotDuplicateView,
    TakenView,
    TouchView,
)

#: The largest mail that is taken, in bytes of JSON.
MOST_MAIL: Final = 512 * 1024

leads = Room("leads", prefix="/leads")
routes = (
    leads,
    form_routes.setup,
    form_routes.public,
    channel_routes.setup,
    channel_routes.public,
    rule_routes.pools,
    rule_routes.rules,
)


@leads.post(
    "",
    needs="leads:write",
    body=NewLead,
    answers=TakenView,
    status=201,
    also={200: "Known already: it joined that lead"},
    resumes=True,
)
def add_lead(call: Call[NewLead, NoQuery]) -> Answer:
    """Take in a lead; somebody who is a lead already joins it as a touch."""
    taken = service.add_lead(by=call.who, origin=call.origin, **call.body.values())
    location = {"Location": f"/leads/{taken.lead.id}"}
    return Answer(batch.view_of(taken, who=call.who), batch.status_of(taken), location)


@leads.post("/batch", needs="leads:write", body=NewLeads, answers=BatchView, resumes=True)
def add_leads(call: Call[NewLeads, NoQuery]) -> BatchView:
    """Take in up to 100 leads, each with a result of its own."""
    told = {"language": call.language, "request_id": call.request_id}
    return batch.add_leads(call.body.leads, by=call.who, origin=call.origin, **told)


@leads.post(
    "/calls",
    needs="leads:write",
    body=NewCall,
    answers=CallView,
    status=201,
    also={200: "Known already: it joined that lead, or is the same call"},
    resumes=True,
)
def log_call(call: Call[NewCall, NoQuery]) -> Answer:
    """Log a call of the call centre; its caller is a lead, and the call an interaction with it."""
    logged = service.log_call(by=call.who, **call.body.values())
    lead, how = logged.taken.lead, logged.taken.how
    told = CallView(lead_id=lead.id, how=how, activity_id=logged.activity_id)
    return Answer(told, batch.status_of(logged.taken), {"Location": f"/leads/{lead.id}"})


@leads.post("/mails", needs="leads:write", body=NewMail, answers=MailView, most=MOST_MAIL, resumes=True)
def receive_mail(call: Call[NewMail, NoQuery]) -> MailView:
    """Take in a mail that somebody wrote to the company: its sender is a lead."""
    received = service.receive_mail(base64.b64decode(call.body.raw), by=call.who.id)
    return MailView(how=received.how, lead_id=received.lead.id if received.lead else None)


@leads.post("/events", needs="leads:write", body=NewLeadEvents, answers=EventsView, resumes=True)
def take_events(call: Call[NewLeadEvents, NoQuery]) -> EventsView:
    """Tell of up to 100 events: what leads did on your pages, with your mails, at your webinars."""
    told = {"language": call.language, "request_id": call.request_id}
    return event_batch.take_events(call.body.events, by=call.who, origin=call.origin, **told)


@leads.get("", needs="leads:read", query=LeadQuery, answers=LeadView, listed=True)
def list_leads(call: Call[None, LeadQuery]) -> Page[Lead]:
    """List leads: an owner's (by status too), a team's or a month's, newest first."""
    return service.leads(who=call.who, status=call.query.status, **call.query.which(), **call.page)


@leads.get("/{lead_id}", needs="leads:read", answers=LeadView)
def read_lead(call: Call[None, NoQuery], lead_id: str) -> Lead:
    """Read a lead."""
    return service.lead(lead_id, who=call.who)


@leads.patch("/{lead_id}", needs="leads:write", body=LeadChange, answers=LeadView)
def change_lead(call: Call[LeadChange, NoQuery], lead_id: str) -> Lead:
    """Change what is known of a lead; it is scored anew."""
    return service.change_lead(lead_id, version=call.version, by=call.who, **call.body.values())


@leads.delete("/{lead_id}", needs="leads:write", answers=LeadView)
def void_lead(call: Call[None, NoQuery], lead_id: str) -> Lead:
    """Void a lead."""
    return service.void_lead(lead_id, version=call.version, by=call.who)


@leads.post("/{lead_id}/restore", needs="leads:write", answers=LeadView)
def restore_lead(call: Call[None, NoQuery], lead_id: str) -> Lead:
    """Restore a voided lead."""
    return service.restore_lead(lead_id, version=call.version, by=call.who)


@leads.get("/{lead_id}/touches", needs="leads:read", query=ListQuery, answers=TouchView, listed=True)
def list_touches(call: Call[None, ListQuery], lead_id: str) -> Page[Touch]:
    """List how often a lead came again, the latest first."""
    return service.touches(lead_id, who=call.who, **call.page)


@leads.get("/{lead_id}/behaviour", needs="leads:read", answers=BehaviourView)
def read_behaviour(call: Call[None, NoQuery], lead_id: str) -> BehaviourView:
    """Read what a lead did lately, and what that is worth by now."""
    items = [BehaviourItem(**each) for each in service.behaviour_of(lead_id, who=call.who)]
    return BehaviourView(items=items, points=sum(item.points for item in items))


@leads.post("/{lead_id}/reassign", needs="leads:write", body=NewOwner, answers=LeadView)
def reassign_lead(call: Call[NewOwner, NoQuery], lead_id: str) -> Lead:
    """Give a lead to another owner."""
    return service.reassign_lead(lead_id, owner_id=call.body.owner_id, version=call.version, by=call.who)


@leads.post("/{lead_id}/share", needs="leads:write", body=Sharing, answers=LeadView)
def share_lead(call: Call[Sharing, NoQuery], lead_id: str) -> Lead:
    """Share a lead with a user or team, or end that."""
    return service.share_lead(lead_id, version=call.version, by=call.who, **call.body.values())


@leads.post("/{lead_id}/claim", needs="leads:write", answers=LeadView)
def claim_lead(call: Call[None, NoQuery], lead_id: str) -> Lead:
    """Claim a lead from a pool."""
    return service.claim(lead_id, version=call.version, by=call.who)


@leads.post("/{lead_id}/return", needs="leads:write", body=Return, answers=LeadView)
def return_lead(call: Call[Return, NoQuery], lead_id: str) -> Lead:
    """Return a lead to a pool, with the reason."""
    return service.return_lead(lead_id, version=call.version, by=call.who, **call.body.values())


@leads.post("/{lead_id}/qualify", needs="leads:write", answers=LeadView)
def qualify_lead(call: Call[None, NoQuery], lead_id: str) -> Lead:
    """Confirm that a lead is worth an opportunity."""
    return service.qualify_lead(lead_id, version=call.version, by=call.who)


@leads.post("/{lead_id}/unqualify", needs="leads:write", body=Reason, answers=LeadView)
def unqualify_lead(call: Call[Reason, NoQuery], lead_id: str) -> Lead:
    """Give a lead up, with the reason."""
    return service.unqualify_lead(lead_id, reason=call.body.reason, version=call.version, by=call.who)


@leads.post("/{lead_id}/merge", needs="leads:write", body=Merge, answers=LeadView)
def merge_lead(call: Call[Merge, NoQuery], lead_id: str) -> Lead:
    """Merge a lead into another that it turned out to be."""
    body = call.body
    wanted: dict[str, Any] = {"into_id": body.into_id, "take": body.take, "reason": body.reason}
    return service.merge(lead_id, version=call.version, by=call.who, **wanted)


@leads.post("/{lead_id}/unmerge", needs="leads:write", answers=LeadView)
def unmerge_lead(call: Call[None, NoQuery], lead_id: str) -> Lead:
    """Take a merged lead out of the other again, both as they were."""
    return service.unmerge(lead_id, version=call.version, by=call.who)


@leads.post("/{lead_id}/dismiss-duplicate", needs="leads:write", body=NotTheSame, answers=LeadView)
def dismiss_duplicate(call: Call[NotTheSame, NoQuery], lead_id: str) -> Lead:
    """Say that a lead is not another that it was suggested to be; it is suggested no more."""
    said: dict[str, Any] = {"other_id": call.body.other_id, "reason": call.body.reason}
    return service.dismiss_duplicate(lead_id, version=call.version, by=call.who, **said)


@leads.post("/{lead_id}/reconsider-duplicate", needs="leads:write", body=OtherLead, answers=LeadView)
def reconsider_duplicate(call: Call[OtherLead, NoQuery], lead_id: str) -> Lead:
    """Take back that a lead is not another."""
    other_id = call.body.other_id
    return service.reconsider_duplicate(lead_id, other_id=other_id, version=call.version, by=call.who)


@leads.get(
    "/{lead_id}/not-duplicates", needs="leads:read", query=ListQuery, answers=NotDuplicateView, listed=True
)
def list_not_duplicates(call: Call[None, ListQuery], lead_id: str) -> Page[NotDuplicate]:
    """List what somebody said of a lead and others that it was suggested to be."""
    return service.told_apart(lead_id, who=call.who, **call.page)


@leads.post("/{lead_id}/convert", needs="leads:write", body=Conversion, answers=LeadView)
def convert_lead(call: Call[Conversion, NoQuery], lead_id: str) -> Lead:
    """Convert a lead to an account, a contact and an opportunity, or into those there are."""
    return service.convert(lead_id, call.body.wanted(), version=call.version, by=call.who)
