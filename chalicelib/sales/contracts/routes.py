"""Contracts over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NewOwner, NoQuery, Sharing
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract, ContractVersion
from chalicelib.sales.contracts.schemas import (
    LONGEST_BODY,
    AwaitedView,
    ContractChange,
    ContractQuery,
    ContractView,
    DifferencesView,
    DifferenceView,
    NewContract,
    NewFile,
    NewText,
    Reached,
    Reason,
    Signature,
    Since,
    TextFromTemplate,
    TextView,
    VersionView,
)

routes = Room("contracts", prefix="/contracts")


@routes.post("", needs="contracts:write", body=NewContract, answers=ContractView, status=201)
def draft_contract(call: Call[NewContract, NoQuery]) -> Answer:
    """Draft a contract."""
    contract = service.draft(**call.body.values(), by=call.who)
    return created(contract, f"/contracts/{contract.id}")


@routes.get("", needs="contracts:read", query=ContractQuery, answers=ContractView, listed=True)
def list_contracts(call: Call[None, ContractQuery]) -> Page[Contract]:
    """List an owner's, a team's, a month's or an account's contracts, newest first."""
    return service.contracts(who=call.who, **call.query.which(), **call.page)


@routes.get("/{contract_id}", needs="contracts:read", answers=ContractView)
def read_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Read a contract."""
    return service.contract(contract_id, who=call.who)


@routes.patch("/{contract_id}", needs="contracts:write", body=ContractChange, answers=ContractView)
def edit_contract(call: Call[ContractChange, NoQuery], contract_id: str) -> Contract:
    """Change a draft; later its reminder and note only."""
    return service.edit(contract_id, **call.body.values(), version=call.version, by=call.who)


