"""An account's contacts follow it: to a new owner, when it is voided, when it comes back.

Each looks at the account as it is now, so it may run late and again.
"""

from collections.abc import Iterator

from chalicelib.core import access, errors, ownership
from chalicelib.core.observe import log
from chalicelib.core.step import Step, change
from chalicelib.customers.accounts import claims
from chalicelib.customers.accounts.models import Account, Contact


def hand_over(account_id: str, *, was: str) -> None:
    """Give the contacts that the account's former owner had to the one it has now."""
    account = Account.fetch(account_id)
    for contact in _contacts(account_id):
        if contact.owner_id == was != account.owner_id:
            change(contact, by=access.SYSTEM.id, owner_id=account.owner_id, team_id=account.team_id)


def void_or_restore(account_id: str) -> None:
    """Void the contacts of a voided account; restore those that were voided with it."""
    account = Account.fetch(account_id)
    gone = account.status == ownership.VOIDED
    for contact in _contacts(account_id, voided=not gone):
        step = Step(by=access.SYSTEM.id)
        if gone:
            claims.void(step, contact, voided_with=account_id)
            step.commit()
        elif contact.voided_with == account_id:
            claims.restore(step, contact, voided_with=None)
            _commit_if_free(step, contact)


def _commit_if_free(step: Step, contact: Contact) -> None:
    try:
        step.commit()
    except errors.AlreadyExists:
        # Somebody was added with the same e-mail or phone meanwhile: this one stays voided.
        log.info("contact not restored with its account", item=contact.id)


def _contacts(account_id: str, *, voided: bool = False) -> Iterator[Contact]:
    yield from Contact.by_account.query(account_id, ownership.standing(Contact, voided=voided))
