"""Many leads in one call: each is checked and taken in by itself, and answered by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import errors, ids, problem
from chalicelib.core.access import Principal
from chalicelib.core.idempotency import InProgress
from chalicelib.core.parsing import checked_json
from chalicelib.sales.leads import desk
from chalicelib.sales.leads.intake import Taken
from chalicelib.sales.leads.schemas import (
    NewLead,
)
from chalicelib.sales.leads.views import BatchItem, BatchView, TakenView


def add_leads(
    rows: Sequence[Mapping[str, Any]], *, by: Principal, origin: str, language: str, request_id: str
) -> BatchView:
    """Take in leads one after the other; one that is refused stops none of the others.

    With the same `origin` each of them only once.
    """
    items = [
        _item(
            row, by=by, origin=ids.derived("row", origin, str(at)), language=language, request_id=request_id
        )
        for at, row in enumerate(rows)
    ]
    return BatchView(
        items=items,
        created=sum(item.status == 201 for item in items),
        joined=sum(item.status == 200 for item in items),
        refused=sum(item.problem is not None for item in items),
    )


def _item(row: Mapping[str, Any], *, by: Principal, origin: str, language: str, request_id: str) -> BatchItem:
    try:
        taken = desk.add_lead(by=by, origin=origin, **checked_json(NewLead, row).values())
    except InProgress:  # all of the request is somebody else's work, not this row alone
        raise
    except errors.SalesError as refused:
        told = problem.problem(refused, language, request_id)
        return BatchItem(status=told["status"], problem=told)
    return BatchItem(status=status_of(taken), lead=view_of(taken, who=by))


def status_of(taken: Taken) -> int:
    """Return 201 for a lead of its own, 200 for one that joined another."""
    return 201 if taken.how == "CREATED" else 200


def view_of(taken: Taken, *, who: Principal) -> TakenView:
    """Return what became of an enquiry, as somebody may see it: out of reach, no more than its id."""
    told: dict[str, Any] = {"id": taken.lead.id, "how": taken.how, "matched_by": taken.matched_by}
    if not desk.is_seen(taken.lead, who=who):
        return TakenView(**told)
    return TakenView.model_validate(taken.lead).model_copy(update=told)
