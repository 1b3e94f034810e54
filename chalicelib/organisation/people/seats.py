"""Seats in a team: who works in it and what stands below it, counted in the step that puts them there.

A team that is voided is closed in the same step: of somebody who joins it and somebody who voids it
at the same moment, one is refused.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from chalicelib.core import errors
from chalicelib.core.guards import Guard
from chalicelib.core.step import RawItem, Step

#: No team is that large: the count of a closed one.
CLOSED: Final = 1_000_000


def take(step: Step, team_id: str | None, *, field: str = "team_id") -> None:
    """Add a seat taken to a step. Its commit raises Invalid (naming `field`) when the team is closed."""

    def gone(_: RawItem | None) -> errors.SalesError:
        return errors.Invalid.one(field, "unknown_reference")

    if team_id:
        step.count(_key(team_id), limit=CLOSED, refusal=gone)


def free(step: Step, team_id: str | None) -> None:
    """Add a seat given back to a step."""
    if team_id:
        step.count_down(_key(team_id))


def close(step: Step, team_id: str) -> None:
    """Add to a step that a team takes nobody any more. Its commit raises Conflict while a seat is taken."""
    empty = Guard.n.does_not_exist() | (Guard.n == 0)
    key = _key(team_id)
    step.put(Guard(key, n=CLOSED), condition=empty, refusal=lambda _: errors.Conflict("team_in_use"))


def furnish(step: Step, team_ids: Iterable[str | None]) -> None:
    """Add to a step all seats of teams that it founds, one for each time that a team is named."""
    for team_id, taken in Counter(filter(None, team_ids)).items():
        row = Guard(_key(team_id), n=taken)
        step.put(row, condition=Guard.id.does_not_exist(), refusal=lambda _: errors.AlreadyExists())


def _key(team_id: str) -> str:
    return f"team|seats|{team_id}"
