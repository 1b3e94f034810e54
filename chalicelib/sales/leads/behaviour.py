"""Behaviour: what a lead did lately counts, and counts for less as time goes by. Pure.

What somebody does is kept as how often on which day, by kind of event. So what it is worth can be
reckoned for any day and by any rules, and does not depend on the order in which events come in. An
event is worth half of its points after the half-life of its kind.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from operator import add, sub
from typing import Any, Final

from chalicelib.sales.leads.scoring import Score

Rule = Mapping[str, Any]
#: Kind of event → business date → how often.
Days = Mapping[str, Mapping[str, int]]
Reasons = list[dict[str, Any]]
ScoreOf = Callable[[Reasons], Score]

#: So many days of a kind count, the latest: far more than it takes to reach what a kind counts at most.
MOST_DAYS: Final = 60
#: A score that fades is written anew when it has moved by so many points, or its rating changes.
STRIDE: Final = 5
#: So many days ahead a score is followed.
FURTHEST: Final = 3650


def counted(days: Days, events: Iterable[tuple[str, date]]) -> dict[str, dict[str, int]]:
    """Return the days with more events (kind and day) counted in."""
    more: dict[str, dict[str, int]] = {}
    for kind, day in events:
        of_kind = more.setdefault(kind, {})
        of_kind[day.isoformat()] = of_kind.get(day.isoformat(), 0) + 1
    return joined(days, more)


def joined(days: Days, more: Days) -> dict[str, dict[str, int]]:
    """Return what two leads, who turned out to be one person, did."""
    return _together(days, more, add)


def parted(days: Days, less: Days, *, before: Days) -> dict[str, dict[str, int]]:
    """Return what one of them did without the other (`joined` undone).

    `before` is what it had done when they were joined: days of that may have had to make room.
    """
    return _together(_together(days, less, sub), before, max)


def _together(days: Days, others: Days, reckon: Callable[[int, int], int]) -> dict[str, dict[str, int]]:
    found = {}
    for kind in days.keys() | others.keys():
        one, other = days.get(kind, {}), others.get(kind, {})
        times = {day: reckon(one.get(day, 0), other.get(day, 0)) for day in one.keys() | other.keys()}
        latest = sorted(day for day, often in times.items() if often > 0)[-MOST_DAYS:]
        if latest:
            found[kind] = {day: times[day] for day in latest}
    return found


def standing(rules: Sequence[Rule], days: Days, today: date) -> Reasons:
    """Return what behaviour is worth today: the points of each rule that count, as reasons of a score."""
    worth = ((rule, _points(rule, days.get(rule["kind"], {}), today)) for rule in rules)
    return [
        {"rule": rule["name"], "kind": rule["kind"], "points": points} for rule, points in worth if points
    ]


def _points(rule: Rule, times: Mapping[str, int], today: date) -> int:
    """Return whole points: halved every half-life, never more than the rule lets its kind count."""
    weight = sum(often * 2.0 ** (-_age(day, today) / rule["half_life_days"]) for day, often in times.items())
    points, most = int(rule["points"]), int(rule["most"])
    worth: int = round(points * weight)
    return max(-most, min(most, worth))


def _age(day: str, today: date) -> int:
    # A clock that is ahead by a little tells of tomorrow.
    return max(0, (today - date.fromisoformat(day)).days)


def next_look(rules: Sequence[Rule], days: Days, today: date, score_of: ScoreOf) -> date | None:
    """Return the first day on which a score is worth writing anew, if nothing happens until then.

    None when it stays as it is. `score_of` gives the score for what behaviour is worth.
    """
    now = score_of(standing(rules, days, today))
    for ahead in range(1, FURTHEST + 1):
        then = today + timedelta(days=ahead)
        worth = standing(rules, days, then)
        later = score_of(worth)
        if later.rating != now.rating or abs(later.points - now.points) >= STRIDE:
            return then
        if not worth:
            return then if later.points != now.points else None
    return None
