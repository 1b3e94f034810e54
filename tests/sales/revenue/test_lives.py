"""Whatever becomes of a contract: its schedule sums to its value, and what was earned stays where it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.sales.revenue.planning import Plan, Standing, plan
from chalicelib.sales.revenue.posting import outstanding, with_posted
from chalicelib.sales.revenue.recognition import Span, Target
from chalicelib.sales.revenue.sources import Source
from tests.sales.revenue.builders import NEW_YEAR, contract_facts


def _day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


@dataclass(frozen=True)
class Move:
    """Something that happens to a contract: after some days its value, its end or a milestone changes."""

    days: int
    value: int | None = None
    length: int | None = None
    milestone: int | None = None
    stop: bool = False


MOVES = st.lists(
    st.builds(
        Move,
        days=st.integers(0, 70),
        value=st.none() | st.integers(1_000, 10**9),
        length=st.none() | st.integers(1, 800),
        milestone=st.none() | st.integers(1, 4),
        stop=st.sampled_from([False, False, False, False, True]),
    ),
    max_size=10,
)


class Ledger:
    """The books of one contract, kept as the service keeps them, without tables."""

    def __init__(self, facts: Source, method: str) -> None:
        self.facts, self.today = facts, facts.started_on
        self.standing = Standing(method)
        self.by_month: dict[str, int] = {}
        self.look()

    def look(self) -> Plan:
        """Post what is to be posted today."""
        made = plan(self.facts, self.standing, today=self.today, payment_days=30)
        posted = outstanding(made.facts, self.standing.booked, today=self.today)
        for each in posted:
            month = clock.month(each.on)
            self.by_month[month] = self.by_month.get(month, 0) + each.recognises
        self.standing = replace(
            self.standing,
            booked=with_posted(self.standing.booked, posted),
            planned=made.planned,
            planned_span=self.facts.span,
            bills=made.bills,
        )
        self.made = made
        return made

    def pass_days(self, days: int) -> None:
        """Let days pass; one looks as each month begins."""
        for _ in range(days):
            self.today += timedelta(days=1)
            if self.today.day == 1:
                self.look()

    def happen(self, move: Move) -> None:
        """Let something happen to the contract."""
        facts = self.facts
        if move.value:
            facts = replace(facts, value=max(move.value, sum(each.minor or 0 for each in facts.targets)))
        if move.length:
            facts = replace(facts, span=Span(NEW_YEAR, _day(move.length)))
        if move.milestone:
            targets = [
                replace(each, done_on=each.done_on or self.today) if at == move.milestone else each
                for at, each in enumerate(facts.targets, start=1)
            ]
            facts = replace(facts, targets=targets)
        self.facts = replace(facts, stopped_on=self.today) if move.stop else facts
        self.look()


@given(
    value=st.integers(1_000, 10**9),
    amounts=st.lists(st.none() | st.integers(1, 250), max_size=4),
    moves=MOVES,
)
@pytest.mark.parametrize("method", ["STRAIGHT_LINE", "MILESTONE"])
def test_whatever_becomes_of_a_contract_its_schedule_sums_and_the_past_stays(
    method: str, value: int, amounts: list[int | None], moves: list[Move]
) -> None:
    targets = [
        Target(f"milestone|{number}", _day(60 * number), minor, None)
        for number, minor in enumerate(amounts, start=1)
    ]
    ledger = Ledger(contract_facts(value, targets if method == "MILESTONE" else []), method)

    for move in moves:
        ledger.pass_days(move.days)
        past = {m: minor for m, minor in ledger.by_month.items() if m < clock.month(ledger.today)}
        before = sum(ledger.by_month.values())
        if ledger.facts.stopped_on:
            break
        ledger.happen(move)
        _sums(ledger, before, past)


def _sums(ledger: Ledger, before: int, past: Mapping[str, int]) -> None:
    recognised, made = sum(ledger.by_month.values()), ledger.made
    assert recognised + sum(made.planned.values()) == made.value
    if not ledger.facts.stopped_on:
        assert made.value == ledger.facts.value
    else:
        assert not made.planned
        assert sum(bill.net for bill in made.bills) == made.value
    assert {month: ledger.by_month[month] for month in past} == past
    assert all(minor >= 0 for minor in made.planned.values())
    assert recognised >= before or ledger.facts.value < before
    again = ledger.look()
    assert (again.planned, sum(ledger.by_month.values())) == (made.planned, recognised)
