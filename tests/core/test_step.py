"""A step is done once, also when the answer to its write is lost on the way."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import house
from chalicelib.core import errors, guards, step, table
from chalicelib.core.access import SYSTEM
from chalicelib.core.step import Step, change, create
from chalicelib.customers.accounts.models import Account
from tests.client import NORTH, REP

ONE = "account_" + "0" * 25 + "1"


class Forgetful:
    """A client whose first write of a kind is done and not answered; then comes `again`, or the same."""

    def __init__(self, operation: str, *, again: Callable[[], Any] | None) -> None:
        self.operation = operation
        self.again = again

    def __getattr__(self, name: str) -> Any:
        sent = getattr(table.client(), name)
        if name != self.operation:
            return sent

        def lost(**request: Any) -> Any:
            sent(**request)
            self.operation = ""
            return self.again() if self.again else sent(**request)

        return lost


def _throttled() -> Any:
    raise ClientError({"Error": {"Code": "InternalServerError"}}, "PutItem")


def _account(name: str = "Acme") -> Account:
    return Account(name=name, owner_id=REP.id, team_id=NORTH)


@pytest.mark.parametrize("again", [None, _throttled], ids=["the SDK tries again", "we try again"])
def test_a_record_whose_answer_was_lost_is_created_once(
    tables: None, monkeypatch: pytest.MonkeyPatch, again: Any
) -> None:
    forgetful = Forgetful("put_item", again=again)
    monkeypatch.setattr(step, "client", lambda: forgetful)
    account = _account()

    create(account, by=SYSTEM.id)

    assert Account.fetch(account.id).version == account.version == 1


@pytest.mark.parametrize("again", [None, _throttled], ids=["the SDK tries again", "we try again"])
def test_a_change_whose_answer_was_lost_is_made_once(
    tables: None, monkeypatch: pytest.MonkeyPatch, again: Any
) -> None:
    account = _account()
    create(account, by=SYSTEM.id)
    forgetful = Forgetful("update_item", again=again)
    monkeypatch.setattr(step, "client", lambda: forgetful)

    change(account, by=SYSTEM.id, name="Acme Ltd")

    stands = Account.fetch(account.id)
    assert (stands.name, stands.version, account.version) == ("Acme Ltd", 2, 2)


def test_somebody_elses_write_is_never_taken_for_ones_own(tables: None) -> None:
    account = _account()
    create(account, by=SYSTEM.id)
    theirs = Account.fetch(account.id)
    change(theirs, by=SYSTEM.id, name="Theirs")

    with pytest.raises(errors.Stale):
        change(account, by=SYSTEM.id, name="Mine")
    with pytest.raises(errors.AlreadyExists):
        create(Account(account.id, name="Mine", owner_id=REP.id), by=SYSTEM.id)

    assert Account.fetch(account.id).name == "Theirs"


def test_all_of_a_step_happens_or_nothing(tables: None) -> None:
    taken, free = _account("Taken"), _account("Free")
    first, second = Step(by=SYSTEM.id), Step(by=SYSTEM.id)
    first.create(taken)
    first.claim("test|name", taken.id)
    first.commit()
    second.create(free)
    second.claim("test|name", free.id)

    with pytest.raises(errors.AlreadyExists) as refused:
        second.commit()

    assert refused.value.holder == taken.id
    assert Account.find(free.id) is None
    assert guards.holders(["test|name"]) == {"test|name": taken.id}


def _added(number: int, *, least: int | None = None) -> None:
    adding = Step(by=SYSTEM.id)
    where = None if least is None else Account.employees >= least
    adding.add(Account(ONE), {"employees": number}, where=where, name="Acme", owner_id=REP.id)
    adding.commit()


def test_many_add_to_a_record_that_none_of_them_has_read(tables: None) -> None:
    _added(2)
    begun = Account.fetch(ONE)
    _added(3)

    stands = Account.fetch(ONE)
    assert (begun.version, begun.employees, begun.updated_by) == (1, 2, SYSTEM.id)
    assert (stands.version, stands.employees, stands.created_at) == (2, 5, begun.created_at)


def test_nothing_is_added_where_the_condition_does_not_hold(tables: None) -> None:
    with pytest.raises(errors.Stale):
        _added(-1, least=1)
    _added(1)
    _added(-1, least=1)
    with pytest.raises(errors.Stale):
        _added(-1, least=1)

    assert (Account.fetch(ONE).employees, Account.fetch(ONE).version) == (0, 2)


def test_many_add_to_a_number_inside_a_document(tables: None) -> None:
    made = Account(ONE, name="Acme", owner_id=REP.id, shared_with={"CNY": 1})
    create(made, by=SYSTEM.id)
    for name in ("CNY", "EUR"):
        adding = Step(by=SYSTEM.id)
        adding.add(Account(ONE), {f"shared_with.{name}": 10**17 + 1})
        adding.commit()

    assert Account.fetch(ONE).shared_with == {"CNY": 10**17 + 2, "EUR": 10**17 + 1}


@pytest.mark.parametrize("again", [None, _throttled], ids=["the SDK tries again", "we try again"])
def test_what_is_added_is_added_once_when_the_answer_is_lost(
    emulated: str, monkeypatch: pytest.MonkeyPatch, again: Any
) -> None:
    forgetful = Forgetful("transact_write_items", again=again)
    monkeypatch.setattr(step, "client", lambda: forgetful)

    _added(2)

    assert (forgetful.operation, Account.fetch(ONE).employees) == ("", 2)


def test_one_client_serves_every_kind_of_item(tables: None) -> None:
    clients = {id(model._get_connection().connection.client) for model in house.records()}

    assert clients == {id(table.client())}
