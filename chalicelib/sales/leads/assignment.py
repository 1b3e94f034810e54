"""Assignment: which rule a lead falls under, and whom of its people it goes to. Pure.

Rules are data, in order: conditions, whom (users, teams, everybody, or a pool), and how to choose.
Every decision keeps its log: which rule, who was passed over and why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.sales.leads.conditions import Facts, folded

STRATEGIES: Final = ("ROUND_ROBIN", "LEAST_OPEN", "EXPERT")
#: Until operations say otherwise, every rep takes a turn.
EVERYBODY: Final[Mapping[str, Any]] = {
    "code": "everybody",
    "name": "Everybody in turn",
    "conditions": [],
    "strategy": "ROUND_ROBIN",
    "user_ids": [],
    "team_ids": [],
    "pool_id": None,
    "sla_hours": None,
    "sla_calendar_id": None,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be given a lead.

    `turn` grows with each lead a rule gave them; `open_leads` they have now; `today` they were
    given today; the limits are None where there is none.
    """

    id: str
    team_id: str | None
    turn: int = 0
    open_leads: int = 0
    today: int = 0
    daily_cap: int | None = None
    capacity: int | None = None
    level: int = 0
    region: str | None = None
    language: str | None = None
    industries: Collection[str] = ()
    products: Collection[str] = ()
    stands_in_for: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to have a lead, or nobody; and who was passed over."""

    chosen: Candidate | None
    skipped: list[dict[str, Any]] = field(default_factory=list)


def choose(strategy: str, candidates: Sequence[Candidate], facts: Facts) -> Choice:
    """Return who of the candidates is to have a lead; those at a limit are passed over."""
    skipped = [{"user_id": each.id, "why": why} for each in candidates if (why := _limit(each))]
    free = [each for each in candidates if not _limit(each)]
    if not free:
        return Choice(None, skipped)
    return Choice(min(free, key=lambda each: (*_order(strategy, each, facts), each.turn, each.id)), skipped)


def _limit(candidate: Candidate) -> str | None:
    if candidate.daily_cap is not None and candidate.today >= candidate.daily_cap:
        return "DAILY_CAP"
    if candidate.capacity is not None and candidate.open_leads >= candidate.capacity:
        return "CAPACITY"
    return None


def _order(strategy: str, candidate: Candidate, facts: Facts) -> tuple[int, ...]:
    # Turns decide last everywhere: whoever waited longest among equals, the absent included.
    if strategy == "LEAST_OPEN":
        return (candidate.open_leads,)
    if strategy == "EXPERT":
        return (-expertise(candidate, facts), -candidate.level)
    return ()


def expertise(candidate: Candidate, facts: Facts) -> int:
    """Return how many of industry, product, region and language somebody knows of a lead's.

    They are compared as conditions compare.
    """
    known = (
        (candidate.industries, [facts.get("industry")]),
        (candidate.products, facts.get("products") or ()),
        ([candidate.region], [facts.get("region")]),
        ([candidate.language], [facts.get("language")]),
    )
    return sum(not _plain(its).isdisjoint(_plain(wanted)) for its, wanted in known)


def _plain(names: Iterable[Any]) -> set[str]:
    return {folded(each) for each in names if each}


def log(how: str, *, rule: Mapping[str, Any] | None = None, skipped: Iterable[Any] = ()) -> dict[str, Any]:
    """Return the decision log of a lead.

    `how`: RULE, ACCOUNT_OWNER, STAND_IN, GIVEN, POOL, CAME_AGAIN, CLAIMED, RETURNED or REASSIGNED.
    """
    told: dict[str, Any] = {"how": how, "skipped": list(skipped)}
    return told | ({"rule": rule["code"], "rule_name": rule["name"]} if rule else {})
