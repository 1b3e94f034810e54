"""Every change of a lead's owner or status goes through here, so that what hangs on them follows.

The owner's list by status (`desk`), the number of open leads they have, the number a pool's member
holds, when the lead is due (sooner, if its rating says so), and the guard keys of its identity are kept
in the same transaction.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.core import clock, due, errors
from chalicelib.core.lifecycle import STAYS, Lifecycle, Move
from chalicelib.core.step import Step
from chalicelib.sales.leads import rules, sla
from chalicelib.sales.leads.models import OPEN, Lead

#: Counted all the same, so that a limit set later knows how many there are.
NO_LIMIT: Final = 2**31
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


def move(step: Step, lead: Lead, *, capacity: int | None = None, **values: Any) -> None:
    """Change a lead; where owner, status or a deadline change, what hangs on them follows."""
    step.change(lead, **values, **following(step, lead, capacity=capacity, **values))


def following(step: Step, lead: Lead, *, capacity: int | None = None, **values: Any) -> dict[str, Any]:
    """Add to a step what follows when a lead takes these values; return what else the lead takes.

    The commit raises Stale when a new owner has as many open leads as their `capacity` by now.
    """
    owner, status = values.get("owner_id", lead.owner_id), values.get("status", lead.status)
    follows = _promised_sooner(lead, values)
    follows |= {"desk": desk(owner, status), "due_minute": due_minute(lead, **{**values, **follows})}
    count_open(step, before=bearer(lead), after=_bearer(owner, status), most=capacity)
    held_no_more = owner != lead.owner_id or status not in OPEN
    if lead.claimed_from and held_no_more:
        step.count_down(held(lead.claimed_from, lead.owner_id))
        follows["claimed_from"] = None
    return follows


def _promised_sooner(lead: Lead, values: Mapping[str, Any]) -> dict[str, Any]:
    rating, sla_status = (values.get(name, getattr(lead, name)) for name in ("rating", "sla_status"))
    if rating == lead.rating or sla_status != "DUE" or "sla_due_at" in values:
        return {}
    return sla.sooner(lead, rating, rules.first_contact_rules().rules)


def desk(owner_id: str | None, status: str) -> str | None:
    """Return where an open lead lies in its owner's list by status."""
    return f"{owner_id}|{status}" if owner_id and status in OPEN else None


def due_minute(lead: Lead, **values: Any) -> str | None:
    """Return when to look at a lead that takes these values: its promise, or its pool's patience."""
    now = {name: values.get(name, getattr(lead, name)) for name in ("status", "pool_due_at", *sla.LOOKED_AT)}
    if now["status"] not in OPEN:
        return None
    moments = [moment for moment in (sla.next_look(now), now["pool_due_at"]) if moment is not None]
    # What came due while nobody looked (voided, merged) is looked at now: a minute gone by is not swept.
    return due.minute(max(min(moments), clock.now())) if moments else None


def count_open(step: Step, *, before: str | None = None, after: str | None, most: int | None = None) -> None:
    """Keep the number of open leads that somebody has, exactly. Stale at the commit beyond `most`."""
    if before == after:
        return
    if before:
        step.count_down(open_leads(before), below_zero=True)
    if after:
        step.count(open_leads(after), limit=NO_LIMIT if most is None else most, refusal=_full)


def bearer(lead: Lead) -> str | None:
    """Return who has a lead as an open one, or None."""
    return _bearer(lead.owner_id, lead.status)


def _bearer(owner_id: str | None, status: str) -> str | None:
    return owner_id if status in OPEN else None


def _full(_: Any) -> errors.SalesError:
    return errors.Stale()


def open_leads(user_id: str) -> str:
    """Return the counter of open leads that somebody has."""
    return f"lead|open|{user_id}"


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
