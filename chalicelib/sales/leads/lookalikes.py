"""Possible duplicates: leads that are probably one person, suggested for somebody to decide.

A lead stands in at most 7 blocks (rows that name the 50 newest leads of, say, one birth date), as
keyed digests: no name, address or date is in a key. Looking for those like it takes three reads,
however many leads there are: its blocks, what somebody said of at most 40 leads that share them,
and those of these that are left. A lead enters its blocks before it looks around: of two that come
at once, one sees the other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.core import access, guards, identity, ids
from chalicelib.core.step import change
from chalicelib.sales.leads import likeness
from chalicelib.sales.leads.models import GONE, Lead, NotDuplicate

#: So many leads share a block, the newest; so many are compared with one, and shown on it.
MOST_GATHERED: Final = 50
MOST_COMPARED: Final = 40
MOST_SHOWN: Final = 5

Possible = dict[str, Any]


def look_around(lead_id: str) -> None:
    """Note on a lead, and on those like it, that they are possibly one person. Safe to repeat."""
    lead = Lead.find(lead_id)
    if lead is None:
        return
    if lead.status in GONE:
        _take_leave(lead)
        return
    details = compared(lead)
    keys = [identity.key("lead", "like", block) for block in likeness.blocks(details)]
    for key in keys:
        guards.gather(key, lead.id, most=MOST_GATHERED)
    mine = lead.possible_duplicates
    others = _sharing(lead, keys)
    apart = dismissed(lead.id, others)
    for other in Lead.many([each for each in others if each not in apart], consistent=True):
        found = likeness.compare(details, compared(other))
        is_possible = found.possible and other.status not in GONE
        mine = _after(mine, other.id, found if is_possible else None)
        _note(other, _after(other.possible_duplicates, lead.id, found if is_possible else None))
    _note(lead, mine)


def _take_leave(lead: Lead) -> None:
    """Note on those that a lead was like that it is none any more."""
    for other in Lead.many([each["lead_id"] for each in lead.possible_duplicates], consistent=True):
        _note(other, without(other.possible_duplicates, lead.id))


def dismissed(lead_id: str, others: Iterable[str]) -> set[str]:
    """Return those of other leads of which somebody said that they are not this one."""
    asked = [pair_id(lead_id, other) for other in others]
    found = NotDuplicate.many(asked, consistent=True)
    return {each.other_id for each in found if each.status == "DISMISSED"}


def pair_id(lead_id: str, other_id: str) -> str:
    """Return the id of what somebody said of a lead and another."""
    return ids.derived(NotDuplicate.kind, lead_id, other_id)


def compared(lead: Lead) -> dict[str, Any]:
    """Return what of a lead is compared with others."""
    return {name: getattr(lead, name) for name in likeness.COMPARED}


def possible(lead_id: str, found: likeness.Likeness) -> Possible:
    """Return how a possible duplicate is noted: which lead, how much speaks for it, and what."""
    return {"lead_id": lead_id, "score": found.score, "reasons": found.reasons}


def noted(known: Iterable[Possible], *more: Possible) -> list[Possible]:
    """Return the most likely duplicates of those known and more; of one lead the last note."""
    by_lead: Mapping[str, Possible] = {each["lead_id"]: each for each in (*known, *more)}
    return sorted(by_lead.values(), key=lambda each: (-each["score"], each["lead_id"]))[:MOST_SHOWN]


def without(known: Iterable[Possible], lead_id: str) -> list[Possible]:
    """Return the possible duplicates but one."""
    return [each for each in known if each["lead_id"] != lead_id]


def _sharing(lead: Lead, keys: list[str]) -> list[str]:
    """Return whom to compare a lead with: who shares most blocks with it (a note is one), then the newest."""
    shared = Counter(member for members in guards.gathered(keys).values() for member in members)
    shared.update(each["lead_id"] for each in lead.possible_duplicates)
    del shared[lead.id]
    return sorted(shared, key=lambda each: (shared[each], each), reverse=True)[:MOST_COMPARED]


def _after(before: list[Possible], other_id: str, found: likeness.Likeness | None) -> list[Possible]:
    if any(each["lead_id"] == other_id and _shares_identity(each) for each in before):
        return before
    return noted(before, possible(other_id, found)) if found else without(before, other_id)


def _note(lead: Lead, known: list[Possible]) -> None:
    if known != lead.possible_duplicates:
        change(lead, by=access.SYSTEM.id, possible_duplicates=known)


def _shares_identity(noted_one: Possible) -> bool:
    return any(reason["field"] in likeness.IDENTITY for reason in noted_one["reasons"])
