"""Who can take a lead now: people, their turns, what they were given today, what they have open.

Turns and daily counts are guards, written in the transaction that gives the lead, so a cap is
exact and a turn is taken once. Open leads come from the aggregates, which are a moment behind;
what a rule gave in the last two minutes is added, so a burst spreads as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import boards, clock, due, errors
from chalicelib.core.guards import Guard
from chalicelib.core.step import Step
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads.assignment import Candidate
from chalicelib.sales.leads.models import OPEN

#: Roles that a rule without people of its own gives leads to.
_GIVEN_TO: Final = "REP"


@dataclass(frozen=True, slots=True)
class Roster:
    """A rule's people as they stand, and what to write when one of them is chosen."""

    rule: str
    day: str
    candidates: Sequence[Candidate]
    absent: Sequence[Mapping[str, Any]]
    turns: Guard

    def take(self, step: Step, chosen: Candidate) -> None:
        """Add to a step that somebody takes a turn and a place of today's."""
        seen = self.turns.n
        now = due.minute(clock.now())
        mine = self._turn_of(chosen.id)
        taken = (mine["taken"] if mine["minute"] == now else 0) + 1
        note = (self.turns.note or {}) | {chosen.id: {"turn": (seen or 0) + 1, "minute": now, "taken": taken}}
        same = Guard.n == seen if seen else Guard.id.does_not_exist()
        step.put(Guard(self.turns.id, n=(seen or 0) + 1, note=note), condition=same, refusal=_lost_race)
        step.count(
            _today_key(chosen.id, self.day),
            limit=chosen.daily_cap if chosen.daily_cap is not None else _NO_CAP,
            until=clock.now() + timedelta(days=2),
            refusal=_lost_race,
        )

    def _turn_of(self, user_id: str) -> dict[str, Any]:
        return (self.turns.note or {}).get(user_id) or {"turn": 0, "minute": "", "taken": 0}


_NO_CAP: Final = 2**31


def of_rule(rule: Mapping[str, Any]) -> Roster:
    """Return the people of a rule: named users and teams, or every rep. The absent are told apart."""
    here = {user.id: user for user in people.assignable(at=clock.now())}
    present, absent = _people(rule, here)
    day = clock.today().isoformat()
    rows = _guards([_turns_key(rule["code"]), *(_today_key(user.id, day) for user, _ in present)])
    turns = rows.get(_turns_key(rule["code"])) or Guard(_turns_key(rule["code"]))
    loads = _loads(rule, [user for user, _ in present])
    candidates = [
        _candidate(user, stands_in_for, turns.note or {}, rows.get(_today_key(user.id, day)), loads)
        for user, stands_in_for in present
    ]
    return Roster(rule["code"], day, candidates, absent, turns)


def stand_in_of(user_id: str) -> tuple[Any | None, bool]:
    """Return who acts for a user now, and whether that is a stand-in 工作代理; None when nobody does."""
    here = {user.id: user for user in people.assignable(at=clock.now())}
    if user_id in here:
        return here[user_id], False
    return here.get(_stand_in(user_id) or ""), True


def _stand_in(user_id: str) -> str | None:
    try:
        found: str | None = people.user(user_id).stand_in_id
    except errors.NotFound:
        return None
    return found


def _people(
    rule: Mapping[str, Any], here: Mapping[str, Any]
) -> tuple[list[tuple[Any, str | None]], list[dict[str, Any]]]:
    named, teams = rule.get("user_ids") or [], set(rule.get("team_ids") or [])
    if not named and not teams:
        return [(user, None) for user in here.values() if user.role == _GIVEN_TO], []
    present: dict[str, tuple[Any, str | None]] = {
        user.id: (user, None) for user in here.values() if user.id in named or user.team_id in teams
    }
    absent = []
    for user_id in named:
        if user_id in present:
            continue
        stand_in = _stand_in(user_id)
        absent.append({"user_id": user_id, "why": "ABSENT"} | ({"stand_in": stand_in} if stand_in else {}))
        if stand_in and stand_in in here:
            present.setdefault(stand_in, (here[stand_in], user_id))
    return list(present.values()), absent


def _candidate(
    user: Any,
    stands_in_for: str | None,
    turns: Mapping[str, Any],
    today: Guard | None,
    loads: Mapping[str, int],
) -> Candidate:
    turn = turns.get(user.id) or {"turn": 0, "minute": "", "taken": 0}
    fresh = turn["taken"] if turn["minute"] >= due.minute(clock.now() - timedelta(minutes=1)) else 0
    return Candidate(
        id=user.id,
        team_id=user.team_id,
        turn=turn["turn"],
        open_leads=loads.get(user.id, 0) + fresh,
        today=(today.n or 0) if today else 0,
        daily_cap=user.daily_lead_cap,
        capacity=user.capacity,
        level=user.level or 0,
        region=user.region,
        language=user.language,
        industries=user.industries or (),
        products=user.products or (),
        stands_in_for=stands_in_for,
    )


def _loads(rule: Mapping[str, Any], users: Iterable[Any]) -> dict[str, int]:
    if rule["strategy"] != "LEAST_OPEN" and all(user.capacity is None for user in users):
        return {}
    rows = boards.read("leads_open|owner")
    return {owner: sum(row.get(f"{status}.count", 0) for status in OPEN) for owner, row in rows.items()}


def _guards(keys: list[str]) -> dict[str, Guard]:
    return {row.id: row for row in Guard.many(keys, consistent=True) if row.alive}


def _turns_key(rule: str) -> str:
    return f"lead|turns|{rule}"


def _today_key(user_id: str, day: str) -> str:
    return f"lead|given|{user_id}|{day}"


def _lost_race(_: Any) -> errors.SalesError:
    return errors.Stale()
