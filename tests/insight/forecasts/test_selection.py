from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.forecasts.intervals import Trial
from chalicelib.insight.forecasts.methods import METHODS
from chalicelib.insight.forecasts.selection import (
    STANDING_CHOICE,
    Candidate,
    backtest,
    choose,
    rolling_trials,
)

QUARTERS = [900.0, 500.0, 1300.0]


def missed_by(errors: Sequence[float], actual: float = 100.0) -> list[Trial]:
    return [Trial(12 + i, 1, actual + error, actual) for i, error in enumerate(errors)]


def test_the_standing_choice_is_one_of_the_methods() -> None:
    assert STANDING_CHOICE in METHODS


def test_every_cutoff_of_the_last_year_is_tried_up_to_three_months_ahead() -> None:
    same_again = Candidate("same again", lambda known, horizon: [float(known)] * horizon, needs=3)

    trials = rolling_trials(same_again, [1.0] * 20, months=12, leads=3)

    assert {trial.cutoff for trial in trials} == set(range(8, 20))
    assert [trial.lead for trial in trials if trial.cutoff == 8] == [1, 2, 3]
    assert [trial.lead for trial in trials if trial.cutoff == 19] == [1]


def test_a_method_is_not_tried_before_it_has_the_months_it_needs() -> None:
    slow = Candidate("slow", lambda known, horizon: [0.0] * horizon, needs=6)

    trials = rolling_trials(slow, [1.0] * 8, months=12, leads=3)

    assert {trial.cutoff for trial in trials} == {6, 7}


@given(st.lists(st.floats(0, 1e6), min_size=8, max_size=40), st.floats(0, 1e6), st.integers(1, 5))
def test_no_cutoff_knows_what_came_after_it(history: list[float], surprise: float, months: int) -> None:
    changed = [*history[:-months], *([surprise] * months)]
    for name, method in METHODS.items():

        def tried(actuals: list[float], name: str = name) -> dict[tuple[int, int], float]:
            forecast, needs = METHODS[name].forecast, METHODS[name].needs
            candidate = Candidate(name, lambda known, h: forecast(actuals[:known], h), needs)
            trials = rolling_trials(candidate, actuals, months=24, leads=3)
            known = len(history) - months
            return {(t.cutoff, t.lead): t.forecast for t in trials if t.cutoff <= known}

        assert tried(history) == tried(changed), method


def test_the_method_that_missed_least_is_chosen() -> None:
    trials = {"near": missed_by([5, -5] * 4), "far": missed_by([20, -20] * 4)}

    assert choose(trials) == "near"


def test_a_lucky_streak_does_not_unseat_the_standing_choice() -> None:
    trials = {
        STANDING_CHOICE: missed_by([10, 12, 9, 11, 10, 12, 30, 11]),
        "lucky": missed_by([11, 11, 10, 12, 11, 11, 2, 12]),
    }

    assert choose(trials) == STANDING_CHOICE


def test_a_method_that_is_always_better_unseats_the_standing_choice() -> None:
    trials = {
        STANDING_CHOICE: missed_by([10, 12, 9, 11, 10, 12, 14, 11]),
        "better": missed_by([5, 6, 4, 6, 5, 5, 6, 4]),
    }

    assert choose(trials) == "better"


def test_a_method_tried_once_does_not_win_over_one_tried_for_half_a_year() -> None:
    trials = {"proven": missed_by([10] * 6), "new": missed_by([0])}

    assert choose(trials) == "proven"


def test_nothing_is_chosen_where_nothing_was_tried() -> None:
    assert choose({"theta": []}) is None


def test_a_backtest_says_how_far_and_to_which_side_and_how_often() -> None:
    told = backtest("theta", missed_by([10, 10, -5, 10, 10, 10]))

    assert told.method == "theta"
    assert told.wape == pytest.approx(55 / 600)
    assert told.bias == pytest.approx(45 / 600)
    assert told.coverage == 1
    assert told.cutoffs == 6


def test_coverage_is_not_claimed_from_five_cutoffs() -> None:
    assert backtest("theta", missed_by([1, 2, 3, 4, 5])).coverage is None
