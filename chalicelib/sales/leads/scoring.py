"""Scoring: rules that operations edit become points, a rating, and the reasons for both. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.sales.leads.conditions import Facts, all_hold

#: A score stays between these, whatever the rules add up to.
LOWEST: Final = 0
HIGHEST: Final = 100


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, HOT, WARM or COLD, and each rule that counted."""

    points: int
    rating: str
    reasons: list[dict[str, Any]]


def reasons(rules: Sequence[Mapping[str, Any]], facts: Facts) -> list[dict[str, Any]]:
    """Return every rule whose conditions all hold, with its points."""
    return [
        {"rule": rule["name"], "points": rule["points"]}
        for rule in rules
        if all_hold(rule["conditions"], facts)
    ]


def score(found: Sequence[dict[str, Any]], *, warm_from: int, hot_from: int) -> Score:
    """Return the score that reasons give together."""
    points = min(max(sum(reason["points"] for reason in found), LOWEST), HIGHEST)
    return Score(points, rating(points, warm_from=warm_from, hot_from=hot_from), list(found))


def rating(points: int, *, warm_from: int, hot_from: int) -> str:
    """Return HOT 热, WARM 温 or COLD 冷 for points."""
    if points >= hot_from:
        return "HOT"
    return "WARM" if points >= warm_from else "COLD"
