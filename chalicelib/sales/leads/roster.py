"""Who can take a lead now: people, their turns, what they were given today, what they have open.

Turns, daily counts and open leads are guards, written in the transaction that gives the lead: caps
and capacities are exact, whichever rule gives, and a turn is taken once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chalicelib.core import clock, errors
from chalicelib.core.guards import Guard
from chalicelib.core.step import Step
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import moves
from chalicelib.sales.leads.assignment import Candidate

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
        note = (self.turns.note or {}) | {chosen.id: (seen or 0) + 1}
        same = Guard.n == seen if seen else Guard.id.does_not_exist()
        step.put(Guard(self.turns.id, n=(seen or 0) + 1, note=note), condition=same, refusal=_lost_race)
        step.count(
            _today_key(chosen.id, self.day),
            limit=chosen.daily_cap if chosen.daily_cap is not None else moves.NO_LIMIT,
            until=clock.now() + timedelta(days=2),
            refusal=_lost_race,
        )


def of_rule(rule: Mapping[str, Any]) -> Roster:
    """Return the people of a rule: named users and teams, or every rep. The absent are told apart."""
    here = {user.id: user for user in people.assignable(at=clock.now())}
    present, absent = _people(rule, here)
    day = clock.today().isoformat()
    counted = [key for user, _ in present for key in (_today_key(user.id, day), moves.open_leads(user.id))]
    rows = _guards([_turns_key(rule["code"]), *counted])
    turns = rows.get(_turns_key(rule["code"])) or Guard(_turns_key(rule["code"]))
    numbers = {key: row.n or 0 for key, row in rows.items()}
    candidates = [
        _candidate(user, stands_in_for, turns.note or {}, numbers, day) for user, stands_in_for in present
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
    turns: Mapping[str, int],
    numbers: Mapping[str, int],
    day: str,
) -> Candidate:
    return Candidate(
        id=user.id,
        team_id=user.team_id,
        turn=turns.get(user.id, 0),
        open_leads=numbers.get(moves.open_leads(user.id), 0),
        today=numbers.get(_today_key(user.id, day), 0),
        daily_cap=user.daily_lead_cap,
        capacity=user.capacity,
        level=user.level or 0,
        region=user.region,
        language=user.language,
        industries=user.industries or (),
        products=user.products or (),
        stands_in_for=stands_in_for,
    )


def _guards(keys: list[str]) -> dict[str, Guard]:
    return {row.id: row for row in Guard.many(keys, consistent=True) if row.alive}


def _turns_key(rule: str) -> str:
    return f"lead|turns|{rule}"


def _today_key(user_id: str, day: str) -> str:
    return f"lead|given|{user_id}|{day}"


def _lost_race(_: Any) -> errors.SalesError:
    return errors.Stale()
