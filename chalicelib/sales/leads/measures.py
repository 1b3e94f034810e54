"""What a lead counts for: its month's figures by every dimension, and what is open now. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.core.measures import Cell, Image

#: Dimension → the attribute it is.
_DIMENSIONS: Final = {
    "source": "source",
    "campaign": "campaign",
    "owner": "owner_id",
    "team": "team_id",
    "form": "form_id",
    "rating": "rating",
    "region": "region",
}
_OPEN: Final = ("NEW", "ASSIGNED", "WORKING", "QUALIFIED", "RECYCLED")


def leads(lead: Image) -> Iterator[Cell]:
    """Yield a lead's figures: in the month it came in, and among the open ones of its owner.

    One that was merged counts as the lead it turned out to be.
    """
    if lead["status"] == "MERGED":
        return
    numbers = _numbers(lead)
    for dimension, attribute in _DIMENSIONS.items():
        # What people type must not look like the next part of a row's key.
        member = (lead.get(attribute) or "-").replace("|", "/")
        yield Cell(f"leads|{dimension}", f"{lead['created_month']}|{member}", numbers)
    if lead["status"] in _OPEN:
        open_now = {f"{lead['status']}.count": 1}
        yield Cell("leads_open|owner", lead.get("owner_id") or "-", open_now)
        yield Cell("leads_open|team", lead.get("team_id") or "-", open_now)


def _numbers(lead: Image) -> dict[str, int]:
    contacted, breached = lead.get("first_contacted_at"), lead.get("sla_status") == "BREACHED"
    numbers = {
        "created": 1,
        "contacted": int(bool(contacted)),
        "in_time": int(lead.get("sla_status") == "FULFILLED"),
        "late": int(bool(contacted) and breached),
        "breached": int(breached),
        "qualified": int(bool(lead.get("qualified_at"))),
        "unqualified": int(lead["status"] == "UNQUALIFIED"),
        "converted": int(lead["status"] == "CONVERTED"),
    }
    if contacted:
        started = datetime.fromisoformat(lead.get("sla_started_at") or lead["received_at"])
        waited = datetime.fromisoformat(contacted) - started
        numbers["response_minutes"] = max(0, int(waited.total_seconds()) // 60)
    return numbers


MEASURES = {"lead": leads}
