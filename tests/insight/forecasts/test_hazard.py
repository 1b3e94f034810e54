from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.forecasts.deals import (
    Deal,
    finished_month,
    last_day,
    month_of,
    won_by_month,
)
from chalicelib.insight.forecasts.hazard import (
    age_hazard,
    pipeline_candidates,
    rows_by_age,
    rows_by_stage,
    stage_conversion,
)

JANUARY = month_of(date(2025, 1, 1))
DECEMBER = JANUARY + 11

days = st.dates(date(2025, 5, 1), date(2025, 11, 30))
stages = st.lists(st.tuples(days, st.sampled_from(["QUALIFIED", "QUOTED"])), max_size=2)


@st.composite
def deal_lives(draw: st.DrawFn) -> Deal:
    opened = draw(st.none() | days)
    closed: date | None = draw(days)
    if opened and draw(st.booleans()):
        closed = opened + timedelta(draw(st.integers(0, 90)))
    won = draw(st.booleans())
    if not won and draw(st.booleans()):
        closed = None
    path = tuple(sorted(draw(stages)))
    return Deal(opened, closed, won, draw(st.integers(1, 10**9)), stages=path)


def monthly_business(months: int = 12) -> list[Deal]:
    """Each month ten deals of 100 open; four are won in the next month, the rest lost then."""
    return [
        Deal(opened := date(2025, 1, 5) + timedelta(30 * m), opened + timedelta(31), n < 4, 100)
        for m in range(months)
        for n in range(10)
    ]


def known_on(deals: list[Deal], day: date) -> list[Deal]:
    """What a company knew of its deals at the end of `day`."""
    return [
        Deal(
            d.opened,
            d.closed if d.closed and d.closed <= day else None,
            d.won and d.closed is not None and d.closed <= day,
            d.amount_minor,
            stages=tuple((since, stage) for since, stage in d.stages if since <= day),
        )
        for d in deals
        if d.opened is None or d.opened <= day
    ]


def test_open_deals_of_a_regular_business_turn_into_its_regular_revenue() -> None:
    rows = rows_by_age(monthly_business(), DECEMBER - 1)

    assert age_hazard(rows, DECEMBER - 1, 3) == pytest.approx([400] * 3, rel=0.15)


def test_deals_lost_early_promise_nothing_for_later_months() -> None:
    deals = [
        Deal(date(2025, m, 5), date(2025, m + 1 + (n < 5), 9), n < 5, 100)
        for m in range(1, 11)
        for n in range(10)
    ]
    end = JANUARY + 9

    assert age_hazard(rows_by_age(deals, end), end, 3) == pytest.approx([500] * 3, rel=0.15)


def test_a_company_that_closes_at_quarter_end_is_forecast_to_do_so_again() -> None:
    deals = [
        Deal(date(year, m, 5), date(year, m + 2 - (m - 1) % 3, 28), n < 5, 100)
        for year in (2024, 2025)
        for m in range(1, 13)
        for n in range(10)
    ]
    end = JANUARY + 8

    october, november, december = age_hazard(rows_by_age(deals, end), end, 3)

    assert december > 4 * max(october, november)


def test_stage_conversion_counts_only_deals_already_open() -> None:
    rows = rows_by_stage(monthly_business(), DECEMBER - 1)

    next_month, after_that = stage_conversion(rows, DECEMBER - 1, 2)

    assert next_month == pytest.approx(400, rel=0.15)
    assert after_that == 0


def test_old_deals_that_nobody_closed_promise_nothing() -> None:
    forgotten = [Deal(date(2024, 1, 1), None, False, 1_000_000) for _ in range(50)]
    rows = rows_by_age(forgotten + monthly_business(), DECEMBER - 1)

    assert age_hazard(rows, DECEMBER - 1, 1) == pytest.approx([400], rel=0.15)


def test_a_deal_quoted_counts_for_more_than_one_just_qualified() -> None:
    def life(month: int, stage: str, *, won: bool) -> Deal:
        opened = date(2025, month, 10)
        closed = date(2025, month + 1, 20)
        return Deal(opened, closed, won, 100, stages=((opened, stage),))

    past = [
        life(month, stage, won=stage == "QUOTED" or n == 0)
        for month in range(1, 9)
        for stage in ("QUOTED", "QUALIFIED")
        for n in range(4)
    ]
    end, opened = JANUARY + 8, date(2025, 9, 10)

    now = {}
    for stage in ("QUOTED", "QUALIFIED"):
        still_open = Deal(opened, None, False, 100, stages=((opened, stage),))
        now[stage] = stage_conversion(rows_by_stage([*past, still_open], end), end, 1)[0]

    assert now == {"QUOTED": pytest.approx(100), "QUALIFIED": pytest.approx(25)}


def test_a_discounted_win_counts_at_what_was_paid() -> None:
    deal = Deal(date(2025, 1, 2), date(2025, 2, 3), True, 1000, won_minor=700)

    assert won_by_month([deal], JANUARY + 1) == (JANUARY + 1, [700])


def test_deals_of_unknown_age_or_closed_before_they_opened_are_left_out_of_the_pipeline() -> None:
    odd = [
        Deal(None, None, False, 10**9),
        Deal(None, date(2025, 4, 1), True, 10**9),
        Deal(date(2025, 5, 1), date(2025, 4, 1), True, 10**9),
    ]

    assert rows_by_age(odd, DECEMBER) == {}
    assert rows_by_stage(odd, DECEMBER) == {}


def test_no_deals_make_no_revenue() -> None:
    assert age_hazard({}, DECEMBER, 3) == stage_conversion({}, DECEMBER, 3) == [0, 0, 0]
    assert won_by_month([], DECEMBER) == (DECEMBER + 1, [])


def test_a_month_is_finished_on_its_last_day() -> None:
    assert last_day(DECEMBER) == date(2025, 12, 31)
    assert finished_month(date(2025, 12, 31)) == DECEMBER
    assert finished_month(date(2025, 12, 30)) == DECEMBER - 1
    assert finished_month(date(2024, 2, 29)) == month_of(date(2024, 2, 1))


def test_wins_of_the_month_to_come_do_not_teach_the_forecast_of_it() -> None:
    opened, end = date(2025, 6, 10), JANUARY + 8
    past = Deal(opened, date(2025, 8, 1), False, 100)
    open_then = Deal(date(2025, 9, 10), None, False, 100)
    won_later = replace(open_then, closed=date(2025, 10, 5), won=True)

    figures = [
        (age_hazard(rows_by_age(deals, end), end, 3), stage_conversion(rows_by_stage(deals, end), end, 3))
        for deals in ([past, open_then], [past, won_later])
    ]

    assert figures[0] == figures[1]


@given(st.lists(deal_lives(), max_size=30))
def test_the_pipeline_forecast_of_a_past_day_does_not_know_what_came_after(
    deals: list[Deal],
) -> None:
    end = JANUARY + 8
    then = known_on(deals, last_day(end))

    for later in (end, end + 2):
        ages, by_stage = rows_by_age(deals, later), rows_by_stage(deals, later)
        assert age_hazard(ages, end, 3) == age_hazard(rows_by_age(then, end), end, 3)
        assert stage_conversion(by_stage, end, 3) == stage_conversion(rows_by_stage(then, end), end, 3)


@given(st.lists(deal_lives(), max_size=30))
def test_every_pipeline_candidate_promises_at_least_nothing(deals: list[Deal]) -> None:
    for candidate in pipeline_candidates(deals, first=JANUARY, end=DECEMBER):
        for known in range(1, 13):
            assert min(candidate.forecast(known, 3)) >= 0
