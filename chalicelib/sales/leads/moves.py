"""Every change of a lead's owner or status goes through here, so that what hangs on them follows.

The owner's list by status (`desk`), the number a pool's member holds, and the guard keys of its
identity are kept in the same transaction as the lead.
"""

from collections.abc import Iterable
from typing import Any, Final

from chalicelib.core.lifecycle import STAYS, Lifecycle, Move
from chalicelib.core.step import Step
from chalicelib.sales.leads.models import OPEN, Lead

_OPEN: Final = "NEW ASSIGNED WORKING QUALIFIED RECYCLED"
_STANDING: Final = f"{_OPEN} UNQUALIFIED CONVERTED"

#: What people do. That an interaction makes a lead WORKING, and a touch opens it again, just happens.
LIFECYCLE: Final = Lifecycle(
    Move("change", _STANDING, STAYS, needs="leads:write"),
    Move("claim", "NEW RECYCLED", "ASSIGNED", needs="leads:write"),
    Move("return", "ASSIGNED WORKING QUALIFIED", "RECYCLED", needs="leads:write"),
    Move("reassign", _OPEN, "ASSIGNED WORKING QUALIFIED", needs="leads:write"),
    Move("qualify", "ASSIGNED WORKING", "QUALIFIED", needs="leads:write"),
    Move("unqualify", _OPEN, "UNQUALIFIED", needs="leads:write"),
    Move("convert", _OPEN, "CONVERTED", needs="leads:write"),
    Move("void", _STANDING, "VOIDED", needs="leads:write"),
    Move("restore", "VOIDED", _STANDING, needs="leads:write"),
    Move("merge", f"{_OPEN} UNQUALIFIED", "MERGED", needs="leads:write"),
    Move("unmerge", "MERGED", f"{_OPEN} UNQUALIFIED", needs="leads:write"),
)


def move(step: Step, lead: Lead, **values: Any) -> None:
    """Change a lead; where owner or status change, what hangs on them follows."""
    step.change(lead, **values, **following(step, lead, **values))


def following(step: Step, lead: Lead, **values: Any) -> dict[str, Any]:
    """Add to a step what follows when a lead takes these values; return what else the lead takes."""
    owner, status = values.get("owner_id", lead.owner_id), values.get("status", lead.status)
    follows: dict[str, Any] = {"desk": desk(owner, status)}
    held_no_more = owner != lead.owner_id or status not in OPEN
    if lead.claimed_from and held_no_more:
        step.count_down(held(lead.claimed_from, lead.owner_id))
        follows["claimed_from"] = None
    return follows


def desk(owner_id: str | None, status: str) -> str | None:
    """Return where an open lead lies in its owner's list by status."""
    return f"{owner_id}|{status}" if owner_id and status in OPEN else None


def held(pool_id: str, user_id: str | None) -> str:
    """Return the counter of open leads that somebody has claimed from a pool."""
    return f"lead|held|{pool_id}|{user_id}"


def claim_keys(step: Step, lead: Lead, keys: Iterable[str]) -> None:
    """Make a lead the only one of these keys. The commit raises AlreadyExists when another is."""
    for key in keys:
        step.claim(key, lead.id)


def release_keys(step: Step, lead: Lead) -> None:
    """Let the next enquiry of the same person be a lead of its own (converted, voided).

    The external id stays taken: the same row imported again is still the same row.
    """
    for key in personal(lead.claims):
        step.release(key, lead.id)


def hand_on_keys(step: Step, keys: Iterable[str], *, held_by: Lead, to: Lead) -> None:
    """Let keys of one lead be another's. The commit raises AlreadyExists when somebody else has one."""
    for key in keys:
        step.hand_on(key, held_by.id, to=to.id)


def personal(keys: Iterable[str]) -> list[str]:
    """Return those of a lead's keys that tell who somebody is, not which row they came in."""
    return [key for key in keys if not key.startswith("lead|external|")]
