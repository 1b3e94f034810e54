"""The rules of contracts: what is fulfilled, and what happens on which day."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.money import Money
from chalicelib.sales.contracts.deadlines import expires, newly_late, next_day, remind_on
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.milestones import Milestone, fulfilment_status

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
FIRST = Milestone(1, "Delivery", date(2026, 5, 31), Money(100, "CNY"))
SECOND = Milestone(2, "Acceptance", date(2026, 6, 30))


def done(step: Milestone) -> Milestone:
    return replace(step, done_on=date(2026, 5, 1), evidence="note 7")


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([], "NOT_APPLICABLE"),
        ([FIRST, SECOND], "UNFULFILLED"),
        ([done(FIRST), SECOND], "PARTLY_FULFILLED"),
        ([done(FIRST), done(SECOND)], "FULFILLED"),
        ([done(FIRST), replace(SECOND, overdue=True)], "LAPSED"),
    ],
)
def test_fulfilment_follows_from_the_milestones(steps: list[Milestone], status: str) -> None:
    assert fulfilment_status(steps) == status


@pytest.mark.parametrize("step", [FIRST, SECOND, done(FIRST), replace(SECOND, overdue=True)])
def test_a_milestone_is_kept_as_it_is(step: Milestone) -> None:
    assert Milestone.of_row(step.row(), "CNY") == step


def test_a_milestone_is_late_from_the_day_after() -> None:
    assert not FIRST.is_late(date(2026, 5, 31))
    assert FIRST.is_late(date(2026, 6, 1))
    assert not done(FIRST).is_late(date(2026, 6, 1))


@dataclass
class Terms:
    """What of a contract its deadlines follow from."""

    status: Any = "ACTIVATED"
    ends_on: Any = date(2026, 12, 31)
    reminder_days: Any = 30
    reminded_on: Any = None
    renewal: Any = "NONE"
    renewal_months: Any = None
    term_day: Any = None
    notice_days: Any = None
    notice_reminded_on: Any = None
    notice_given_on: Any = None
    milestones: list[Milestone] = field(default_factory=list)


def test_it_runs_out_after_its_last_day() -> None:
    assert not expires(Terms(), date(2026, 12, 31))
    assert expires(Terms(), date(2027, 1, 1))
    assert not expires(Terms(ends_on=None), date(2999, 1, 1))


def test_the_owner_hears_of_the_end_once_and_in_time() -> None:
    assert remind_on(Terms()) == date(2026, 12, 1)
    assert remind_on(Terms(reminded_on=date(2026, 12, 1))) is None
    assert remind_on(Terms(ends_on=None)) is None


def test_nothing_happens_by_itself_before_and_after_it_is_in_force() -> None:
    assert next_day(Terms(status="SIGNED")) is None
    assert next_day(Terms(status="EXPIRED")) is None
    assert next_day(Terms(ends_on=None)) is None


@given(
    ends_on=st.none() | DAYS,
    due=st.lists(DAYS, max_size=4),
    reminder_days=st.integers(0, 90),
)
def test_each_deadline_is_met_on_its_day_and_once(
    ends_on: date | None, due: list[date], reminder_days: int
) -> None:
    steps = [Milestone(number, "Step", day) for number, day in enumerate(due, start=1)]
    terms = Terms(ends_on=ends_on, reminder_days=reminder_days, milestones=steps)
    met: list[date] = []

    while (day := next_day(terms)) is not None:
        met.append(day)
        late = newly_late(terms, day)
        terms.milestones = [
            replace(each, overdue=True) if each in late else each for each in terms.milestones
        ]
        if expires(terms, day):
            terms.status = "EXPIRED"
        elif (reminder := remind_on(terms)) and reminder <= day:
            terms.reminded_on = day

    assert met == sorted(set(met))
    if ends_on:
        assert met[-1] == ends_on + timedelta(days=1)
        assert terms.reminded_on == ends_on - timedelta(days=reminder_days)
    watched = [each for each in due if ends_on is None or each <= ends_on]
    assert {each + timedelta(days=1) for each in watched} <= set(met)


def test_every_status_of_the_vocabulary_is_drawn_and_the_end_is_the_end() -> None:
    moves = CONTRACT.moves.values()
    origins = {status for move in moves for status in move.origin.split()}
    drawn = origins | {status for move in moves for status in move.target.replace("=", "").split()}

    assert drawn == {
        "DRAFT",
        "IN_APPROVAL",
        "REJECTED",
        "NEGOTIATING",
        "AWAITING_SIGNATURE",
        "SIGNED",
        "SIGNATURE_DECLINED",
        "ACTIVATED",
        "EXPIRED",
        "TERMINATED",
        "CANCELLED",
    }
    assert drawn - origins == {"TERMINATED", "CANCELLED"}  # an expired one may still be fulfilled
