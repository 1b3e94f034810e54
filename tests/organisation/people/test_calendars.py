"""Business time: what holds for every calendar, zone and instant, and a few days anybody can check."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.organisation.people.calendars import Hours, Span, deadline, open_times, spans

#: Zones with a change of clocks in either half of the year, of half an hour, with odd offsets, with none.
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "UTC",
)
NINE_TO_SIX = [(9 * 60, 18 * 60)]
OFFICE = Hours("Asia/Shanghai", dict.fromkeys(range(5), NINE_TO_SIX), {})

instants = st.datetimes(
    datetime(2010, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2030, 12, 31),  # noqa: DTZ001 - the zone is drawn
    timezones=st.sampled_from([ZoneInfo(zone) for zone in ZONES]),
)
hour_counts = st.integers(min_value=0, max_value=100)


@st.composite
def day_hours(draw: st.DrawFn) -> list[Span]:
    ends = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return list(zip(ends[::2], ends[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Hours:
    week = draw(st.dictionaries(st.integers(0, 6), day_hours(), max_size=7))
    week[draw(st.integers(0, 6))] = draw(st.sampled_from([NINE_TO_SIX, [(0, 1440)], [(100, 200)]]))
    days = draw(
        st.dictionaries(
            st.dates(date(2010, 1, 1), date(2031, 12, 31)), st.just([]) | day_hours(), max_size=20
        )
    )
    return Hours(draw(st.sampled_from(ZONES)), week, days)


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(instants, hour_counts, calendars())
def test_a_deadline_is_never_in_closed_time_nor_before_its_start(
    start: datetime, hours: int, calendar: Hours
) -> None:
    due = deadline(start, hours=hours, calendar=calendar)

    assert due >= start
    wall = due.astimezone(ZoneInfo(calendar.zone))
    opened = next((o, c) for o, c in open_times(calendar, due - timedelta(days=2)) if c >= due)
    assert opened[0] <= due <= opened[1], wall


@given(instants, hour_counts, calendars())
def test_exactly_the_hours_pass_while_business_is_open(start: datetime, hours: int, calendar: Hours) -> None:
    due = deadline(start, hours=hours, calendar=calendar)

    passed = timedelta()
    for opens, closes in open_times(calendar, start):
        passed += max(min(closes, due) - opens, timedelta())
        if closes >= due:
            break
    assert passed == timedelta(hours=hours)


@given(instants, st.timedeltas(timedelta(0), timedelta(days=30)), hour_counts, calendars())
def test_who_comes_later_is_due_no_earlier(
    start: datetime, wait: timedelta, hours: int, calendar: Hours
) -> None:
    later = start.astimezone(UTC) + wait

    first, second = (deadline(each, hours=hours, calendar=calendar) for each in (start, later))

    assert first <= second
    assert second <= deadline(later, hours=hours + 1, calendar=calendar)


@given(instants, calendars())
def test_open_times_follow_one_another_without_overlap(start: datetime, calendar: Hours) -> None:
    found = list(islice(open_times(calendar, start), 30))

    assert all(opens < closes for opens, closes in found)
    assert all(one[1] <= next_one[0] for one, next_one in pairwise(found))


@given(instants, hour_counts)
def test_without_a_calendar_hours_are_elapsed_hours(start: datetime, hours: int) -> None:
    assert deadline(start, hours=hours, calendar=None) - start.astimezone(UTC) == timedelta(hours=hours)


def test_twenty_four_business_hours_from_friday_afternoon_end_on_wednesday() -> None:
    assert deadline(at("2026-11-20T17:00"), hours=24, calendar=OFFICE) == at("2026-11-25T14:00")


def test_a_lead_of_the_night_is_due_from_the_morning_on() -> None:
    assert deadline(at("2026-11-21T23:30"), hours=1, calendar=OFFICE) == at("2026-11-23T10:00")


def test_the_last_hour_of_the_day_is_due_at_closing_not_next_morning() -> None:
    assert deadline(at("2026-11-23T17:00"), hours=1, calendar=OFFICE) == at("2026-11-23T18:00")


def test_holidays_are_skipped_and_the_saturday_worked_for_them_counts() -> None:
    week_off: dict[date, list[Span]] = {date(2026, 10, day): [] for day in range(1, 9)}
    golden_week = Hours(OFFICE.zone, OFFICE.week, week_off | {date(2026, 10, 10): NINE_TO_SIX})

    assert deadline(at("2026-09-30T17:00"), hours=2, calendar=golden_week) == at("2026-10-09T10:00")
    assert deadline(at("2026-10-09T17:00"), hours=2, calendar=golden_week) == at("2026-10-10T10:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-03-28T12:00", "2026-03-29T13:00"), ("2026-10-24T12:00", "2026-10-25T11:00")],
)
def test_a_night_of_changing_clocks_is_an_hour_shorter_or_longer(start: str, due: str) -> None:
    round_the_clock = Hours("Europe/Berlin", {day: [(0, 1440)] for day in range(7)}, {})

    assert deadline(at(start, "Europe/Berlin"), hours=24, calendar=round_the_clock) == at(
        due, "Europe/Berlin"
    )


def test_opening_in_the_missing_hour_counts_no_minute_twice() -> None:
    early = Hours("Europe/Berlin", {6: [(120, 150), (180, 240)]}, {})

    found = list(islice(open_times(early, at("2026-03-29T00:00", "Europe/Berlin")), 2))

    assert found == [
        (at("2026-03-29T03:00", "Europe/Berlin"), at("2026-03-29T03:30", "Europe/Berlin")),
        (at("2026-03-29T03:30", "Europe/Berlin"), at("2026-03-29T04:00", "Europe/Berlin")),
    ]


def test_a_calendar_that_never_opens_is_refused_instead_of_searched_for_ever() -> None:
    with pytest.raises(ValueError, match="never opens"):
        deadline(at("2026-11-23T12:00"), hours=1, calendar=Hours("UTC", {0: []}, {}))


def test_hours_as_they_are_kept_become_spans_in_order() -> None:
    kept = [{"opens": "13:30", "closes": "24:00"}, {"opens": "09:00", "closes": "12:00"}]

    assert spans(kept) == [(540, 720), (810, 1440)]
