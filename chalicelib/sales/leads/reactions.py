"""What leads do when something changed: a submission, an interaction, a team; when due; when mail comes."""

from collections.abc import Mapping
from typing import Any

from chalicelib.core import clock
from chalicelib.core.changelog import Change
from chalicelib.core.ownership import follow_owner, stay_with_owner
from chalicelib.sales.leads import conversion, likeness, lookalikes, merging, service
from chalicelib.sales.leads.models import GONE, Lead, LeadBehaviour


def take_in(submission: Change) -> None:
    """Make a visitor's post a lead."""
    if submission.became("status", "RECEIVED"):
        service.receive(submission.id)


def note_interaction(activity: Change) -> None:
    """See that somebody has been in contact with a lead."""
    after = activity.after or {}
    if activity.before is not None or not str(after.get("about_id", "")).startswith("lead_"):
        return
    service.interacted(
        after["about_id"],
        type=after["type"],
        direction=after.get("direction"),
        at=clock.parse(after["happened_at"]),
        outcome=after.get("result"),
    )


def look_around(lead: Change) -> None:
    """See whether a lead that is new, or told of otherwise, is probably one that is there."""
    came_or_went = _is_gone(lead.before) != _is_gone(lead.after)
    if lead.after and (came_or_went or not set(likeness.COMPARED).isdisjoint(lead.fields)):
        lookalikes.look_around(lead.id)


def _is_gone(image: Mapping[str, Any] | None) -> bool:
    return (image or {}).get("status") in GONE


def follow_merge(lead: Change) -> None:
    """Let the story of a lead that was merged, or is itself again, stand where the lead is."""
    if "merged_into" in lead.fields and lead.before and lead.after:
        merging.follow(lead.id)


def follow_conversion(lead: Change) -> None:
    """Let the story of a lead that was converted be its account's."""
    if lead.before is not None and lead.became("status", "CONVERTED"):
        conversion.belong(lead.id)


def follow_team(user: Change) -> None:
    """Let a user's leads follow them into another team."""
    follow_owner(user, Lead)


REACTIONS = {
    "submission": (take_in,),
    "activity": (note_interaction,),
    "user": (follow_team,),
    "lead": (stay_with_owner, look_around, follow_merge, follow_conversion),
}
DUE = {Lead: service.fire, LeadBehaviour: service.fade}
MAILED = (service.receive_mail,)
