"""The rules of revenue: whatever is agreed, changed or ended, what was earned stays, no cent is lost."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock
from chalicelib.sales.revenue.billing import (
    Bill,
    Reached,
    by_agreement,
    by_instalments,
    closed,
    settled_by_day,
    taxed,
)
from chalicelib.sales.revenue.planning import Standing, plan
from chalicelib.sales.revenue.posting import RECOGNITION, Posting, lines, outstanding, with_posted
from chalicelib.sales.revenue.recognition import (
    CORRECTION,
    UNDATED,
    Earned,
    Span,
    Target,
    by_milestone,
    delivered_part,
    spread,
    straight_line,
)
from chalicelib.sales.revenue.sources import Paid
from tests.sales.revenue.builders import NEW_YEAR, contract_facts

AMOUNTS = st.integers(0, 10**12)
DAYS = st.integers(0, 900)
ACCOUNTS = {name: name for name in ("receivables", "deferred_revenue", "revenue", "cash", "tax")}


def _day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


@given(minor=AMOUNTS, first=DAYS, length=DAYS)
def test_what_is_spread_by_days_sums_to_the_whole_and_no_month_is_short_by_more_than_a_cent(
    minor: int, first: int, length: int
) -> None:
    months = spread(minor, _day(first), _day(first + length))

    assert sum(months.values()) == minor
    for month, share in months.items():
        start = max(_day(first), date.fromisoformat(f"{month}-01"))
        days = sum(clock.month(start + timedelta(days=n)) == month for n in range(31))
        days = min(days, (_day(first + length) - start).days + 1)
        assert abs(share - minor * days / (length + 1)) < 1 or minor > 10**11


def test_a_year_is_earned_month_by_month_when_each_is_over() -> None:
    year = Span(NEW_YEAR, date(2026, 12, 31))

    outlook = straight_line(36_500, {}, year, today=date(2026, 3, 1))

    assert outlook.earned == [
        Earned("month|2026-01", date(2026, 1, 31), 3_100),
        Earned("month|2026-02", date(2026, 2, 28), 2_800),
    ]
    assert (outlook.planned["2026-03"], len(outlook.planned)) == (3_100, 10)


def test_what_was_planned_stays_until_the_terms_change() -> None:
    year, odd = Span(NEW_YEAR, date(2026, 3, 31)), {"2026-02": 1, "2026-03": 99}
    done = {"month|2026-01": 0}

    assert straight_line(100, done, year, today=date(2026, 2, 5), kept=odd).planned == odd
    assert straight_line(101, done, year, today=date(2026, 2, 5), kept=odd).planned == {
        "2026-02": 48,
        "2026-03": 53,
    }


def test_ended_early_the_days_that_were_are_earned_and_no_more() -> None:
    year = Span(NEW_YEAR, date(2026, 12, 31))

    outlook = straight_line(
        36_500, {"month|2026-01": 3_100}, year, today=date(2026, 2, 11), stopped_on=date(2026, 2, 10)
    )

    assert outlook.earned == [Earned("month|2026-02", date(2026, 2, 10), 1_000)]
    assert not outlook.planned


def test_a_contract_without_an_end_has_a_plan_without_a_month() -> None:
    assert straight_line(500, {}, Span(NEW_YEAR, None), today=NEW_YEAR).planned == {UNDATED: 500}


def test_a_contract_without_an_end_that_is_ended_has_earned_what_was_billed_until_then() -> None:
    parts = [Reached("plan|1", date(2026, 5, 1), 300), Reached("plan|2", date(2028, 5, 1), 200)]
    facts = replace(contract_facts(1_200, [], agreed=parts), span=Span(NEW_YEAR, None))
    ended = replace(facts, stopped_on=date(2027, 12, 31))

    made = plan(ended, Standing("STRAIGHT_LINE"), today=date(2028, 1, 2), payment_days=30)

    assert made.value == sum(bill.net for bill in made.bills) == 1_000
    [earned] = [fact for fact in made.facts if fact.key.startswith(RECOGNITION)]
    assert (earned.on, earned.net, made.planned) == (date(2027, 12, 31), 1_000, {})


def test_a_term_that_is_over_is_earned_before_the_next_one_begins_whoever_looks_first() -> None:
    term, day = Span(NEW_YEAR, date(2026, 3, 15)), date(2026, 3, 16)
    planned = straight_line(7_400, {}, term, today=NEW_YEAR).planned
    renewed = Span(NEW_YEAR, date(2028, 3, 15))

    late = straight_line(7_400, {}, renewed, today=day, kept=planned, kept_span=term)
    more = straight_line(9_000, {}, renewed, today=day, kept=planned, kept_span=term)

    assert late.earned == straight_line(7_400, {}, term, today=day, kept=planned, kept_span=term).earned
    assert (sum(each.minor for each in late.earned), late.planned) == (7_400, {})
    assert (more.earned, sum(more.planned.values())) == (late.earned, 1_600)
    assert min(more.planned) == "2026-04"


def test_a_reduction_below_what_was_earned_is_corrected_now() -> None:
    year, booked = Span(NEW_YEAR, date(2026, 2, 28)), {"month|2026-01": 900}

    outlook = straight_line(800, booked, year, today=date(2026, 2, 3))

    assert outlook.earned == [Earned(f"{CORRECTION}1", date(2026, 2, 3), -100)]


MILESTONES = [
    Target("milestone|1", date(2026, 3, 1), 300, None),
    Target("milestone|2", date(2026, 6, 1), None, None),
    Target("milestone|3", date(2026, 6, 9), 200, None),
]


def test_the_last_milestone_brings_what_none_names() -> None:
    assert by_milestone(1_000, {}, MILESTONES, today=NEW_YEAR).planned == {"2026-03": 300, "2026-06": 700}


def test_milestones_without_amounts_bring_the_same() -> None:
    plain = [replace(each, minor=None) for each in MILESTONES]

    assert by_milestone(1_000, {}, plain, today=NEW_YEAR, equal=True).planned == {
        "2026-03": 334,
        "2026-06": 666,
    }


@given(net=AMOUNTS, quantity=st.integers(1, 999), parts=st.lists(st.integers(0, 999), max_size=8))
def test_parts_of_a_line_that_went_out_sum_to_its_price(net: int, quantity: int, parts: list[int]) -> None:
    went = sorted({0, quantity, *(part for part in parts if part <= quantity)})

    shares = [delivered_part(net, quantity, b) - delivered_part(net, quantity, a) for a, b in pairwise(went)]

    assert sum(shares) == net
    assert all(share >= 0 for share in shares)


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=6), percent=st.integers(0, 25))
def test_bills_hold_the_order_s_price_and_tax_between_them(amounts: list[int], percent: int) -> None:
    net = sum(amounts) * 100 // (100 + percent)
    bills = by_instalments([(NEW_YEAR, each) for each in amounts], net=net, first=NEW_YEAR, days=30)

    assert [bill.gross for bill in bills] == amounts
    assert sum(bill.net for bill in bills) == (net if sum(amounts) else 0)
    assert all(bill.net >= 0 and bill.tax >= 0 for bill in bills)


def test_a_bill_goes_out_the_customers_days_before_it_is_due_but_not_before_the_order() -> None:
    due = [(date(2026, 1, 20), 10), (date(2026, 6, 30), 10)]

    bills = by_instalments(due, net=20, first=NEW_YEAR, days=30)

    assert [bill.on for bill in bills] == [NEW_YEAR, date(2026, 5, 31)]


@given(
    rests=st.lists(AMOUNTS, min_size=1, max_size=6),
    final=AMOUNTS,
)
def test_bills_of_a_contract_come_to_its_value_whatever_it_becomes(rests: list[int], final: int) -> None:
    bills: list[Bill] = []
    for number, rest in enumerate(rests):
        terms: dict[str, Any] = {"first": NEW_YEAR, "today": _day(number), "days": 30}
        bills = by_agreement(bills, [], rest=rest, **terms)
        assert sum(bill.net for bill in bills) == rest
    ended = closed(bills, final, on=_day(99), days=30)

    assert sum(bill.net for bill in ended) == final
    assert all(bill.net >= 0 for bill in ended)
    assert [bill.number for bill in ended] == list(range(1, len(ended) + 1))


@given(nets=st.lists(AMOUNTS, min_size=1, max_size=8), tax=AMOUNTS, less=AMOUNTS)
def test_the_bills_of_a_contract_bear_its_tax_to_the_last_unit_and_keep_what_they_bore(
    nets: list[int], tax: int, less: int
) -> None:
    value, bills = sum(nets), list[Bill]()

    for number, net in enumerate(nets, start=1):
        kept, asked = bills, [*bills, Bill(number, f"plan|{number}", NEW_YEAR, NEW_YEAR, net)]
        bills = taxed(asked, kept=kept, value=value, tax=tax)
        assert bills[: len(kept)] == kept
        due = tax * sum(nets[:number]) / value if value else 0
        assert abs(sum(bill.tax for bill in bills) - due) <= number
    assert sum(bill.tax for bill in bills) == (tax if value else 0)
    # The last one is less: its tax is less with it, and all of it gone with all of its price.
    down = min(less, nets[-1])
    lessened = [*bills[:-1], replace(bills[-1], net=nets[-1] - down)]
    fewer = taxed(lessened, kept=bills, value=value - down, tax=tax * (value - down) // max(1, value))
    assert 0 <= fewer[-1].tax <= bills[-1].tax + 1
    assert fewer[-1].net or not fewer[-1].tax


@given(owed=st.lists(st.tuples(st.integers(0, 90), AMOUNTS), min_size=1, max_size=6), paid=AMOUNTS)
def test_what_came_in_settles_what_is_due_first_and_none_is_lost(
    owed: list[tuple[int, int]], paid: int
) -> None:
    bills = [Bill(n, str(n), NEW_YEAR, _day(at), net) for n, (at, net) in enumerate(owed, start=1)]
    parts = settled_by_day(bills, paid)

    assert sum(parts) == paid
    for bill, part in zip(bills, parts, strict=True):
        later = [parts[each.number - 1] for each in bills if each.due_on > bill.due_on]
        assert part == bill.gross or not any(later)


@given(net=st.integers(-(10**12), 10**12), tax=st.integers(-(10**9), 10**9), kind=st.sampled_from("BRTPF"))
def test_every_posting_balances_and_no_side_is_less_than_nothing(net: int, tax: int, kind: str) -> None:
    name = {"B": "BILLING", "R": "RECOGNITION", "T": "RETURN", "P": "PAYMENT", "F": "REFUND"}[kind]
    made = lines(Posting(f"{name}|x", 1, NEW_YEAR, net, tax if kind == "B" else 0), ACCOUNTS)

    assert sum(line["debit_minor"] for line in made) == sum(line["credit_minor"] for line in made)
    assert all(min(line["debit_minor"], line["credit_minor"]) == 0 for line in made)
    assert all(max(line["debit_minor"], line["credit_minor"]) > 0 for line in made)


def test_a_payment_that_was_taken_back_is_posted_the_other_way() -> None:
    came = [Paid("payment|TT-1", NEW_YEAR, 500)]
    facts = replace(contract_facts(1_000, []), payments=came)
    first = outstanding(
        plan(facts, Standing("STRAIGHT_LINE"), today=NEW_YEAR, payment_days=30).facts, {}, today=NEW_YEAR
    )
    booked = with_posted({}, first)

    later = plan(
        replace(facts, payments=[]), Standing("STRAIGHT_LINE", booked=booked), today=_day(3), payment_days=30
    )

    [back] = outstanding(later.facts, booked, today=_day(3))
    assert (back.key, back.n, back.on, back.net) == ("PAYMENT|payment|TT-1", 2, _day(3), -500)
