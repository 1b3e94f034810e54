"""How much to order and when: the figures alone."""

from datetime import date, timedelta
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.replenishment.advice import Advice, Keeping, Outlook, advise

FIRST = date(2026, 11, 1)
#: 300 units in a month of 30 days: ten a day.
TEN_A_DAY = Outlook([300.0, 310.0], 0.0)


def keeping(available: int, **terms: Any) -> Keeping:
    return Keeping(available, **{"lead_days": 14, "review_days": 30, "lot": 1, "service_bps": 9_500, **terms})


def test_what_lasts_no_longer_than_an_order_takes_is_ordered_today() -> None:
    made = advise(keeping(100), TEN_A_DAY, FIRST)

    assert made == Advice(
        quantity=340,
        order_on=FIRST,
        expected=0,
        reorder_point=140,
        up_to=440,
        safety_stock=0,
        lead_demand=140,
        review_demand=300,
        service_factor=made.service_factor,
    )
    assert made.service_factor == pytest.approx(1.6449, abs=1e-4)


def test_what_lasts_longer_is_ordered_on_the_day_it_no_longer_does() -> None:
    made = advise(keeping(200), TEN_A_DAY, FIRST)

    assert (made.order_on, made.quantity) == (FIRST + timedelta(days=6), 300)


@pytest.mark.parametrize(
    ("coming", "day", "quantity"),
    [
        # In time: it puts the order off by the days that it lasts.
        ([(14, 60)], 2, 300),
        # Between the order and the next one: it is taken off.
        ([(20, 300)], 0, 40),
        # It ends what falls short before an order could, and covers all after it.
        ([(15, 340)], 30, 300),
        # Later than the next order: it is that one's matter.
        ([(60, 300)], 0, 340),
    ],
)
def test_what_is_on_its_way_is_counted_from_the_day_it_is_expected_on(
    coming: list[tuple[int, int]], day: int, quantity: int
) -> None:
    outlook = Outlook([300.0, 310.0, 310.0], 0.0)

    made = advise(keeping(100, coming=coming), outlook, FIRST)

    assert (made.order_on, made.quantity) == (FIRST + timedelta(days=day), quantity)


def test_orders_are_whole_lots() -> None:
    assert advise(keeping(100, lot=250), TEN_A_DAY, FIRST).quantity == 500


def test_the_safety_stock_is_z_times_sigma_times_the_root_of_the_lead_time() -> None:
    outlook = Outlook([300.0, 310.0], 60.0)

    made = advise(keeping(100, lead_days=30, service_bps=9_772), outlook, FIRST)

    # z is 2.0 at 97.72 %, and 30 days are 0.9856 months.
    assert made.safety_stock == ceil(1.9991 * 60 * 0.99279)
    assert made.reorder_point == 300 + made.safety_stock


def test_what_nobody_wants_is_not_ordered() -> None:
    made = advise(keeping(1), Outlook([0.0] * 12, 0.0), FIRST)

    assert (made.quantity, made.order_on) == (0, None)


def test_what_nobody_wants_is_ordered_for_those_who_wait() -> None:
    made = advise(keeping(-5), Outlook([], 0.0), FIRST)

    assert (made.quantity, made.order_on) == (5, FIRST)


@given(
    st.lists(st.floats(0, 10_000), max_size=14),
    st.floats(0, 1_000),
    st.integers(-500, 50_000),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 5_000)), max_size=3),
    st.integers(0, 200),
    st.integers(1, 200),
    st.integers(1, 500),
    st.integers(5_000, 9_999),
)
def test_an_order_brings_stock_up_to_the_level_and_no_more_than_a_lot_beyond(
    months: list[float],
    deviation: float,
    available: int,
    coming: list[tuple[int, int]],
    lead: int,
    review: int,
    lot: int,
    service: int,
) -> None:
    terms = {"lead_days": lead, "review_days": review, "lot": lot, "service_bps": service}
    kept = keeping(available, coming=coming, **terms)

    made = advise(kept, Outlook(months, deviation), FIRST)

    assert made.quantity % lot == 0
    assert made.quantity >= 0
    assert made.reorder_point >= made.safety_stock >= 0
    assert made.up_to >= made.reorder_point
    if made.order_on == FIRST:
        after = available + made.expected + made.quantity
        assert available + sum(units for day, units in coming if day <= lead) <= made.reorder_point
        assert made.expected == sum(units for day, units in coming if day <= lead + review)
        assert made.up_to <= after < made.up_to + lot
    assert (made.order_on is None) == (made.quantity == 0)


@given(st.integers(0, 100), st.integers(5_000, 9_998))
def test_a_higher_service_level_never_keeps_less(deviation: int, service: int) -> None:
    outlook = Outlook([300.0], float(deviation))

    low, high = (
        advise(keeping(0, service_bps=level), outlook, FIRST).safety_stock for level in (service, service + 1)
    )

    assert low <= high