@routes.post("/{contract_id}/submit", needs="contracts:write", answers=ContractView)
def submit_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Hand a draft in for approval."""
    return service.submit(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/approve", needs="contracts:approve", answers=ContractView)
def approve_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Approve a contract that somebody else submitted."""
    return service.approve(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/reject", needs="contracts:approve", body=Reason, answers=ContractView)
def reject_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """Refuse a submitted contract."""
    return service.reject(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@routes.post("/{contract_id}/withdraw", needs="contracts:write", answers=ContractView)
def withdraw_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Take a submitted contract back to its draft."""
    return service.withdraw(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/revise", needs="contracts:write", answers=ContractView)
def revise_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Open a refused, negotiated or declined contract for changes."""
    return service.revise(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/send", needs="contracts:write", answers=ContractView)
def send_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Send what was negotiated for signature."""
    return service.send(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/sign", needs="contracts:write", body=Signature, answers=ContractView)
def sign_contract(call: Call[Signature, NoQuery], contract_id: str) -> Contract:
    """Record the customer's signature."""
    return service.sign(contract_id, **call.body.values(), version=call.version, by=call.who)


@routes.post("/{contract_id}/decline", needs="contracts:write", body=Reason, answers=ContractView)
def decline_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """Record that the customer will not sign."""
    return service.decline(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@routes.post("/{contract_id}/negotiate", needs="contracts:write", answers=ContractView)
def negotiate_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Talk on about a contract that was not signed."""
    return service.negotiate(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/activate", needs="contracts:write", answers=ContractView)
def activate_contract(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Put a signed contract in force."""
    return service.activate(contract_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/fulfil", needs="contracts:write", body=Reached, answers=ContractView)
def fulfil_milestone(call: Call[Reached, NoQuery], contract_id: str) -> Contract:
    """Record that a milestone was reached."""
    return service.fulfil(contract_id, **call.body.values(), version=call.version, by=call.who)


@routes.post("/{contract_id}/terminate", needs="contracts:approve", body=Reason, answers=ContractView)
def terminate_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """End a signed contract before its time."""
    return service.terminate(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@routes.post("/{contract_id}/cancel", needs="contracts:write", body=Reason, answers=ContractView)
def cancel_contract(call: Call[Reason, NoQuery], contract_id: str) -> Contract:
    """Give up a contract that was not signed."""
    return service.cancel(contract_id, reason=call.body.reason, version=call.version, by=call.who)


@routes.post("/{contract_id}/reassign", needs="contracts:write", body=NewOwner, answers=ContractView)
def reassign_contract(call: Call[NewOwner, NoQuery], contract_id: str) -> Contract:
    """Give a contract to another owner."""
    return service.reassign(contract_id, owner_id=call.body.owner_id, version=call.version, by=call.who)


@routes.post("/{contract_id}/share", needs="contracts:write", body=Sharing, answers=ContractView)
def share_contract(call: Call[Sharing, NoQuery], contract_id: str) -> Contract:
    """Let a user or team read or write a contract, or end that."""
    return service.share(contract_id, **call.body.values(), version=call.version, by=call.who)


@routes.post(
    "/{contract_id}/versions",
    needs="contracts:write",
    body=NewText,
    answers=VersionView,
    status=201,
    most=LONGEST_BODY,
)
def add_contract_text(call: Call[NewText, NoQuery], contract_id: str) -> Answer:
    """Add a version of a contract's text, and review it."""
    made = service.add_text(contract_id, **call.body.values(), version=call.version, by=call.who)
    return created(made, f"/contracts/{contract_id}/versions/{made.number}")


@routes.post(
    "/{contract_id}/versions/from-template",
    needs="contracts:write",
    body=TextFromTemplate,
    answers=VersionView,
    status=201,
)
def draft_contract_text(call: Call[TextFromTemplate, NoQuery], contract_id: str) -> Answer:
    """Add a version that a template makes; `missing` names the merge fields still open."""
    made = service.add_from_template(contract_id, **call.body.values(), version=call.version, by=call.who)
    return created(made, f"/contracts/{contract_id}/versions/{made.number}")


@routes.post(
    "/{contract_id}/versions/upload",
    needs="contracts:write",
    body=NewFile,
    answers=AwaitedView,
    status=201,
)
def upload_contract_text(call: Call[NewFile, NoQuery], contract_id: str) -> Answer:
    """Add a version from a PDF or text file: say what it is, and learn where to PUT it."""
    made = service.await_file(contract_id, **call.body.values(), version=call.version, by=call.who)
    awaited = AwaitedView(text_version=VersionView.model_validate(made), upload=service.link_to_put(made))
    return Answer(awaited, 201, {"Location": f"/contracts/{contract_id}/versions/{made.number}"})


@routes.get(
    "/{contract_id}/versions", needs="contracts:read", query=ListQuery, answers=VersionView, listed=True
)
def list_contract_texts(call: Call[None, ListQuery], contract_id: str) -> Page[ContractVersion]:
    """List the versions of a contract's text, newest first."""
    return service.versions(contract_id, who=call.who, **call.page)


@routes.get("/{contract_id}/versions/{number}", needs="contracts:read", answers=VersionView)
def read_contract_version(call: Call[None, NoQuery], contract_id: str, number: str) -> ContractVersion:
    """Read a version of a contract's text: where it is from, its review and its approval."""
    return service.version_of(contract_id, number, who=call.who)


@routes.get("/{contract_id}/versions/{number}/text", needs="contracts:read", answers=TextView)
def read_contract_text(call: Call[None, NoQuery], contract_id: str, number: str) -> TextView:
    """Read the text of a version."""
    return TextView(text=service.text(contract_id, number, who=call.who))


@routes.get(
    "/{contract_id}/versions/{number}/changes",
    needs="contracts:read",
    query=Since,
    answers=DifferencesView,
)
def compare_contract_texts(call: Call[None, Since], contract_id: str, number: str) -> DifferencesView:
    """Compare a version with another: the paragraphs that differ, with their words."""
    found = service.changes_since(contract_id, number, since=call.query.since, who=call.who)
    return DifferencesView(differences=[DifferenceView.model_validate(each) for each in found])


@routes.post("/{contract_id}/versions/{number}/read", needs="contracts:write", answers=VersionView)
def read_contract_file(call: Call[None, NoQuery], contract_id: str, number: str) -> ContractVersion:
    """Have a file that was put in place read and reviewed; look again a moment later."""
    return service.read_file(contract_id, number, version=call.version, by=call.who)


@routes.post("/{contract_id}/approve-text", needs="contracts:approve", answers=ContractView)
def approve_contract_text(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Approve the text that is negotiated now, after the contract's own approval."""
    return service.approve_text(contract_id, version=call.version, by=call.who)
