"""When revenue is earned 收入确认: on delivery, straight line, or by milestone. Pure, exact, minor units.

Each method answers what is earned by now (`Earned`) and when the rest is expected (`planned`, by
month). What was recognised stays: a changed value moves only what is still to come, and where that
is not enough, a correction in the present month. Recognised and planned always sum to the value.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from chalicelib.core import clock
from chalicelib.core.money import allocate

#: Stands for the month of what nobody can say a month for: not shipped yet, or without an end.
UNDATED: Final = "undated"
MONTH: Final = "month|"
CORRECTION: Final = "correction|"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Earned:
    """An amount that was earned on a day; `key` tells it from all others of its schedule."""

    key: str
    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is newly earned, and what is planned by month (`UNDATED`: in none)."""

    earned: Sequence[Earned] = ()
    planned: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """From a first day to a last one, both included; without a last one it is open."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Target:
    """A milestone that was not recognised yet: what it is to bring, None when nobody said."""

    key: str
    due_on: date
    minor: int | None
    done_on: date | None


def months_of(first: date, last: date) -> Iterator[tuple[str, date, date]]:
    """Yield each month from one day to another, with its first and last day among them."""
    start = first
    while start <= last:
        end = min(end_of(start), last)
        yield clock.month(start), start, end
        start = end + _DAY


def end_of(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def spread(minor: int, first: date, last: date) -> dict[str, int]:
    """Return an amount by month, in proportion to the days that each month has of the span."""
    months = list(months_of(first, last))
    shares = allocate(minor, [_days(start, end) for _, start, end in months])
    return {month: share for (month, _, _), share in zip(months, shares, strict=True)}


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def straight_line(
    value: int,
    recognised: Mapping[str, int],
    span: Span,
    *,
    today: date,
    stopped_on: date | None = None,
    kept: Mapping[str, int] | None = None,
    kept_span: Span | None = None,
) -> Outlook:
    """Return what a value brings that is earned day by day; a month's part is earned when it is over.

    `recognised` is what is booked by key, `kept` the plan so far, over `kept_span`. That stays as it is as
    long as it holds the rest of the value over the same span; else what it has for months that are over,
    all of it where its span is over, is earned, and the rest is spread from the present month on. Stopped
    before its end, the days that were are earned, and no more.
    """
    plan, rest = dict(kept or {}), value - sum(recognised.values())
    if plan and kept_span and kept_span != span and kept_span.last and kept_span.last < today:
        past = _until(date.max, plan, kept_span.first, kept_span.last)
        booked = {**recognised, **{each.key: each.minor for each in past}}
        after = straight_line(value, booked, span, today=today, stopped_on=stopped_on)
        return Outlook([*past, *after.earned], after.planned)
    if span.last is None and rest >= 0:
        return Outlook(planned={UNDATED: rest} if rest else {})
    if sum(plan.values()) != rest or not plan or kept_span not in (None, span):
        plan, rest = _replanned(plan, rest, recognised, span, today)
        if rest:
            past = _until(today, plan, span.first)
            done = {**recognised, **{each.key: each.minor for each in past}}
            corrected = _corrected(rest, done, today, stopped=stopped_on is not None)
            return Outlook([*past, *corrected.earned])
    if stopped_on:
        return Outlook(_until(stopped_on, plan, span.first, span.last or date.max))
    whole = _until(date.max, plan, span.first, span.last or date.max)
    earned = [each for each in whole if each.on < today]
    over = {each.key.removeprefix(MONTH) for each in earned}
    return Outlook(earned, {month: minor for month, minor in plan.items() if month not in over})


def _replanned(
    kept: Mapping[str, int], rest: int, recognised: Mapping[str, int], span: Span, today: date
) -> tuple[dict[str, int], int]:
    """Return a new plan, and what of the rest it has no room for."""
    present = clock.month(today)
    plan = {month: minor for month, minor in kept.items() if month < present}
    rest -= sum(plan.values())
    start = max(span.first, _resumes(recognised), today.replace(day=1) if kept or recognised else span.first)
    if rest < 0 or span.last is None or span.last < start:
        return plan, rest
    return plan | (spread(rest, start, span.last) if rest else {}), 0


def _resumes(recognised: Mapping[str, int]) -> date:
    """Return the first day that is not recognised month by month."""
    booked = [key.removeprefix(MONTH) for key in recognised if key.startswith(MONTH)]
    return end_of(date.fromisoformat(f"{max(booked)}-01")) + _DAY if booked else date.min


def _until(day: date, plan: Mapping[str, int], first: date, last: date = date.max) -> list[Earned]:
    """Return what a plan brings until a day: whole months, and of the month that it is in, its part."""
    earned = []
    for month, minor in plan.items():
        begin = date.fromisoformat(f"{month}-01")
        start, end = max(begin, first), min(end_of(begin), last)
        if start <= day:
            reached = min(end, day)
            part, _ = allocate(minor, [_days(start, reached), (end - reached).days])
            earned.append(Earned(MONTH + month, reached, part))
    return earned


def ended_openly(billed: int, recognised: Mapping[str, int], on: date) -> Outlook:
    """Return what a value without an end brings when it is ended on a day: what was `billed` until then.

    There are no days to measure it by.
    """
    return _corrected(max(0, billed - sum(recognised.values())), recognised, on, stopped=False)


def by_milestone(
    value: int,
    recognised: Mapping[str, int],
    open_targets: Sequence[Target],
    *,
    today: date,
    equal: bool = False,
    stopped: bool = False,
) -> Outlook:
    """Return what a value brings that is earned as milestones are reached.

    Each brings its amount as far as the value goes, the last one also what no milestone names; `equal`,
    where no milestone ever had an amount, all bring the same. Stopped, what was not reached is not
    earned.
    """
    rest = value - sum(recognised.values())
    targets = sorted(open_targets, key=lambda each: (each.due_on, each.key))
    if rest < 0 or not targets:
        return _corrected(rest, recognised, today, stopped=stopped)
    shares = dict(zip(targets, _shares(rest, targets, equal=equal), strict=True))
    earned = [Earned(each.key, each.done_on, minor) for each, minor in shares.items() if each.done_on]
    planned: dict[str, int] = {}
    for each, minor in shares.items():
        if minor and not (each.done_on or stopped):
            month = clock.month(each.due_on)
            planned[month] = planned.get(month, 0) + minor
    return Outlook(earned, planned)


def _shares(rest: int, targets: Sequence[Target], *, equal: bool) -> list[int]:
    if equal:
        return allocate(rest, [1] * len(targets))
    shares = []
    for each in targets:
        shares.append(min(each.minor or 0, rest))
        rest -= shares[-1]
    return [*shares[:-1], shares[-1] + rest]


def _corrected(rest: int, recognised: Mapping[str, int], today: date, *, stopped: bool) -> Outlook:
    """Return what is left when nothing is to come: booked at once; what was stopped earns no more."""
    if not rest or (stopped and rest > 0):
        return Outlook()
    number = sum(key.startswith(CORRECTION) for key in recognised) + 1
    return Outlook([Earned(f"{CORRECTION}{number}", today, rest)])


def on_delivery(value: int, delivered: Sequence[Earned]) -> Outlook:
    """Return what a value brings that is earned as it goes out; the rest goes out some day."""
    rest = value - sum(each.minor for each in delivered)
    return Outlook(delivered, {UNDATED: rest} if rest else {})


def delivered_part(net: int, quantity: int, gone: int) -> int:
    """Return how much of a line's price has been earned when `gone` of its pieces went out, in all.

    What goes out last brings the last cent: parts of parts sum exactly.
    """
    return net * min(gone, quantity) // quantity
