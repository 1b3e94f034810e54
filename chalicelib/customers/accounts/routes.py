"""Accounts and contacts over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, OwnedQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.customers.accounts import service
from chalicelib.customers.accounts.models import Account, Contact
from chalicelib.customers.accounts.schemas import (
    AccountChange,
    AccountView,
    ContactChange,
    ContactView,
    Grading,
    NewAccount,
    NewContact,
)

accounts = Room("accounts", prefix="/accounts")
contacts = Room("contacts", prefix="/contacts")
routes = (accounts, contacts)


@accounts.post("", needs="accounts:write", body=NewAccount, answers=AccountView, status=201)
def add_account(call: Call[NewAccount, NoQuery]) -> Answer:
    """Add an account."""
    account = service.add_account(**call.body.values(), by=call.who)
    return created(account)


@accounts.get("", needs="accounts:read", query=OwnedQuery, answers=AccountView, listed=True)
def list_accounts(call: Call[None, OwnedQuery]) -> Page[Account]:
    """List an owner's, a team's or a month's accounts, newest first."""
    return service.accounts(who=call.who, **call.query.which(), **call.page)


@accounts.get("/{account_id}", needs="accounts:read", answers=AccountView)
def read_account(call: Call[None, NoQuery], account_id: str) -> Account:
    """Read an account."""
    return service.account(account_id, who=call.who)


@accounts.patch("/{account_id}", needs="accounts:write", body=AccountChange, answers=AccountView)
def change_account(call: Call[AccountChange, NoQuery], account_id: str) -> Account:
    """Change an account."""
    return service.change_account(account_id, version=call.version, by=call.who, **call.body.values())


@accounts.post("/{account_id}/grade", needs="accounts:approve", body=Grading, answers=AccountView)
def grade_account(call: Call[Grading, NoQuery], account_id: str) -> Account:
    """Put an account into a grade, by which its prices go."""
    return service.grade_account(account_id, grade=call.body.grade, version=call.version, by=call.who)


@accounts.delete("/{account_id}", needs="accounts:write", answers=AccountView)
def void_account(call: Call[None, NoQuery], account_id: str) -> Account:
    """Void an account and the contacts in it; it can be restored."""
    return service.void_account(account_id, version=call.version, by=call.who)


@accounts.post("/{account_id}/restore", needs="accounts:write", answers=AccountView)
def restore_account(call: Call[None, NoQuery], account_id: str) -> Account:
    """Restore a voided account and the contacts voided with it."""
    return service.restore_account(account_id, version=call.version, by=call.who)


@accounts.post("/{account_id}/reassign", needs="accounts:write", body=NewOwner, answers=AccountView)
def reassign_account(call: Call[NewOwner, NoQuery], account_id: str) -> Account:
    """Give an account, and its owner's contacts in it, to another owner."""
    return service.reassign_account(account_id, version=call.version, by=call.who, **call.body.values())


@accounts.post("/{account_id}/share", needs="accounts:write", body=Sharing, answers=AccountView)
def share_account(call: Call[Sharing, NoQuery], account_id: str) -> Account:
    """Share an account with a user or a team, or end that."""
    return service.share_account(account_id, version=call.version, by=call.who, **call.body.values())


@accounts.get(
    "/{account_id}/contacts", needs="accounts:read", query=ListQuery, answers=ContactView, listed=True
)
def list_contacts_of_account(call: Call[None, ListQuery], account_id: str) -> Page[Contact]:
    """List the people in an account, newest first."""
    return service.contacts_of(account_id, who=call.who, **call.page)


@contacts.post("", needs="accounts:write", body=NewContact, answers=ContactView, status=201)
def add_contact(call: Call[NewContact, NoQuery]) -> Answer:
    """Add a contact to an account."""
    contact = service.add_contact(**call.body.values(), by=call.who)
    return created(contact)


@contacts.get("", needs="accounts:read", query=OwnedQuery, answers=ContactView, listed=True)
def list_contacts(call: Call[None, OwnedQuery]) -> Page[Contact]:
    """List an owner's, a team's or a month's contacts, newest first."""
    return service.contacts(who=call.who, **call.query.which(), **call.page)


@contacts.get("/{contact_id}", needs="accounts:read", answers=ContactView)
def read_contact(call: Call[None, NoQuery], contact_id: str) -> Contact:
    """Read a contact."""
    return service.contact(contact_id, who=call.who)


@contacts.patch("/{contact_id}", needs="accounts:write", body=ContactChange, answers=ContactView)
def change_contact(call: Call[ContactChange, NoQuery], contact_id: str) -> Contact:
    """Change a contact."""
    return service.change_contact(contact_id, version=call.version, by=call.who, **call.body.values())


@contacts.delete("/{contact_id}", needs="accounts:write", answers=ContactView)
def void_contact(call: Call[None, NoQuery], contact_id: str) -> Contact:
    """Void a contact; it can be restored."""
    return service.void_contact(contact_id, version=call.version, by=call.who)


@contacts.post("/{contact_id}/restore", needs="accounts:write", answers=ContactView)
def restore_contact(call: Call[None, NoQuery], contact_id: str) -> Contact:
    """Restore a voided contact."""
    return service.restore_contact(contact_id, version=call.version, by=call.who)


@contacts.post("/{contact_id}/reassign", needs="accounts:write", body=NewOwner, answers=ContactView)
def reassign_contact(call: Call[NewOwner, NoQuery], contact_id: str) -> Contact:
    """Give a contact to another owner."""
    return service.reassign_contact(contact_id, version=call.version, by=call.who, **call.body.values())


@contacts.post("/{contact_id}/share", needs="accounts:write", body=Sharing, answers=ContactView)
def share_contact(call: Call[Sharing, NoQuery], contact_id: str) -> Contact:
    """Share a contact with a user or a team, or end that."""
    return service.share_contact(contact_id, version=call.version, by=call.who, **call.body.values())
