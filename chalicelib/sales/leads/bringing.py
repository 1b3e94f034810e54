"""Bringing leads in from a list or from another system's history, each row once."""

from datetime import datetime
from typing import Any, Final

from chalicelib.core import access, clock, ids
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import placing
from chalicelib.sales.leads.intake import Enquiry, Taken, take_in
from chalicelib.sales.leads.placing import Place

#: A lead that came to its end elsewhere needs nobody to work on it here.
_ENDED: Final = frozenset({"CONVERTED", "UNQUALIFIED"})


def bring_in(
    *,
    external_id: str,
    received_at: datetime | None = None,
    status: str | None = None,
    owner_id: str | None = None,
    team_id: str | None = None,
    origin: str | None = None,
    number_in: str = "external_id",
    by: str = access.SYSTEM.id,
    **details: Any,
) -> Taken:
    """Take in one row: a lead of its own (CREATED), a touch of one (JOINED), or KNOWN from before.

    Say in `external_id` whose it is (``xedu:660737``); Invalid (`number_in`) when that is another person's
    already. Told again with the same `origin` (that of its
    number and instant, unless given) it is what it was the first time. A row with a `status` is history:
    it stands as it stood there, and promises no first contact. `details` are a lead's attributes, e-mail and
    phone in normal form. Without an owner the rules decide, or nobody for what has ended; an owner
    with a team is the caller's to check, one without is looked up (Invalid, ``owner_id``).
    """
    at = received_at or clock.now()
    named = details.get("name") or details.get("company") or details.get("email") or external_id
    return take_in(
        Enquiry(
            {"channel": "IMPORT", **details, "name": named, "external_id": external_id},
            at,
            origin=origin or origin_of(external_id, at),
            by=by,
            place=_place(owner_id, team_id, status),
            sla=status is None,
            standing=_standing(status, at),
            number_in=number_in,
        )
    )


def origin_of(external_id: str, at: datetime) -> str:
    """Return the origin of what came in under a number at an instant: always the same."""
    with clock.at(at):
        moment = ids.new("row")[: len("row_") + 10]
    return ids.derived("row", moment, external_id)


def _place(owner_id: str | None, team_id: str | None, status: str | None) -> Place | None:
    if owner_id:
        owner = {"owner_id": owner_id, "team_id": team_id} if team_id else people.owner_fields(owner_id)
        return placing.given(owner, "IMPORTED")
    if status in _ENDED:
        return Place({"owner_id": None, "team_id": None, "status": status})
    return None


def _standing(status: str | None, at: datetime) -> dict[str, Any]:
    # When something happened there is not known; that it did is, and it counts in the row's month.
    happened = {
        "WORKING": ("first_contacted_at",),
        "QUALIFIED": ("first_contacted_at", "qualified_at"),
        "CONVERTED": ("first_contacted_at", "qualified_at", "converted_at"),
    }
    return dict.fromkeys(happened.get(status or "", ()), at) | ({"status": status} if status else {})
