"""What accounts and contacts do when something changed elsewhere."""

from datetime import date

from chalicelib.core import access, ownership
from chalicelib.core.changelog import Change
from chalicelib.customers.accounts import household, service
from chalicelib.customers.accounts.models import Account, Contact


def become_customer(deal: Change) -> None:
    """A deal won makes its account a customer."""
    image = deal.after or {}
    if deal.became("status", "WON") and image.get("account_id"):
        service.record_win(image["account_id"], date.fromisoformat(image["closed_on"]), access.SYSTEM.id)


def move_with_owner(user: Change) -> None:
    """Accounts and contacts follow their owner to another team."""
    ownership.follow_owner(user, Account, Contact)


def contacts_follow(account: Change) -> None:
    """Contacts share their account's fate: its new owner, its voiding, its return."""
    if account.before and "owner_id" in account.fields:
        household.hand_over(account.id, was=account.before["owner_id"])
    if account.before and "voided_from" in account.fields:
        household.void_or_restore(account.id)


REACTIONS = {
    "opportunity": (become_customer,),
    "user": (move_with_owner,),
    "account": (ownership.stay_with_owner, contacts_follow),
    "contact": (ownership.stay_with_owner,),
}
