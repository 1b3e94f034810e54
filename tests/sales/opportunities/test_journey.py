"""A deal's way through the stages adds up, wherever it goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sales.opportunities import journey

START = datetime(2026, 1, 1, tzinfo=UTC)
STAGES = ("first", "second", "third")
STEPS = st.lists(st.tuples(st.sampled_from((*STAGES, "won", "lost")), st.integers(0, 1000)), max_size=30)


@given(STEPS)
def test_every_stay_but_the_present_one_has_ended_and_all_seconds_are_told(
    steps: list[tuple[str, int]],
) -> None:
    way, here, at, seconds, closed_from = journey.begun("first"), "first", START, 0, None
    for stage, passed in steps:
        since, at = at, at + timedelta(seconds=passed)
        if here in ("won", "lost"):
            target = stage if stage in STAGES else "first"
            way = journey.taken_back(way, closed=here, closed_from=closed_from, to=target)
            here, closed_from = target, None
        elif stage != here:
            how = _how(here, stage)
            way = journey.moved(way, leaving=here, how=how, to=stage, since=since, at=at)
            closed_from = here if stage in ("won", "lost") else None
            here, seconds = stage, seconds + passed

    for stage, stays in way.items():
        assert stays["entered"] == stays["left"] + (stage == here)
        assert 0 <= stays["advanced"] + stays["lost"] <= stays["left"]
        assert stays["lost"] == (here == "lost" and stage == closed_from)
    assert sum(stays["seconds"] for stays in way.values()) == seconds


def _how(here: str, stage: str) -> Any:
    if stage == "lost":
        return "lost"
    return "advanced" if stage == "won" or STAGES.index(stage) > STAGES.index(here) else "back"
