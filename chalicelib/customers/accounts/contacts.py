"""What one does with contacts: the people in an account."""

from typing import Any

from chalicelib.core import access, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import Page, expect, page
from chalicelib.customers.accounts import claims
from chalicelib.customers.accounts.models import Account, Contact
from chalicelib.organisation.people import service as people


def put_contact(
    step: Step,
    *,
    account_id: str,
    name: str,
    owner_id: str,
    team_id: str | None,
    email: str | None = None,
    phone: str | None = None,
    allow_duplicate: bool = False,
    **details: Any,
) -> Contact:
    """Add a contact to a step, with the claims on e-mail and phone.

    The step's commit raises AlreadyExists (contact_email_taken, contact_phone_taken) when another
    contact has one of them; with `allow_duplicate` that one is left to its holder.
    """
    contact = Contact(
        account_id=account_id,
        name=name,
        email=email,
        phone=phone,
        owner_id=owner_id,
        team_id=team_id,
        **details,
    )
    claims.create(step, contact, allow_duplicate=allow_duplicate)
    return contact


def add_contact(*, account_id: str, by: Principal, owner_id: str | None = None, **details: Any) -> Contact:
    """Add a contact to an account that the caller may change; it goes to the account's owner.

    Forbidden to give it to a third person without the right to approve.
    """
    account = ownership.reached(Account, account_id, who=by, to_write=True)
    ownership.require_standing(account)
    if owner_id not in (None, by.id, account.owner_id):
        access.require(by, "accounts:approve")
    owner = people.owner_fields(owner_id) if owner_id else _owner_of(account)
    step = Step(by=by.id)
    contact = put_contact(step, account_id=account_id, **owner, **details)
    step.commit()
    return contact


def _owner_of(account: Account) -> dict[str, Any]:
    return {"owner_id": account.owner_id, "team_id": account.team_id}


def contact(contact_id: str, *, who: Principal, to_write: bool = False) -> Contact:
    """Return a contact whom the caller reaches, directly or by the account."""
    found = Contact.fetch(contact_id)
    if access.reaches(who, found, to_write=to_write):
        return found
    account = Account.fetch(found.account_id)
    if not access.reaches(who, account, to_write=to_write):
        # Refused; not as if it were not there when they may read it one way or the other.
        readable = found if access.reaches(who, found) else account
        access.require_reach(who, readable, to_write=to_write)
    return found


def contacts(*, who: Principal, **which: Any) -> Page[Contact]:
    """Return a page of an owner's, a team's or a month's contacts (`ownership.owned_page`)."""
    return ownership.owned_page(Contact, who=who, **which)


def contacts_of(account_id: str, *, who: Principal, **paging: Any) -> Page[Contact]:
    """Return a page of an account's contacts."""
    ownership.reached(Account, account_id, who=who)
    return page(Contact.by_account.query, account_id, between=ownership.standing(Contact), **paging)


def change_contact(
    contact_id: str, *, version: int | None, by: Principal, allow_duplicate: bool = False, **changes: Any
) -> Contact:
    """Change a contact; a new e-mail or phone is claimed, the old one is given back."""
    found = contact(contact_id, who=by, to_write=True)
    expect(found, version)
    step = Step(by=by.id)
    claims.change(step, found, changes, allow_duplicate=allow_duplicate)
    step.commit()
    return found


def void_contact(contact_id: str, *, version: int | None, by: Principal) -> Contact:
    """Take a contact out of the lists; e-mail and phone become free."""
    found = contact(contact_id, who=by, to_write=True)
    expect(found, version)
    step = Step(by=by.id)
    claims.void(step, found)
    step.commit()
    return found


def restore_contact(contact_id: str, *, version: int | None, by: Principal) -> Contact:
    """Bring a voided contact back. AlreadyExists when somebody else has the e-mail or phone by now."""
    found = contact(contact_id, who=by, to_write=True)
    expect(found, version)
    step = Step(by=by.id)
    claims.restore(step, found, voided_with=None)
    step.commit()
    return found


def reassign_contact(contact_id: str, *, owner_id: str, version: int | None, by: Principal) -> Contact:
    """Give a contact to another owner."""
    found = contact(contact_id, who=by, to_write=True)
    ownership.reassign(found, to=people.owner_fields(owner_id), by=by, version=version)
    return found


def share_contact(contact_id: str, *, version: int | None, by: Principal, **sharing: Any) -> Contact:
    """Share a contact with a user or team, or end that."""
    found = contact(contact_id, who=by, to_write=True)
    ownership.share(found, by=by, version=version, **sharing)
    return found
