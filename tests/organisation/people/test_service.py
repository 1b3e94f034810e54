"""What other domains ask about people."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.core import errors
from chalicelib.core.access import Principal, Role
from chalicelib.organisation.people import directory
from chalicelib.organisation.people import service as people
from chalicelib.organisation.people.models import User
from tests.client import ADMIN, COLLEAGUE, FINANCE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, STRANGER
from tests.organisation.people.builders import SOUTH_MANAGER, hire, hire_everybody
from tests.streams import Stream

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
WEEK = {day: [{"opens": "09:00", "closes": "18:00"}] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture(autouse=True)
def company(tables: None) -> None:
    hire_everybody()


def test_a_record_gets_its_owner_with_the_owners_team() -> None:
    assert people.owner_fields(REP.id) == {"owner_id": REP.id, "team_id": NORTH}
    assert people.owner_fields(FINANCE.id) == {"owner_id": FINANCE.id, "team_id": None}


@pytest.mark.parametrize("owner_id", ["user_00000000000000000000000NBD", NORTH, "nobody"])
def test_nobody_unknown_can_own(owner_id: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        people.owner_fields(owner_id, field="to_id")

    assert [(each.field, each.code) for each in refused.value.errors] == [("to_id", "unknown_reference")]


def test_who_left_can_own_nothing_new() -> None:
    people.let_go(REP.id, version=1, by=ADMIN)

    with pytest.raises(errors.Invalid):
        people.owner_fields(REP.id)
    assert people.user(REP.id).status == "INACTIVE"


def test_work_goes_to_reps_and_managers_who_are_there() -> None:
    people.let_go(STRANGER.id, version=1, by=ADMIN)
    people.set_absence(
        COLLEAGUE.id, away_from=date(2026, 11, 20), away_until=date(2026, 11, 23), stand_in_id=REP.id,
        version=1, by=COLLEAGUE,
    )  # fmt: skip

    there = {user.id for user in people.assignable(at=NOON)}
    day_after = {user.id for user in people.assignable(at=NOON + timedelta(days=1))}

    assert there == {REP.id, MANAGER.id, SOUTH_MANAGER.id}
    assert day_after == there | {COLLEAGUE.id}


def test_away_counts_in_the_persons_own_zone() -> None:
    ann = hire(Principal("user_00000000000000000000000ANN", Role.REP, "Ann"), zone="America/New_York")
    people.set_absence(
        ann.id, away_from=date(2026, 11, 23), away_until=None, stand_in_id=None, version=1, by=ADMIN
    )

    last_evening, morning = datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)

    assert ann.id in {user.id for user in people.assignable(at=last_evening)}
    assert ann.id not in {user.id for user in people.assignable(at=morning)}


def test_the_directory_is_read_once_for_many_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    people.assignable(at=NOON)
    monkeypatch.setattr(directory, "all_of", lambda *_, **__: pytest.fail("read again"))

    assert len(people.assignable(at=NOON)) == 5


def test_what_another_process_wrote_is_seen_half_a_minute_later(monkeypatch: pytest.MonkeyPatch) -> None:
    people.assignable(at=NOON)
    monkeypatch.setattr(directory, "forget", lambda: None)
    people.let_go(REP.id, version=1, by=ADMIN)
    assert len(people.assignable(at=NOON)) == 5

    later = directory.users.until
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert len(people.assignable(at=NOON)) == 4


def test_a_manager_is_found_upwards_past_those_who_left() -> None:
    sales = people.add_team(name="Sales", type="DEPARTMENT", manager_id=OPERATIONS.id, by=ADMIN)
    people.change_team(SOUTH, version=1, by=ADMIN, parent_id=sales.id)
    assert people.manager_of(STRANGER.id) == SOUTH_MANAGER.id

    people.let_go(SOUTH_MANAGER.id, version=1, by=ADMIN)

    assert people.manager_of(STRANGER.id) == OPERATIONS.id
    assert people.manager_of(FINANCE.id) is None
    assert people.manager_of("user_00000000000000000000000NBD") is None


def test_people_are_found_by_name_or_address() -> None:
    assert [found.id for text in ("rob", " Rob@example.com ") if (found := _found(text))] == [
        COLLEAGUE.id
    ] * 2
    assert _found("Nobody") is None
    assert _found("nobody@example.com") is None


def test_a_name_that_two_people_have_finds_neither() -> None:
    people.add_user(name="Rob", email="rob2@example.com", role="REP", by=ADMIN)

    assert _found("Rob") is None


def test_who_left_is_found_by_neither() -> None:
    people.let_go(COLLEAGUE.id, version=1, by=ADMIN)

    assert _found("Rob") is None
    assert _found("rob@example.com") is None


def _found(text: str) -> User | None:
    return people.find_by_name_or_email(text)


def test_a_deadline_counts_the_open_hours_of_its_calendar() -> None:
    office = people.add_calendar(
        name="Shanghai", zone="Asia/Shanghai", week=WEEK, holidays=[date(2026, 11, 24)], by=ADMIN
    )

    due = people.business_deadline(NOON, hours=8, calendar_id=office.id)

    assert due == datetime(2026, 11, 25, 3, tzinfo=UTC)  # 6 hours on Monday, 2 on Wednesday


def test_without_a_calendar_a_deadline_counts_elapsed_hours() -> None:
    office = people.add_calendar(name="Shanghai", zone="Asia/Shanghai", week=WEEK, by=ADMIN)
    people.void_calendar(office.id, version=1, by=ADMIN)

    for calendar_id in (None, office.id):
        due = people.business_deadline(NOON, hours=24, calendar_id=calendar_id)
        assert due == NOON + timedelta(hours=24)
    with pytest.raises(errors.NotFound):
        people.business_deadline(NOON, hours=24, calendar_id="calendar_00000000000000000000000NNE")


def test_who_comes_back_to_a_team_that_is_gone_has_none() -> None:
    people.let_go(STRANGER.id, version=1, by=ADMIN)
    people.let_go(SOUTH_MANAGER.id, version=1, by=ADMIN)
    people.void_team(SOUTH, version=1, by=ADMIN)

    assert people.take_back(STRANGER.id, version=2, by=ADMIN).team_id is None


def test_a_change_of_team_is_announced(stream: Stream) -> None:
    stream.drain()
    people.change_user(REP.id, version=1, by=ADMIN, team_id=SOUTH)

    assert stream.drain() == 1
    image = stream.delivered[-1]["dynamodb"]
    assert (image["OldImage"]["team_id"]["S"], image["NewImage"]["team_id"]["S"]) == (NORTH, SOUTH)
