"""What one does with contracts: here reading, listing and whose they are; the rest beside."""

from typing import Any

from chalicelib.core import ownership
from chalicelib.core.access import Principal
from chalicelib.core.table import Page, page
from chalicelib.organisation.people import service as people
from chalicelib.sales.contracts.amending import (
    approve_change,
    change_orders,
    propose,
    reject_change,
    withdraw_change,
)
from chalicelib.sales.contracts.calling import call_off, forget_order
from chalicelib.sales.contracts.drafting import draft, edit
from chalicelib.sales.contracts.from_quote import draft_from_quote
from chalicelib.sales.contracts.models import Contract
from chalicelib.sales.contracts.moves import (
    activate,
    approve,
    cancel,
    decline,
    fulfil,
    give_notice,
    negotiate,
    reject,
    revise,
    send,
    sign,
    submit,
    terminate,
    withdraw,
)
from chalicelib.sales.contracts.risk import LIST
from chalicelib.sales.contracts.upkeep import look_after
from chalicelib.sales.contracts.versions import (
    add_from_template,
    add_text,
    approve_text,
    await_file,
    changes_since,
    file_of,
    read_file,
    take_in,
    text,
    version_of,
    versions,
)
from chalicelib.sales.opportunities import service as opportunities

__all__ = [
    "activate",
    "add_from_template",
    "add_text",
    "approve",
    "approve_change",
    "approve_text",
    "at_risk",
    "await_file",
    "call_off",
    "cancel",
    "change_orders",
    "changes_since",
    "contract",
    "contracts",
    "decline",
    "draft",
    "draft_from_quote",
    "edit",
    "file_of",
    "forget_order",
    "fulfil",
    "give_notice",
    "look_after",
    "negotiate",
    "propose",
    "read_file",
    "reassign",
    "reject",
    "reject_change",
    "revise",
    "send",
    "share",
    "sign",
    "submit",
    "take_in",
    "terminate",
    "text",
    "version_of",
    "versions",
    "withdraw",
    "withdraw_change",
]


def contract(contract_id: str, *, who: Principal, to_write: bool = False) -> Contract:
    """Return a contract in the caller's reach."""
    return ownership.reached(Contract, contract_id, who=who, to_write=to_write)


def contracts(*, who: Principal, **which: Any) -> Page[Contract]:
    """Return a page of contracts, newest first: an account's, or as `opportunities.documents` has them."""
    return opportunities.documents(Contract, who=who, **which)


def at_risk(
    *, who: Principal, owner_id: str | None = None, team_id: str | None = None, **paging: Any
) -> Page[Contract]:
    """Return a page of contracts whose execution slips, the worst first: an owner's, a team's, or all.

    Which list, and what it raises: `ownership.whose`.
    """
    owner_id, team_id = ownership.whose(who, owner_id=owner_id, team_id=team_id)
    query, key = Contract.by_risk.query, LIST
    if owner_id:
        query, key = Contract.by_owner_risk.query, owner_id
    elif team_id:
        query, key = Contract.by_team_risk.query, team_id
    return ownership.in_reach(page(query, key, newest_first=False, **paging), who)


def reassign(contract_id: str, *, owner_id: str, by: Principal, version: int | None) -> Contract:
    """Give a contract to another owner."""
    found = contract(contract_id, who=by, to_write=True)
    ownership.reassign(found, to=people.owner_fields(owner_id), by=by, version=version)
    return found


def share(contract_id: str, *, by: Principal, version: int | None, **sharing: Any) -> Contract:
    """Share a contract with a user or team, or end that."""
    found = contract(contract_id, who=by, to_write=True)
    ownership.share(found, by=by, version=version, **sharing)
    return found
