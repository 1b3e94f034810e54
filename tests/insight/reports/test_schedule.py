"""Due times: each day of the subscriber has exactly one, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.reports.schedule import Rhythm, following, passed

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # moves by half an hour
    "Africa/Casablanca",
    "America/Santiago",  # moves at midnight
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Apia",  # had no 30 December 2011
)
rhythms = st.builds(Rhythm, st.sampled_from(ZONES), st.integers(0, 23), st.none() | st.integers(1, 7))
instants = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(rhythms, instants)
def test_the_next_due_time_is_later_and_within_its_rhythm(rhythm: Rhythm, now: datetime) -> None:
    due = following(rhythm, now)

    assert now < due <= now + timedelta(days=9 if rhythm.weekday else 3)
    assert due.tzinfo is UTC


@given(rhythms, instants)
def test_nothing_is_due_between_two_due_times(rhythm: Rhythm, now: datetime) -> None:
    first = following(rhythm, now)

    assert following(rhythm, now + (first - now) * 0.99) == first
    assert following(rhythm, first - timedelta(milliseconds=1)) == first
    assert following(rhythm, first) > first


@given(st.sampled_from(ZONES[:-1]), st.integers(0, 23), instants)
def test_every_day_has_one_due_time(zone: str, hour: int, now: datetime) -> None:
    rhythm, days = Rhythm(zone, hour), []
    for _ in range(10):
        now = following(rhythm, now)
        days.append(now.astimezone(ZoneInfo(zone)).date())

    assert days == [days[0] + timedelta(days=n) for n in range(10)]


@given(rhythms, instants)
def test_it_is_due_at_its_hour_unless_the_clock_left_that_out(rhythm: Rhythm, now: datetime) -> None:
    local = following(rhythm, now).astimezone(ZoneInfo(rhythm.zone))

    asked = local.replace(hour=rhythm.hour, minute=0, fold=0)
    left_out = asked.astimezone(UTC).astimezone(ZoneInfo(rhythm.zone)).hour != rhythm.hour
    after_no_day = rhythm.zone == "Pacific/Apia" and local.date() == date(2011, 12, 31)
    assert (local.hour, local.minute) == (rhythm.hour, 0) or left_out
    assert rhythm.weekday in (None, local.isoweekday()) or after_no_day


def test_an_hour_left_out_in_spring_is_due_an_hour_later() -> None:
    due = following(Rhythm("America/New_York", 2), datetime(2026, 3, 8, 0, tzinfo=UTC))

    assert due == datetime(2026, 3, 8, 7, tzinfo=UTC)  # 03:00 in New York: there was no 02:00


def test_an_hour_that_comes_twice_in_autumn_is_due_once() -> None:
    rhythm = Rhythm("America/New_York", 1)
    first = following(rhythm, datetime(2026, 11, 1, 2, tzinfo=UTC))

    assert first == datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert following(rhythm, first) == datetime(2026, 11, 2, 6, tzinfo=UTC)


@given(rhythms, instants, st.integers(0, 20), st.integers(1, 5))
def test_what_has_passed_is_taken_up_in_order_and_in_bounded_pieces(
    rhythm: Rhythm, start: datetime, days: int, most: int
) -> None:
    due = following(rhythm, start)
    now = due + timedelta(days=days)

    taken: list[datetime] = []
    while due <= now:
        times, due = passed(rhythm, due, now, most=most)
        assert 1 <= len(times) <= most
        taken += times

    expected, after = passed(rhythm, following(rhythm, start), now, most=1000)
    assert taken == expected
    assert due == after > now
