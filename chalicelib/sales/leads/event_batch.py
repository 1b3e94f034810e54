"""Many events in a call: those of a lead are counted together, each is answered by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import clock, errors, problem
from chalicelib.core.access import Principal
from chalicelib.core.idempotency import InProgress
from chalicelib.core.parsing import checked_json
from chalicelib.sales.leads import events
from chalicelib.sales.leads.event_schemas import EventItem, EventsView, LeadEvent
from chalicelib.sales.leads.events import Event

Row = Mapping[str, Any]


def take_events(
    rows: Sequence[Row], *, by: Principal, origin: str, language: str, request_id: str
) -> EventsView:
    """Count events; one that is refused stops none of the others, one told again is not counted again."""

    def refusal(refused: errors.SalesError) -> EventItem:
        told = problem.problem(refused, language, request_id)
        return EventItem(status=told["status"], problem=told)

    items: dict[int, EventItem] = {}
    kinds = events.kinds()
    by_lead: dict[str, dict[int, Event]] = {}
    for at, row in enumerate(rows):
        try:
            lead_id, event = _read(row, kinds)
        except errors.SalesError as refused:
            items[at] = refusal(refused)
        else:
            by_lead.setdefault(lead_id, {})[at] = event
    for lead_id, found in by_lead.items():
        try:
            items |= _taken(lead_id, found, origin, by)
        except InProgress:  # all of the request is somebody else's work, not this lead's alone
            raise
        except errors.SalesError as refused:
            items |= dict.fromkeys(found, refusal(refused))
    return _view([items[at] for at in range(len(rows))])


def _read(row: Row, kinds: Sequence[str]) -> tuple[str, Event]:
    told = checked_json(LeadEvent, row)
    at = told.at or clock.now()
    events.check(told.kind, at, kinds=kinds)
    lead_id = told.lead_id or events.of_lead(told.values())
    return lead_id, Event(told.event_id, told.kind, at)


def _taken(lead_id: str, found: Mapping[int, Event], origin: str, by: Principal) -> dict[int, EventItem]:
    first: dict[str, int] = {}
    for at, event in found.items():
        first.setdefault(event.id, at)
    lead, known = events.take(lead_id, [found[at] for at in first.values()], origin=origin, by=by)
    return {
        at: EventItem(
            status=201 if first[event.id] == at and event.id not in known else 200,
            event_id=event.id,
            lead_id=lead.id,
        )
        for at, event in found.items()
    }


def _view(items: list[EventItem]) -> EventsView:
    return EventsView(
        items=items,
        counted=sum(item.status == 201 for item in items),
        known=sum(item.status == 200 for item in items),
        refused=sum(item.problem is not None for item in items),
    )
