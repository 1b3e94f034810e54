"""A deal's way through the stages, kept on the deal so that its measures need nothing else.

`{stage_id: {"entered": n, "left": n, "advanced": n, "lost": 0 | 1, "seconds": n}}`. A stay ends
when the deal goes on (advanced), goes back, or is lost; `seconds` are those of ended stays. For
every stage `entered` is `left`, and one more for the stage where the deal is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

Journey = dict[str, dict[str, int]]
#: How a stay ends.
Exit = Literal["advanced", "back", "lost"]
#: How the last stay in an open stage ends, by the type of the stage after it.
OUTCOMES: Final[Mapping[str, Exit]] = {"WON": "advanced", "LOST": "lost"}
_UNSEEN: Final = {"entered": 0, "left": 0, "advanced": 0, "lost": 0, "seconds": 0}


def begun(stage_id: str) -> Journey:
    """Return the journey of a deal that enters its first stage."""
    return _with({}, stage_id, entered=1)


def moved(
    journey: Mapping[str, Any], *, leaving: str, how: Exit, to: str, since: datetime, at: datetime
) -> Journey:
    """Return the journey after leaving one stage, in which the deal was `since`, for another."""
    seconds = max(0, int((at - since).total_seconds()))
    ended = {how: 1} if how != "back" else {}
    left = _with(journey, leaving, left=1, seconds=seconds, **ended)
    return _with(left, to, entered=1)


def taken_back(journey: Mapping[str, Any], *, closed: str, closed_from: str | None, to: str) -> Journey:
    """Return the journey after a win or loss that did not hold: the deal enters stage `to` again.

    The outcome is forgotten; the stay that it ended stays ended.
    """
    kept = {stage_id: dict(stage) for stage_id, stage in journey.items() if stage_id != closed}
    if closed_from in kept:
        outcome = "lost" if kept[closed_from]["lost"] else "advanced"
        kept[closed_from][outcome] -= 1
    return _with(kept, to, entered=1)


def _with(journey: Mapping[str, Any], stage_id: str, **more: int) -> Journey:
    stage: dict[str, int] = {**_UNSEEN, **journey.get(stage_id, {})}
    return {**journey, stage_id: {name: number + more.get(name, 0) for name, number in stage.items()}}
