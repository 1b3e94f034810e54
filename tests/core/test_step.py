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


def test_one_client_serves_every_kind_of_item(tables: None) -> None:
    clients = {id(model._get_connection().connection.client) for model in house.records()}

    assert clients == {id(table.client())}
