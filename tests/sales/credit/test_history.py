"""How orders were paid becomes facts: in whatever order it is told, and without losing a cent."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.credit.history import Facts, Part, facts_of, falls_due_after, moved, parts_of

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 120).map(lambda days: FIRST + timedelta(days))
MINOR = st.integers(0, 500)


def order(schedule: list[tuple[date, int]], payments: list[tuple[date, int]], **more: Any) -> dict[str, Any]:
    """Return an order's image, in force."""
    return {
        "status": "ACTIVATED",
        "activated_on": FIRST.isoformat(),
        "payment_schedule": [{"due_on": day.isoformat(), "amount_minor": n} for day, n in schedule],
        "payments": [
            {"paid_on": day.isoformat(), "amount_minor": n, "taken_back_on": None} for day, n in payments
        ],
        **more,
    }


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def test_an_instalment_is_settled_on_the_day_its_last_cent_came_in() -> None:
    found = parts_of(order([(on(10), 100), (on(40), 100)], [(on(50), 60), (on(8), 70), (on(12), 40)]))

    assert found == [Part(on(10), 100, 0, on(12)), Part(on(40), 100, 30)]
    assert found[0].days_late == 2


def test_a_payment_for_all_settles_what_is_due_later_ahead_of_its_time() -> None:
    found = parts_of(order([(on(10), 100), (on(40), 100)], [(on(5), 200)]))

    assert [part.settled_on for part in found] == [on(5), on(5)]
    assert facts_of(found, "CNY", on(100)) == Facts(settled=2, paid={"CNY": 200})


def test_what_was_taken_back_never_came_in() -> None:
    told = order([(on(10), 100)], [(on(9), 100)])
    told["payments"][0]["taken_back_on"] = on(11).isoformat()

    assert parts_of(told) == [Part(on(10), 100, 100)]


def test_an_order_that_is_not_in_force_says_nothing() -> None:
    assert parts_of(order([(on(10), 100)], [], status="CANCELLED")) == []
    assert parts_of(order([(on(10), 100)], [], activated_on=None)) == []


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


@given(
    st.lists(st.tuples(DAYS, st.integers(1, 500)), max_size=6), st.lists(st.tuples(DAYS, MINOR), max_size=6)
)
def test_no_cent_appears_or_goes_missing(
    schedule: list[tuple[date, int]], payments: list[tuple[date, int]]
) -> None:
    due = sum(n for _, n in schedule)
    found = parts_of(order(sorted(schedule), payments))
    facts = facts_of(found, "CNY", on(60))

    assert facts.open.get("CNY", 0) == max(0, due - sum(n for _, n in payments))
    assert facts.paid.get("CNY", 0) + sum(part.amount for part in found if part.open) == due
    assert facts.overdue.get("CNY", 0) <= facts.open.get("CNY", 0)
    assert facts.settled + sum(1 for part in found if part.open) == len(schedule)
    assert [Part.of_row(part.row()) for part in found] == found
