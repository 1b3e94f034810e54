"""Whatever becomes of a contract: its schedule sums to its value, and what was earned stays where it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.sales.revenue.billing import Reached
from chalicelib.sales.revenue.planning import Plan, Standing, plan
from chalicelib.sales.revenue.posting import outstanding, with_posted
from chalicelib.sales.revenue.recognition import Span, Target
from chalicelib.sales.revenue.sources import Source, beforehand
from tests.sales.revenue.builders import NEW_YEAR, contract_facts


def _day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


@dataclass(frozen=True)
class Move:
    """Something that happens to a contract after some days: to its value, end (0: none), milestones, plan.

    `plan` parts what is neither a milestone's nor billed into instalments of so many days from now.
    """

    days: int
    plan: tuple[int, ...] | None = None
    drop: int | None = None
    value: int | None = None
    length: int | None = None
    milestone: int | None = None
    stop: bool = False


MOVES = st.lists(
    st.builds(
        Move,
        days=st.integers(0, 70),
        value=st.none() | st.integers(1_000, 10**9),
        length=st.none() | st.integers(0, 800),
        milestone=st.none() | st.integers(1, 4),
        plan=st.none() | st.lists(st.integers(0, 200), max_size=3).map(tuple),
        drop=st.none() | st.integers(1, 4),
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
        self.instalments = 0
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
            value = max(move.value, facts.value - beforehand(facts))
            facts = replace(
                facts, value=value, tax=(2 * facts.tax * value + facts.value) // (2 * facts.value)
            )
        if move.length is not None:
            facts = replace(facts, span=Span(NEW_YEAR, _day(move.length) if move.length else None))
        if move.milestone:
            targets = [
                replace(each, done_on=each.done_on or self.today) if at == move.milestone else each
                for at, each in enumerate(facts.targets, start=1)
            ]
            facts = replace(facts, targets=targets)
        if move.drop:
            open_now = [
                each for at, each in enumerate(facts.targets, start=1) if at != move.drop or each.done_on
            ]
            facts = replace(facts, targets=open_now)
        if move.plan is not None:
            facts = self._planned(facts, move.plan)
        reached = [
            Reached(each.key, each.done_on, each.minor)
            for each in facts.targets
            if each.done_on and each.minor
        ]
        facts = replace(facts, reached=reached)
        self.facts = replace(facts, stopped_on=self.today) if move.stop else facts
        self.look()

    def _planned(self, facts: Source, days: tuple[int, ...]) -> Source:
        """Put instalments in the place of what of the plan is not billed yet."""
        billed = [part for part in facts.agreed if part.on <= self.today]
        facts = replace(facts, agreed=billed)
        part, self.instalments = beforehand(facts) // (len(days) + 1), self.instalments + len(days)
        brought = [
            Reached(f"plan|{self.instalments - at}", self.today + timedelta(days=ahead), part)
            for at, ahead in enumerate(days)
        ]
        return replace(facts, agreed=[*billed, *brought])


@given(
    value=st.integers(1_000, 10**9),
    tax=st.integers(0, 10**8),
    amounts=st.lists(st.none() | st.integers(1, 250), max_size=4),
    moves=MOVES,
)
@pytest.mark.parametrize("method", ["STRAIGHT_LINE", "MILESTONE"])
def test_whatever_becomes_of_a_contract_its_schedule_sums_and_the_past_stays(
    method: str, value: int, tax: int, amounts: list[int | None], moves: list[Move]
) -> None:
    targets = [
        Target(f"milestone|{number}", _day(60 * number), minor, None)
        for number, minor in enumerate(amounts, start=1)
    ]
    ledger = Ledger(contract_facts(value, targets if method == "MILESTONE" else [], tax=tax), method)

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
    assert all(min(bill.net, bill.tax) >= 0 for bill in made.bills)
    assert [bill.number for bill in made.bills] == list(range(1, len(made.bills) + 1))
    if not ledger.facts.stopped_on:
        assert made.value == ledger.facts.value
        to_come = sum(each.minor or 0 for each in ledger.facts.targets if each.done_on is None)
        assert sum(bill.net for bill in made.bills) + to_come == made.value
        if not to_come:
            off = sum(bill.tax for bill in made.bills) - ledger.facts.tax
            assert abs(off) <= len(made.bills)
    else:
        assert not made.planned
        assert sum(bill.net for bill in made.bills) == made.value
    assert {month: ledger.by_month[month] for month in past} == past
    assert all(minor >= 0 for minor in made.planned.values())
    assert recognised >= before or ledger.facts.value < before
    again = ledger.look()
    assert (again.planned, sum(ledger.by_month.values())) == (made.planned, recognised)
