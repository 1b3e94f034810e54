"""What one does with accounts, and (from `contacts`) with the people in them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.core import access, errors, guards, ownership
from chalicelib.core.access import Principal
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, expect
from chalicelib.customers.accounts import claims
from chalicelib.customers.accounts.claims import identity_keys
from chalicelib.customers.accounts.contacts import (
    add_contact,
    change_contact,
    contact,
    contacts,
    contacts_of,
    put_contact,
    reassign_contact,
    restore_contact,
    share_contact,
    void_contact,
)
from chalicelib.customers.accounts.models import Account
from chalicelib.organisation.people import service as people

__all__ = [
    "account",
    "accounts",
    "add_account",
    "add_contact",
    "change_account",
    "change_contact",
    "contact",
    "contacts",
    "contacts_of",
    "find_by_name",
    "grade_account",
    "identity_keys",
    "put_account",
    "put_contact",
    "reassign_account",
    "reassign_contact",
    "record_win",
    "restore_account",
    "restore_contact",
    "share_account",
    "share_contact",
    "void_account",
    "void_contact",
]


def put_account(
    step: Step,
    *,
    name: str,
    owner_id: str,
    team_id: str | None,
    allow_duplicate: bool = False,
    **details: Any,
) -> Account:
    """Add an account to a step, with the claim on its company name.

    The step's commit raises AlreadyExists (account_exists) when another account has that name,
    unless `allow_duplicate`.
    """
    account = Account(name=name, owner_id=owner_id, team_id=team_id, **details)
    claims.create(step, account, allow_duplicate=allow_duplicate)
    return account


def add_account(*, by: Principal, owner_id: str | None = None, **details: Any) -> Account:
    """Add an account for the caller, or for another owner if the caller may assign."""
    if owner_id not in (None, by.id):
        access.require(by, "accounts:approve")
    _check_parent(details, who=by)
    step = Step(by=by.id)
    account = put_account(step, **people.owner_fields(owner_id or by.id), **details)
    step.commit()
    return account


def _check_parent(values: Mapping[str, Any], *, who: Principal, child_id: str = "") -> None:
    parent_id = values.get("parent_id")
    if not parent_id:
        return
    parent = Account.find(parent_id)
    if parent is None or parent.id == child_id or not access.reaches(who, parent):
        raise errors.Invalid.one("parent_id", "unknown_reference")


def find_by_name(name: str) -> Account | None:
    """Return the account that holds a company's name in its normal form, or None. For the house's own use."""
    keys = identity_keys(company=name)
    holder = guards.holders(keys.values()).get(keys.get("account_company", ""))
    return Account.find(holder) if holder else None


def account(account_id: str, *, who: Principal, to_write: bool = False) -> Account:
    """Return an account in the caller's reach."""
    return ownership.reached(Account, account_id, who=who, to_write=to_write)


def accounts(*, who: Principal, **which: Any) -> Page[Account]:
    """Return a page of an owner's, a team's or a month's accounts (`ownership.owned_page`)."""
    return ownership.owned_page(Account, who=who, **which)


def change_account(
    account_id: str, *, version: int | None, by: Principal, allow_duplicate: bool = False, **changes: Any
) -> Account:
    """Change an account; a new name is claimed, the old one is given back."""
    found = account(account_id, who=by, to_write=True)
    expect(found, version)
    _check_parent(changes, who=by, child_id=account_id)
    step = Step(by=by.id)
    claims.change(step, found, changes, allow_duplicate=allow_duplicate)
    step.commit()
    return found


def grade_account(account_id: str, *, grade: str | None, version: int | None, by: Principal) -> Account:
    """Put an account into a grade, by which price books and promotions go; None for no grade."""
    found = account(account_id, who=by, to_write=True)
    ownership.require_standing(found)
    expect(found, version)
    change(found, by=by.id, grade=grade)
    return found


def void_account(account_id: str, *, version: int | None, by: Principal) -> Account:
    """Take an account out of lists and figures; its contacts follow, its name becomes free."""
    found = account(account_id, who=by, to_write=True)
    expect(found, version)
    step = Step(by=by.id)
    claims.void(step, found)
    step.commit()
    return found


def restore_account(account_id: str, *, version: int | None, by: Principal) -> Account:
    """Bring a voided account back with its contacts. AlreadyExists when its name is taken by now."""
    found = account(account_id, who=by, to_write=True)
    expect(found, version)
    step = Step(by=by.id)
    claims.restore(step, found)
    step.commit()
    return found


def reassign_account(account_id: str, *, owner_id: str, version: int | None, by: Principal) -> Account:
    """Give an account to another owner; the old owner's contacts in it follow."""
    found = account(account_id, who=by, to_write=True)
    ownership.reassign(found, to=people.owner_fields(owner_id), by=by, version=version)
    return found


def share_account(account_id: str, *, version: int | None, by: Principal, **sharing: Any) -> Account:
    """Share an account with a user or team, or end that."""
    found = account(account_id, who=by, to_write=True)
    ownership.share(found, by=by, version=version, **sharing)
    return found


def record_win(account_id: str, on: date, by: str) -> None:
    """Make an account a customer since its earliest win. Safe to repeat, in any order."""
    found = Account.fetch(account_id)
    since: date | None = found.customer_since
    if since and since <= on:
        return
    standing = "voided_from" if found.status == ownership.VOIDED else "status"
    change(found, by=by, customer_since=on, **{standing: "CUSTOMER"})
