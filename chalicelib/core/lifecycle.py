"""Lifecycles: which verb leads from which status to which, drawn as a table.

    LEAVE = Lifecycle(
        Move("hand_in", "DRAFT", "ASKED", needs="leave:write"),
        Move("grant", "ASKED", "GRANTED", needs="leave:approve"),
        Move("amend", "DRAFT ASKED", STAYS, needs="leave:write"),
    )

The table refuses; the domain's own rules (who may approve whose, what must be there first) come
after it. A status reached outside the table is a bug and told as one.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.core import errors
from chalicelib.core.access import Principal, may, require

#: The target of a verb that is only allowed in some statuses and changes none.
STAYS: Final = "="
#: What a move needs that nobody makes: it happens by itself.
BY_ITSELF: Final = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow. `origin` and `target` are statuses parted by spaces; `needs` is a permission."""

    verb: str
    origin: str
    target: str
    needs: str

    def leads(self, before: str, after: str) -> bool:
        """Whether it goes from a status to another."""
        return before in self.origin.split() and after in (
            [before] if self.target == STAYS else self.target.split()
        )


class Lifecycle:
    """The moves of one kind of record; each verb is one move."""

    def __init__(self, *moves: Move) -> None:
        self.moves: Final = {move.verb: move for move in moves}

    def require(self, verb: str, status: str, *, by: Principal) -> Move:
        """Return the move. Forbidden when `by` may never do it, OutOfTurn when not in this status."""
        move = self.moves[verb]
        require(by, move.needs)
        if status not in move.origin.split():
            raise errors.OutOfTurn(verb=verb, state=status, possible=self.possible(status, by=by))
        return move

    def possible(self, status: str, *, by: Principal) -> list[str]:
        """Return the verbs that a status allows and the principal's role permits."""
        return [
            move.verb
            for move in self.moves.values()
            if status in move.origin.split() and move.needs != BY_ITSELF and may(by, move.needs)
        ]

    def check(self, verb: str, before: str, after: str) -> None:
        """Raise ValueError when a verb ended in a status that the table does not draw."""
        if not self.moves[verb].leads(before, after):
            raise ValueError(f"{verb} led from {before} to {after}, which the lifecycle does not draw")
