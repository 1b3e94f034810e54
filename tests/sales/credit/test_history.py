"""How orders were paid becomes facts: in whatever order it is told, and without losing a cent."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.credit.history import Facts, Part, facts_of, falls_due_after, moved, parts_of

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 120).map(lambda days: FIRST + timedelta(days))


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def test_what_is_due_today_is_not_overdue_and_comes_up_again() -> None:
    parts = [Part(on(10), 100, 100), Part(on(20), 50, 50)]

    assert facts_of(parts, "CNY", on(10)).overdue_count == 0
    assert facts_of(parts, "CNY", on(11)).overdue == {"CNY": 100}
    assert (falls_due_after(parts, on(10)), falls_due_after(parts, on(11))) == (on(10), on(20))
    assert falls_due_after(parts, on(21)) is None


def test_days_late_of_what_is_overdue_grow_without_anything_being_written() -> None:
    facts = facts_of([Part(on(10), 100, 0, on(14)), Part(on(20), 50, 50)], "CNY", on(21))

    assert [facts.days_late_by(on(day)) for day in (21, 30)] == [4 + 1, 4 + 10]
    assert facts.mean_days_late(on(30)) == 7
    assert facts.worst_overdue_share == Fraction(1)


PARTS = st.lists(
    st.builds(
        lambda due, amount, settled, share: Part(
            due, amount, 0 if settled else amount * share // 100 or 1, settled
        ),
        DAYS,
        st.integers(1, 10**12),
        st.none() | DAYS,
        st.integers(0, 100),
    ),
    max_size=4,
)
SHARES = st.tuples(PARTS, st.sampled_from(["CNY", "EUR"]), DAYS).map(lambda told: facts_of(*told))


@given(st.lists(st.tuples(SHARES, SHARES), max_size=5), st.randoms())
def test_facts_are_the_sum_of_the_last_shares_in_whatever_order_they_change(
    told: list[tuple[Facts, Facts]], chance: Any
) -> None:
    facts = Facts()
    moves = [(Facts(), first) for first, _ in told] + list(told)
    chance.shuffle(moves)
    for out, into in moves:
        facts = moved(facts, out=out, into=into)

    expected = Facts()
    for _, last in told:
        expected = moved(expected, out=Facts(), into=last)
    assert facts == expected == Facts.of(facts.counts)


@given(PARTS, DAYS)
def test_no_cent_appears_or_goes_missing(parts: list[Part], today: date) -> None:
    facts = facts_of(parts, "CNY", today)

    assert facts.open.get("CNY", 0) == sum(part.open for part in parts)
    assert facts.overdue.get("CNY", 0) <= facts.open.get("CNY", 0)
    assert facts.paid_late.get("CNY", 0) <= facts.paid.get("CNY", 0)
    assert facts.days_late_by(today) >= facts.settled_late + facts.overdue_count
    assert parts_of({"payment_record": [part.row() for part in parts]}) == parts
