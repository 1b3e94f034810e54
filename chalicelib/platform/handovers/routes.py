"""Handovers over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery, OwnedQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.platform.handovers import service
from chalicelib.platform.handovers.models import Handover
from chalicelib.platform.handovers.schemas import HandoverView, NewHandover, Resumption

routes = Room("handovers", prefix="/handovers")


@routes.post("", needs="handovers:approve", body=NewHandover, answers=HandoverView, status=201, resumes=True)
def hand_over(call: Call[NewHandover, NoQuery]) -> Answer:
    """Hand over all that somebody works on to one colleague, or to several in turn."""
    made = service.hand_over(by=call.who, origin=call.origin, **call.body.values())
    return created(made)


@routes.get("", needs="handovers:read", query=OwnedQuery, answers=HandoverView, listed=True)
def list_handovers(call: Call[None, OwnedQuery]) -> Page[Handover]:
    """List handovers: whoever asked for them, of a team's people or of a month, newest first."""
    return service.handovers(who=call.who, **call.query.which(), **call.page)


@routes.get("/{handover_id}", needs="handovers:read", answers=HandoverView)
def read_handover(call: Call[None, NoQuery], handover_id: str) -> Handover:
    """Read how far a handover is."""
    return service.handover(handover_id, who=call.who)


@routes.post("/{handover_id}/resume", needs="handovers:approve", body=Resumption, answers=HandoverView)
def resume_handover(call: Call[Resumption, NoQuery], handover_id: str) -> Handover:
    """Go on with a handover that stopped, once the reason is mended."""
    return service.resume(handover_id, to_ids=call.body.to_ids, version=call.version, by=call.who)
