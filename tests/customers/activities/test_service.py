"""Interactions are history; a next action becomes a task; a task is done, put off or given up."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.core import access, clock, errors
from chalicelib.core.access import Principal, Role
from chalicelib.customers.accounts import service as accounts
from chalicelib.customers.activities import service as activities
from chalicelib.customers.activities.models import CLOSED, OPEN, Task
from chalicelib.customers.activities.tasks import LIFECYCLE
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, STRANGER
from tests.customers import builders
from tests.sales.opportunities.builders import a_deal
from tests.streams import sweep

pytestmark = pytest.mark.usefixtures("company")
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PROGRAM = Principal("api_key_01M80TBJ718A84WBP65VNB7VV5", Role.INTEGRATION, scopes=frozenset({"*:write"}))


def _titles(**asked: object) -> list[str]:
    found = activities.tasks(**{"who": REP, "limit": 50, **asked})  # type: ignore[arg-type]
    return [task.title for task in found.items]


def _subjects(**asked: object) -> list[str]:
    found = activities.activities(**{"who": REP, "limit": 50, **asked})  # type: ignore[arg-type]
    return [activity.subject for activity in found.items]


def test_a_call_belongs_to_whoever_made_it_and_to_the_account() -> None:
    account = builders.account()
    contact = builders.contact(account)

    call = builders.call(contact.id, minutes=12, direction="OUT")

    assert (call.owner_id, call.team_id, call.account_id) == (REP.id, NORTH, account.id)
    assert activities.activity(call.id, who=REP).minutes == 12


def test_what_a_program_logs_belongs_to_the_records_owner() -> None:
    account = builders.account()

    for logger in (PROGRAM, access.SYSTEM):
        assert builders.call(account.id, by=logger).owner_id == REP.id


@pytest.mark.parametrize(
    "about_id", ["account_01M80TBJ718A84WBP65VNB7VV5", "user_00000000000000000000000REP"]
)
def test_an_interaction_is_about_a_record_that_somebody_owns(about_id: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        builders.call(about_id, by=OPERATIONS)

    assert [(error.field, error.code) for error in refused.value.errors] == [
        ("about_id", "unknown_reference")
    ]


def test_nobody_logs_about_a_record_out_of_reach() -> None:
    with pytest.raises(errors.Invalid):
        builders.call(builders.account().id, by=STRANGER)


def test_what_is_yet_to_come_has_not_happened() -> None:
    account = builders.account()

    with clock.at(NOON), pytest.raises(errors.Invalid):
        builders.call(account.id, happened_at=NOON + timedelta(seconds=1))


def test_a_next_action_becomes_a_task_of_the_same_record_and_owner() -> None:
    account = builders.account()

    made = builders.call(account.id, next_action={"title": "Send the quote", "due_at": builders.TOMORROW})

    call = activities.activity(made.id, who=REP)
    assert call.next_action == "Send the quote"
    task = activities.task(str(call.task_id), who=REP)
    assert (task.title, task.owner_id, task.due_at) == ("Send the quote", REP.id, builders.TOMORROW)
    assert (task.about_id, task.account_id, task.activity_id) == (account.id, account.id, call.id)


def test_interactions_are_listed_by_when_they_happened_not_by_when_they_were_logged() -> None:
    account = builders.account()
    for day in (3, 1, 2):
        at = datetime(2026, 11, day, tzinfo=UTC)
        builders.call(account.id, subject=f"Day {day}", happened_at=at)

    assert _subjects(about_id=account.id) == ["Day 3", "Day 2", "Day 1"]
    assert _subjects() == ["Day 3", "Day 2", "Day 1"]


def test_an_account_tells_what_happened_with_its_people_too() -> None:
    account = builders.account()
    contact = builders.contact(account)
    builders.call(account.id, subject="Company", happened_at=NOON - timedelta(days=300))
    builders.call(contact.id, subject="Person", happened_at=NOON - timedelta(days=200))

    assert _subjects(about_id=account.id) == ["Person", "Company"]
    assert _subjects(about_id=contact.id) == ["Person"]
    with pytest.raises(errors.NotFound):
        _subjects(about_id=account.id, who=STRANGER)


def test_a_months_interactions_are_those_of_the_companys_calendar() -> None:
    account = builders.account()
    # In Shanghai, November begins at 16:00 UTC on 31 October.
    november = datetime(2025, 10, 31, 16, tzinfo=UTC)
    builders.call(account.id, subject="October", happened_at=november - timedelta(milliseconds=1))
    builders.call(account.id, subject="November", happened_at=november)
    builders.call(account.id, subject="December", happened_at=datetime(2025, 11, 30, 16, tzinfo=UTC))

    assert _subjects(owner_id=REP.id, month="2025-11") == ["November"]
    assert _subjects(who=MANAGER, owner_id=REP.id, month="2025-10") == ["October"]
    assert _subjects(who=OPERATIONS, month="2025-12") == ["December"]
    with pytest.raises(errors.NotFound):
        _subjects(who=COLLEAGUE, owner_id=REP.id, month="2025-11")


def test_an_interaction_logged_in_error_is_voided_by_its_owner_or_a_manager() -> None:
    account = builders.account()
    accounts.share_account(account.id, with_id=COLLEAGUE.id, right="write", version=None, by=REP)
    first, second = builders.call(account.id), builders.call(account.id)

    with pytest.raises(errors.Forbidden):
        activities.void_activity(first.id, version=None, by=COLLEAGUE)
    activities.void_activity(first.id, version=first.version, by=REP)
    activities.void_activity(second.id, version=None, by=MANAGER)

    assert _subjects(about_id=account.id) == []
    assert len(_subjects(about_id=account.id, voided=True)) == 2


def test_my_open_tasks_come_the_first_due_first() -> None:
    for hour in (3, 1, 2):
        builders.task(f"In {hour} h", due_at=NOON + timedelta(hours=hour))
    done = builders.task("Done", due_at=NOON)
    activities.complete_task(done.id, version=None, by=REP)

    with clock.at(NOON + timedelta(hours=2)):
        assert _titles() == ["In 1 h", "In 2 h", "In 3 h"]
        assert _titles(standing="OVERDUE") == ["In 1 h"]
        assert _titles(standing="ALL") == ["In 3 h", "In 2 h", "In 1 h", "Done"]


def test_a_manager_sees_the_teams_tasks_and_a_stranger_none() -> None:
    builders.task("Call")

    assert _titles(who=MANAGER, owner_id=REP.id) == ["Call"]
    assert _titles(who=MANAGER, standing="ALL", team_id=NORTH) == ["Call"]
    with pytest.raises(errors.NotFound):
        _titles(who=STRANGER, owner_id=REP.id)
    with pytest.raises(errors.Invalid):
        _titles(who=MANAGER, team_id=NORTH)


def test_whoever_gives_a_task_can_follow_it() -> None:
    account = builders.account()

    task = builders.task(owner_id=STRANGER.id, about_id=account.id)

    assert activities.task(task.id, who=REP).account_id == account.id
    assert _titles(who=STRANGER) == ["Send the quote"]
    activities.start_task(task.id, version=None, by=STRANGER)
    assert _titles(about_id=account.id) == ["Send the quote"]
    with pytest.raises(errors.NotFound):
        activities.task(task.id, who=COLLEAGUE)


def test_what_is_listed_of_an_account_can_be_read_by_whoever_reaches_the_account() -> None:
    account = builders.account()
    accounts.share_account(account.id, with_id=STRANGER.id, right="read", version=None, by=REP)
    deal = a_deal(by=STRANGER, account_id=account.id)
    call = builders.call(deal.id, by=STRANGER)
    task = builders.task("Visit", by=STRANGER, about_id=deal.id)

    assert (_subjects(about_id=account.id), _titles(about_id=account.id)) == ([call.subject], ["Visit"])
    assert activities.activity(call.id, who=REP).subject == call.subject
    assert activities.task(task.id, who=REP).title == "Visit"
    with pytest.raises(errors.Forbidden):
        activities.start_task(task.id, version=None, by=REP)
    with pytest.raises(errors.NotFound):
        activities.task(task.id, who=COLLEAGUE)


def test_a_task_is_started_put_off_and_finished_with_its_result() -> None:
    task = builders.task()

    activities.start_task(task.id, version=1, by=REP)
    later = builders.TOMORROW + timedelta(days=7)
    activities.defer_task(task.id, due_at=later, version=2, by=REP)
    found = activities.complete_task(task.id, result="Quote sent", version=3, by=REP)

    assert (found.status, found.result, found.due_at) == ("COMPLETED", "Quote sent", later)
    assert found.started_at <= found.closed_at
    assert not found.open_for
    assert not found.due_minute


@pytest.mark.parametrize("verb", sorted(LIFECYCLE.moves))
@pytest.mark.parametrize("status", CLOSED)
def test_what_is_over_stays_over(status: str, verb: str) -> None:
    with pytest.raises(errors.OutOfTurn):
        LIFECYCLE.require(verb, status, by=REP)


@pytest.mark.parametrize("status", OPEN)
def test_what_is_open_can_be_finished_or_given_up(status: str) -> None:
    assert {"complete", "cancel", "change", "reassign"} <= set(LIFECYCLE.possible(status, by=REP))


def test_a_task_handed_over_leaves_one_list_and_enters_the_other() -> None:
    task = builders.task()

    activities.reassign_task(task.id, owner_id=COLLEAGUE.id, version=1, by=REP)

    assert (_titles(), _titles(who=COLLEAGUE)) == ([], ["Send the quote"])


def test_a_due_task_is_flagged_once_in_its_minute() -> None:
    with clock.at(NOON):
        task = builders.task(due_at=NOON + timedelta(hours=2), remind_at=NOON + timedelta(hours=1))

    assert sweep(NOON + timedelta(minutes=59)) == 0
    assert sweep(NOON + timedelta(minutes=60)) == 1
    assert sweep(NOON + timedelta(minutes=60)) == 0
    assert Task.fetch(task.id).reminded_at == NOON + timedelta(hours=1)


def test_a_reminder_moves_with_its_task_and_ends_with_it() -> None:
    with clock.at(NOON):
        moved = builders.task(due_at=NOON + timedelta(minutes=1))
        closed = builders.task(due_at=NOON + timedelta(minutes=1))
        activities.change_task(moved.id, version=None, by=REP, due_at=NOON + timedelta(minutes=3))
        activities.cancel_task(closed.id, version=None, by=REP)

    assert [sweep(NOON + timedelta(minutes=passed)) for passed in (2, 3)] == [0, 1]
    assert Task.fetch(closed.id).reminded_at is None


def test_a_reminder_keeps_its_distance_until_another_is_set() -> None:
    hour = timedelta(hours=1)
    task = builders.task(due_at=NOON, remind_at=NOON - hour)

    later = activities.change_task(task.id, version=None, by=REP, due_at=NOON + 5 * hour)
    assert later.remind_at == NOON + 4 * hour
    on_time = activities.change_task(task.id, version=None, by=REP, remind_at=None)
    assert on_time.remind_at == NOON + 5 * hour


def test_a_reminder_for_a_time_gone_by_comes_at_once() -> None:
    with clock.at(NOON):
        builders.task(due_at=NOON - timedelta(days=30))

    assert sweep(NOON + timedelta(seconds=59)) == 1
