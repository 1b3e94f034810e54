"""Contracts over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.change_schemas import ChangeOrderView, NewChangeOrder
from chalicelib.sales.contracts.models import ChangeOrder, Contract
from chalicelib.sales.contracts.sale_routes import sales
from chalicelib.sales.contracts.schemas import (
    ContractChange,
    ContractQuery,
    ContractView,
    NewContract,
    Notice,
    Reached,
    Reason,
    RiskQuery,
    Signature,
)
from chalicelib.sales.contracts.text_routes import texts

contracts = Room("contracts", prefix="/contracts")
routes = (contracts, sales, texts)


@contracts.post("", needs="contracts:write", body=NewContract, answers=ContractView, status=201)
def draft_contract(call: Call[NewContract, NoQuery]) -> Answer:
    """Draft a contract."""
    contract = service.draft(**call.body.values(), by=call.who)
    return created(contract)


@contracts.get("", needs="contracts:read", query=ContractQuery, answers=ContractView, listed=True)
def list_contracts(call: Call[None, ContractQuery]) -> Page[Contract]:
    """List an owner's, a team's, a month's or an account's contracts, newest first."""
    return service.contracts(who=call.who, **call.query.which(), **call.page)


@contracts.get("/at-risk", needs="contracts:read", query=RiskQuery, answers=ContractView, listed=True)
def list_contracts_at_risk(call: Call[None, RiskQuery]) -> Page[Contract]:
    """List contracts whose execution slips: the highest risk, then the longest overdue, first."""
    return service.at_risk(
        who=call.who, owner_id=call.query.owner_id, team_id=call.query.team_id, **call.page
    )


@contracts.get("/{contract_id}", needs="contracts:read", answers=ContractView)
def read_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Read a contract."""
    return service.contract(contract_id, who=call.who)


@contracts.patch("/{contract_id}", needs="contracts:write", body=ContractChange, answers=ContractView)
def edit_contract(call: Call[ContractChange, NoQuery], contract_id: str) -> Contract:
    """Change a draft; later its reminder, note and contact only."""
    return service.edit(contract_id, **call.body.values(), version=call.version, by=call.who)


@contracts.post("/{contract_id}/submit", needs="contracts:write", answers=ContractView)
def submit_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Hand a draft in for approval."""
    return service.submit(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/approve", needs="contracts:approve", answers=ContractView)
def approve_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Approve a contract that somebody else submitted."""
    return service.approve(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/reject", needs="contracts:approve", body=Reason, answers=ContractView)
def reject_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """Refuse a submitted contract."""
    return service.reject(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@contracts.post("/{contract_id}/withdraw", needs="contracts:write", answers=ContractView)
def withdraw_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Take a submitted contract back to its draft."""
    return service.withdraw(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/revise", needs="contracts:write", answers=ContractView)
def revise_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Open a refused, negotiated or declined contract for changes."""
    return service.revise(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/send", needs="contracts:write", answers=ContractView)
def send_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Send what was negotiated for signature."""
    return service.send(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/sign", needs="contracts:write", body=Signature, answers=ContractView)
def sign_contract(call: Call[Signature, NoQuery], contract_id: str) -> Contract:
    """Record the customer's signature."""
    return service.sign(contract_id, **call.body.values(), version=call.version, by=call.who)


@contracts.post("/{contract_id}/decline", needs="contracts:write", body=Reason, answers=ContractView)
def decline_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """Record that the customer will not sign."""
    return service.decline(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@contracts.post("/{contract_id}/negotiate", needs="contracts:write", answers=ContractView)
def negotiate_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Talk on about a contract that was not signed."""
    return service.negotiate(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/activate", needs="contracts:write", answers=ContractView)
def activate_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Put a signed contract in force."""
    return service.activate(contract_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/fulfil", needs="contracts:write", body=Reached, answers=ContractView)
def fulfil_milestone(call: Call[Reached, NoQuery], contract_id: str) -> Contract:
    """Record that a milestone was reached."""
    return service.fulfil(contract_id, **call.body.values(), version=call.version, by=call.who)


@contracts.post("/{contract_id}/terminate", needs="contracts:approve", body=Reason, answers=ContractView)
def terminate_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """End a signed contract before its time."""
    return service.terminate(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@contracts.post("/{contract_id}/cancel", needs="contracts:write", body=Reason, answers=ContractView)
def cancel_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """Give up a contract that was not signed."""
    return service.cancel(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@contracts.post("/{contract_id}/reassign", needs="contracts:write", body=NewOwner, answers=ContractView)
def reassign_contract(call: Call[NewOwner, NoQuery], contract_id: str) -> Contract:
    """Give a contract to another owner."""
    return service.reassign(contract_id, owner_id=call.body.owner_id, version=call.version, by=call.who)


@contracts.post("/{contract_id}/share", needs="contracts:write", body=Sharing, answers=ContractView)
def share_contract(call: Call[Sharing, NoQuery], contract_id: str) -> Contract:
    """Let a user or team read or write a contract, or end that."""
    return service.share(contract_id, **call.body.values(), version=call.version, by=call.who)


@contracts.post("/{contract_id}/give-notice", needs="contracts:write", body=Notice, answers=ContractView)
def give_contract_notice(call: Call[Notice, NoQuery], contract_id: str) -> Contract:
    """Record that notice was given: the contract renews no more."""
    return service.give_notice(contract_id, **call.body.values(), version=call.version, by=call.who)


@contracts.post(
    "/{contract_id}/change-orders",
    needs="contracts:write",
    body=NewChangeOrder,
    answers=ChangeOrderView,
)
def propose_change_order(call: Call[NewChangeOrder, NoQuery], contract_id: str) -> ChangeOrder:
    """Propose to change a signed contract."""
    return service.propose(contract_id, **call.body.values(), version=call.version, by=call.who)


@contracts.get(
    "/{contract_id}/change-orders",
    needs="contracts:read",
    query=ListQuery,
    answers=ChangeOrderView,
    listed=True,
)
def list_change_orders(call: Call[None, ListQuery], contract_id: str) -> Page[ChangeOrder]:
    """List a contract's change orders, newest first."""
    return service.change_orders(contract_id, who=call.who, **call.page)


@contracts.post(
    "/{contract_id}/change-orders/{number}/approve", needs="contracts:approve", answers=ChangeOrderView
)
def approve_change_order(call: Call[None, NoQuery], contract_id: str, number: str) -> ChangeOrder:
    """Approve a change order that somebody else proposed; the contract changes with it."""
    return service.approve_change(contract_id, number, version=call.version, by=call.who)


@contracts.post(
    "/{contract_id}/change-orders/{number}/reject",
    needs="contracts:approve",
    body=Reason,
    answers=ChangeOrderView,
)
def reject_change_order(call: Call[Reason, NoQuery], contract_id: str, number: str) -> ChangeOrder:
    """Refuse a change order."""
    return service.reject_change(
        contract_id, number, reason=call.body.reason, version=call.version, by=call.who
    )


@contracts.post(
    "/{contract_id}/change-orders/{number}/withdraw", needs="contracts:write", answers=ChangeOrderView
)
def withdraw_change_order(call: Call[None, NoQuery], contract_id: str, number: str) -> ChangeOrder:
    """Take back a proposed change order."""
    return service.withdraw_change(contract_id, number, version=call.version, by=call.who)
