"""What deals do when something changed elsewhere, and when their time in a stage is over."""

from chalicelib.core import ids, ownership
from chalicelib.core.changelog import Change
from chalicelib.sales.opportunities import service
from chalicelib.sales.opportunities.models import Opportunity


def worked_on(activity: Change) -> None:
    """An interaction about a deal is when it was last worked on; a note is none."""
    told = activity.after or {}
    if (
        activity.before is None
        and ids.kind_of(told.get("about_id", "")) == "opportunity"
        and told["type"] != "NOTE"
    ):
        service.note_interaction(told["about_id"], at=told["happened_at"])


def move_with_owner(user: Change) -> None:
    """Deals follow their owner to another team."""
    ownership.follow_owner(user, Opportunity)


REACTIONS = {
    "activity": (worked_on,),
    "user": (move_with_owner,),
    "opportunity": (ownership.stay_with_owner, service.finish_task),
}
DUE = {Opportunity: service.note_stalled}
