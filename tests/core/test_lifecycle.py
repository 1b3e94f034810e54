"""A lifecycle says what may come next, to whom, and why not."""

import pytest

from chalicelib.core import errors, problem
from chalicelib.core.access import Principal, Role
from chalicelib.core.lifecycle import STAYS, Lifecycle, Move

LEAVE = Lifecycle(
    Move("hand_in", "DRAFT", "ASKED", needs="leave:write"),
    Move("grant", "ASKED", "GRANTED REFUSED", needs="leave:approve"),
    Move("amend", "DRAFT ASKED", STAYS, needs="leave:write"),
)
REP = Principal("user_1", Role.REP)
MANAGER = Principal("user_2", Role.MANAGER)


def test_a_move_is_allowed_in_its_status_only() -> None:
    assert LEAVE.require("hand_in", "DRAFT", by=REP).target == "ASKED"

    with pytest.raises(errors.OutOfTurn) as refused:
        LEAVE.require("hand_in", "ASKED", by=MANAGER)

    said = problem.problem(refused.value, "en", "request-1")
    assert (said["status"], said["state"], said["possible"]) == (409, "ASKED", ["grant", "amend"])
    assert "hand_in" in said["detail"]
    assert "grant, amend" in said["detail"]


def test_only_who_has_the_right_moves_and_others_do_not_hear_of_it() -> None:
    with pytest.raises(errors.Forbidden):
        LEAVE.require("grant", "ASKED", by=REP)

    assert LEAVE.possible("ASKED", by=REP) == ["amend"]


def test_a_status_that_is_not_drawn_is_a_bug() -> None:
    LEAVE.check("grant", "ASKED", "REFUSED")
    LEAVE.check("amend", "ASKED", "ASKED")

    with pytest.raises(ValueError, match="does not draw"):
        LEAVE.check("amend", "ASKED", "GRANTED")
