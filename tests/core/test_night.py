"""A night's works do not depend on each other."""

import pytest

from chalicelib.core import night


def test_a_work_that_fails_keeps_none_after_it_from_being_done_and_is_told() -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("the first")

    with pytest.raises(ExceptionGroup) as told:
        night.work_through(fails, lambda: done.append("the second"), fails)

    assert done == ["the second"]
    assert [str(each) for each in told.value.exceptions] == ["the first", "the first"]


def test_a_quiet_night_raises_nothing() -> None:
    night.work_through(lambda: None)
