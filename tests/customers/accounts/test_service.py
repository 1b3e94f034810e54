"""Who reaches an account's people, and how a customer's record is worked with."""

import pytest

from chalicelib.core import errors
from chalicelib.customers.accounts import service as accounts
from tests.client import COLLEAGUE, MANAGER, REP, STRANGER
from tests.customers import builders

pytestmark = pytest.mark.usefixtures("company")


def test_whoever_reaches_an_account_reaches_its_people() -> None:
    account = builders.account()
    contact = builders.contact(account, owner_id=STRANGER.id, by=MANAGER)

    assert accounts.contact(contact.id, who=REP, to_write=True).id == contact.id
    assert accounts.contact(contact.id, who=MANAGER).id == contact.id
    assert accounts.contact(contact.id, who=STRANGER, to_write=True).id == contact.id
    with pytest.raises(errors.NotFound):
        accounts.contact(contact.id, who=COLLEAGUE)


def test_who_may_only_read_an_account_only_reads_its_people() -> None:
    account = builders.account()
    contact = builders.contact(account)
    accounts.share_account(account.id, with_id=STRANGER.id, right="read", version=None, by=REP)

    assert accounts.contact(contact.id, who=STRANGER).id == contact.id
    with pytest.raises(errors.Forbidden):
        accounts.contact(contact.id, who=STRANGER, to_write=True)


def test_a_contact_shared_alone_does_not_show_its_account() -> None:
    account = builders.account()
    contact = builders.contact(account)
    accounts.share_contact(contact.id, with_id=STRANGER.id, right="read", version=None, by=REP)

    assert accounts.contact(contact.id, who=STRANGER).id == contact.id
    with pytest.raises(errors.Forbidden):
        accounts.change_contact(contact.id, version=None, by=STRANGER, title="CEO")
    with pytest.raises(errors.NotFound):
        accounts.account(account.id, who=STRANGER)


def test_a_voided_account_takes_nobody_in() -> None:
    account = builders.account()
    accounts.void_account(account.id, version=account.version, by=REP)

    with pytest.raises(errors.Conflict, match="voided"):
        builders.contact(account)


def test_an_account_is_worked_with_at_the_version_that_was_seen() -> None:
    account = builders.account()
    seen = account.version
    accounts.change_account(account.id, version=seen, by=REP, city="Wuhan")

    with pytest.raises(errors.Stale):
        accounts.change_account(account.id, version=seen, by=REP, city="Xi'an")
    with pytest.raises(errors.Stale):
        accounts.void_account(account.id, version=seen, by=REP)
    with pytest.raises(errors.Stale):
        accounts.reassign_account(account.id, owner_id=COLLEAGUE.id, version=seen, by=REP)
