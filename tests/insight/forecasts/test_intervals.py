import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.forecasts.intervals import (
    Trial,
    cover,
    growth,
    width_for_the_young,
    width_from_trials,
)

errors = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


def next_month(missed: list[float]) -> list[Trial]:
    return [Trial(cutoff, 1, 1000.0, 1000.0 + error) for cutoff, error in enumerate(missed)]


def test_the_range_holds_eight_of_ten_past_errors() -> None:
    width = width_from_trials(next_month([10, -20, 30, -40, 50, -60, 70, -80, 90]), 1)

    assert width.months == (80,)


def test_a_range_widens_with_every_month_ahead() -> None:
    width = width_from_trials(next_month([10.0, -20.0, 15.0]), 18)

    assert list(width.months) == sorted(set(width.months))
    assert width.months[17] / width.months[0] == pytest.approx(growth(18))


def test_months_that_miss_to_opposite_sides_make_a_sure_quarter() -> None:
    trials = [
        Trial(cutoff, lead, 100.0, 100.0 + error)
        for cutoff in range(8)
        for lead, error in enumerate([20, -40, 20], start=1)
    ]

    width = width_from_trials(trials, 3)

    assert width.total == 0
    assert min(width.months) > 0


def test_a_quarter_without_finished_quarters_misses_as_its_months_together() -> None:
    width = width_from_trials(next_month([10] * 9), 3)

    assert width.total == pytest.approx(sum(width.months))


def test_one_month_of_history_gives_a_range_about_as_wide_as_the_month() -> None:
    width = width_for_the_young([1000.0], [], 1)

    assert 1000 < width.months[0] < 2000


def test_each_finished_month_narrows_a_steady_young_companys_range() -> None:
    widths = [
        width_for_the_young([1000.0] * 9, next_month([10.0] * tried), 1).months[0] for tried in range(1, 6)
    ]

    assert widths == sorted(widths, reverse=True)


@given(errors, st.floats(0, 10))
def test_errors_twice_as_large_make_the_range_twice_as_wide(missed: list[float], factor: float) -> None:
    width = width_from_trials(next_month(missed), 3)
    larger = width_from_trials(next_month([factor * error for error in missed]), 3)

    assert larger.months == pytest.approx([factor * w for w in width.months], abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=40))
def test_cover_is_a_share(missed: list[float]) -> None:
    share = cover(next_month(missed))

    assert share is not None
    assert 0 <= share <= 1


def test_cover_is_judged_by_the_other_cutoffs() -> None:
    two_surprises = next_month([1.0] * 6 + [50.0, 100.0])

    assert cover(two_surprises) == pytest.approx(6 / 8)
