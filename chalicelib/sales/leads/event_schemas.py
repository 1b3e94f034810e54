"""What other systems send of what leads do, and what is seen of it."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from chalicelib.core.shapes import Code, Email, Id, Instant, Line, Shape, View, unfit


class LeadEvent(Shape):
    """Something a lead did, under the id that the other system gave it; `at` is now unless given.

    Whose it is: `lead_id`, or the `email` or `external_id` of a lead.
    """

    event_id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
    kind: Code
    at: Instant | None = None
    lead_id: Id | None = None
    email: Email | None = None
    external_id: Line | None = None

    def model_post_init(self, _: Any) -> None:
        """Refuse what names nobody, or says whose it is in more than one way."""
        if len(self.values().keys() & {"lead_id", "email", "external_id"}) != 1:
            raise unfit("whose_event")


class NewLeadEvents(Shape):
    """Up to 100 events; each is checked and counted by itself."""

    events: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=100)]


class EventItem(View):
    """What became of one event: `status` 201 counted, 200 counted before, or `problem`."""

    status: int
    event_id: str | None = None
    lead_id: str | None = None
    problem: dict[str, Any] | None = None


class EventsView(View):
    """What became of events, in their order."""

    items: list[EventItem]
    counted: int
    known: int
    refused: int


class BehaviourItem(View):
    """What a lead did of one kind: how often lately, when last, and what it is worth by now."""

    kind: str
    name: str | None
    times: int
    last_on: date
    points: int


class BehaviourView(View):
    """What a lead did, the latest first, and what all of it is worth by now."""

    items: list[BehaviourItem]
    points: int
