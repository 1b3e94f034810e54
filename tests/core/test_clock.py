"""Time: instants in UTC to the millisecond, days where the company is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import clock

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Pacific/Kiritimati", "Asia/Kathmandu", "UTC")
zones = st.sampled_from(ZONES)
instants = st.datetimes(
    datetime(1991, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2100, 1, 1),  # noqa: DTZ001 - the zone is drawn
    timezones=st.sampled_from([ZoneInfo(zone) for zone in ZONES]),
)


@given(instants)
def test_now_keeps_what_a_stored_instant_keeps(instant: datetime) -> None:
    with clock.at(instant):
        now = clock.now()

        assert clock.parse(clock.iso(now)) == now
        assert timedelta(0) <= instant.astimezone(UTC) - now.astimezone(UTC) < timedelta(milliseconds=1)


@given(instants, instants)
def test_stored_instants_sort_as_they_happened(one: datetime, other: datetime) -> None:
    first, second = clock.iso(one), clock.iso(other)

    if clock.parse(first) != clock.parse(second):
        assert (first < second) == (one.astimezone(UTC) < other.astimezone(UTC))


def test_an_instant_is_written_in_utc_to_the_millisecond() -> None:
    instant = datetime(2026, 11, 22, 12, 20, 45, 123999, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert clock.iso(instant) == "2026-11-22T04:20:45.123Z"


@given(st.dates(date(1991, 1, 1), date(2100, 1, 1)), zones)
def test_a_day_begins_on_that_day(day: date, zone: str) -> None:
    start = clock.start_of(day, zone)

    assert clock.business_date(start, zone) == day
    assert clock.business_date(start - timedelta(milliseconds=1), zone) == day - timedelta(days=1)


@pytest.mark.parametrize(("zone", "day"), [(None, 22), ("America/New_York", 21), ("UTC", 21)])
def test_today_is_where_the_company_is_unless_a_zone_is_named(zone: str | None, day: int) -> None:
    with clock.at(datetime(2026, 11, 21, 17, tzinfo=UTC)):
        assert clock.today(zone) == date(2026, 11, day)


def test_a_month_is_the_bucket_of_its_days() -> None:
    assert {clock.month(date(2026, 2, day)) for day in range(1, 29)} == {"2026-02"}


def test_time_goes_on_after_standing_still() -> None:
    with clock.at(datetime(2000, 1, 1, tzinfo=UTC)):
        with clock.at(datetime(2001, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2001
        assert clock.now().year == 2000

    assert clock.now().year >= 2026
