"""Periods: months and quarters, what is usual, what is too much."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock, errors
from chalicelib.insight.analytics.periods import Span, earlier, grouped, span


def test_quarters_are_the_months_they_have() -> None:
    assert span("2017-Q1", "2017-Q4") == Span("2017-01", "2017-12")
    assert span("2017-03", "2017-Q2") == Span("2017-03", "2017-06")


def test_a_year_up_to_now_is_shown_when_nothing_is_asked_for() -> None:
    # New Year's Eve in Greenwich is the new year in Shanghai already.
    with clock.at(datetime(2026, 12, 31, 20, tzinfo=UTC)):
        assert span() == Span("2026-02", "2027-01")
        assert span(ahead=12) == Span("2026-02", "2028-01")


def test_a_period_that_ends_before_it_starts_names_both_ends() -> None:
    with pytest.raises(errors.Invalid) as refused:
        span("2017-05", "2017-04")

    assert [error.field for error in refused.value.errors] == ["from", "to"]


def test_more_than_ten_years_are_refused() -> None:
    assert span("2010-01", "2019-12").months == 120
    with pytest.raises(errors.Invalid):
        span("2010-01", "2020-01")


@given(st.integers(1950, 2090), st.integers(1, 12), st.integers(0, 400))
def test_a_month_earlier_is_as_many_months_away(year: int, month: int, back: int) -> None:
    this = f"{year}-{month:02d}"

    assert Span(earlier(this, back), this).months == back + 1


@given(st.integers(1, 12))
def test_a_quarter_has_the_months_that_it_spans(month: int) -> None:
    quarter = grouped(f"2026-{month:02d}", "quarter")

    assert quarter is not None
    assert span(quarter, quarter).first <= f"2026-{month:02d}" <= span(quarter, quarter).last
