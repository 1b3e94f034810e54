"""What owned records share: lists by reach, handing over, sharing, voiding. Shown with accounts."""

from datetime import UTC, datetime

import pytest

from chalicelib.core import clock, errors, ownership
from chalicelib.core.access import Principal
from chalicelib.core.ids import derived
from chalicelib.core.step import Step, change
from chalicelib.customers.accounts.models import Account, Contact
from tests.client import COLLEAGUE, MANAGER, NORTH, OPERATIONS, REP, SOUTH, STRANGER
from tests.organisation.people.builders import hire_everybody
from tests.streams import Stream

TEAM = {REP.id: NORTH, COLLEAGUE.id: NORTH, STRANGER.id: SOUTH}


def _owned_by(who: Principal, name: str = "Acme") -> Account:
    account = Account(name=name, owner_id=who.id, team_id=TEAM[who.id])
    step = Step(by=who.id)
    step.create(account)
    step.commit()
    return account


def _listed(who: Principal, **which: object) -> list[str]:
    found = ownership.owned_page(Account, who=who, limit=50, **which)  # type: ignore[arg-type]
    return [account.id for account in found.items]


def test_everybody_lists_what_is_theirs(tables: None) -> None:
    mine, colleagues, foreign = _owned_by(REP), _owned_by(COLLEAGUE), _owned_by(STRANGER)

    assert _listed(REP) == [mine.id]
    assert _listed(MANAGER) == [colleagues.id, mine.id]
    assert _listed(OPERATIONS) == [foreign.id, colleagues.id, mine.id]
    assert _listed(MANAGER, owner_id=REP.id) == [mine.id]
    assert _listed(OPERATIONS, team_id=SOUTH) == [foreign.id]


def test_a_list_out_of_reach_looks_like_none(tables: None) -> None:
    _owned_by(STRANGER)

    for which in ({"owner_id": STRANGER.id}, {"team_id": NORTH}, {"month": "2026-11"}):
        with pytest.raises(errors.NotFound):
            _listed(REP, **which)
    with pytest.raises(errors.NotFound):
        _listed(MANAGER, team_id=SOUTH)
    assert _listed(MANAGER, owner_id=STRANGER.id) == []


def test_two_lists_at_once_are_refused_by_name(tables: None) -> None:
    with pytest.raises(errors.Invalid) as refused:
        _listed(OPERATIONS, owner_id=REP.id, month="2026-11")

    assert [error.field for error in refused.value.errors] == ["owner_id", "month"]


def test_a_month_lists_what_was_created_in_it_where_the_company_is(tables: None) -> None:
    with clock.at(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)):
        october = _owned_by(REP)
    with clock.at(datetime(2026, 10, 31, 16, 0, tzinfo=UTC)):
        november = _owned_by(REP)

    assert _listed(OPERATIONS, month="2026-10") == [october.id]
    assert _listed(OPERATIONS, month="2026-11") == [november.id]


def test_kinds_that_share_a_table_do_not_share_a_list(tables: None) -> None:
    account = _owned_by(REP)
    step = Step(by=REP.id)
    person = Contact(name="Li", account_id=account.id, owner_id=REP.id, team_id=NORTH)
    step.create(person)
    step.commit()

    assert _listed(REP) == [account.id]
    assert [each.id for each in ownership.owned_page(Contact, who=REP, limit=9).items] == [person.id]


def test_a_voided_record_leaves_the_list_and_comes_back_as_it_was(tables: None) -> None:
    account = _owned_by(REP)
    change(account, by=REP.id, status="CUSTOMER")

    step = Step(by=REP.id)
    ownership.void(step, account)
    step.commit()
    assert (_listed(REP), _listed(REP, voided=True)) == ([], [account.id])
    with pytest.raises(errors.Conflict):
        ownership.void(Step(by=REP.id), account)

    step = Step(by=REP.id)
    ownership.restore(step, account)
    step.commit()
    assert (_listed(REP), _listed(REP, voided=True)) == ([account.id], [])
    assert Account.fetch(account.id).status == "CUSTOMER"
    with pytest.raises(errors.Conflict):
        ownership.restore(Step(by=REP.id), account)


def test_an_owner_hands_over_and_a_colleague_with_a_share_cannot(tables: None) -> None:
    account = _owned_by(REP)
    change(account, by=REP.id, shared_with={COLLEAGUE.id: "write"})
    to = {"owner_id": STRANGER.id, "team_id": SOUTH}

    with pytest.raises(errors.Forbidden):
        ownership.reassign(account, to=to, by=COLLEAGUE)
    with pytest.raises(errors.Stale):
        ownership.reassign(account, to=to, by=REP, version=1)
    ownership.reassign(account, to=to, by=REP)

    assert _listed(STRANGER) == [account.id]
    with pytest.raises(errors.NotFound):
        ownership.reached(Account, account.id, who=REP)


def test_a_share_reaches_exactly_as_far_as_it_says(tables: None) -> None:
    hire_everybody()
    account = _owned_by(REP)

    ownership.share(account, with_id=STRANGER.id, right="read", by=REP)
    ownership.reached(Account, account.id, who=STRANGER)
    with pytest.raises(errors.Forbidden):
        ownership.reached(Account, account.id, who=STRANGER, to_write=True)

    ownership.share(account, with_id=SOUTH, right="write", by=MANAGER)
    ownership.reached(Account, account.id, who=STRANGER, to_write=True)

    for holder in (STRANGER.id, SOUTH):
        ownership.share(account, with_id=holder, right=None, by=REP)
    with pytest.raises(errors.NotFound):
        ownership.reached(Account, account.id, who=STRANGER)


def test_nothing_is_shared_with_nobody(tables: None) -> None:
    account = _owned_by(REP)

    for nobody in (derived("user", REP.id, "unknown"), account.id):
        with pytest.raises(errors.Invalid):
            ownership.share(account, with_id=nobody, right="read", by=REP)


def test_records_follow_their_owner_to_another_team(tables: None, stream: Stream) -> None:
    hired = hire_everybody()
    account, voided, colleagues = _owned_by(REP), _owned_by(REP), _owned_by(COLLEAGUE)
    void = Step(by=REP.id)
    ownership.void(void, voided)
    void.commit()
    stream.drain()

    change(hired[REP.id], by=OPERATIONS.id, team_id=SOUTH)
    stream.drain()

    assert Account.fetch(account.id).team_id == SOUTH
    assert Account.fetch(voided.id).team_id == SOUTH
    assert Account.fetch(colleagues.id).version == 1
    assert stream.drain() == 0
