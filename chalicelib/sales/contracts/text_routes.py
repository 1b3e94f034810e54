"""The text of contracts over HTTP."""

from chalicelib.core.endpoint import Call
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.contracts import service
from chalicelib.sales.contracts.models import Contract, ContractVersion
from chalicelib.sales.contracts.schemas import ContractView
from chalicelib.sales.contracts.text_shapes import (
    LONGEST_BODY,
    AwaitedView,
    DifferencesView,
    DifferenceView,
    FileView,
    NewFile,
    NewText,
    Since,
    TextFromTemplate,
    TextView,
    VersionView,
)

texts = Room("contract_texts", prefix="/contracts")


@texts.post(
    "/{contract_id}/versions",
    needs="contracts:write",
    body=NewText,
    answers=VersionView,
    most=LONGEST_BODY,
)
def add_contract_text(call: Call[NewText, NoQuery], contract_id: str) -> ContractVersion:
    """Add a version of a contract's text, and review it."""
    return service.add_text(contract_id, **call.body.values(), version=call.version, by=call.who)


@texts.post(
    "/{contract_id}/versions/from-template",
    needs="contracts:write",
    body=TextFromTemplate,
    answers=VersionView,
)
def draft_contract_text(call: Call[TextFromTemplate, NoQuery], contract_id: str) -> ContractVersion:
    """Add a version that a template makes; `missing` names the merge fields still open."""
    return service.add_from_template(contract_id, **call.body.values(), version=call.version, by=call.who)


@texts.post(
    "/{contract_id}/versions/upload",
    needs="contracts:write",
    body=NewFile,
    answers=AwaitedView,
)
def upload_contract_text(call: Call[NewFile, NoQuery], contract_id: str) -> ContractVersion:
    """Add a version from a PDF or text file: say what it is, and learn where to PUT it."""
    return service.await_file(contract_id, **call.body.values(), version=call.version, by=call.who)


@texts.get(
    "/{contract_id}/versions", needs="contracts:read", query=ListQuery, answers=VersionView, listed=True
)
def list_contract_texts(call: Call[None, ListQuery], contract_id: str) -> Page[ContractVersion]:
    """List the versions of a contract's text, newest first."""
    return service.versions(contract_id, who=call.who, **call.page)


@texts.get("/{contract_id}/versions/{number}", needs="contracts:read", answers=VersionView)
def read_contract_version(call: Call[None, NoQuery], contract_id: str, number: str) -> ContractVersion:
    """Read a version of a contract's text: where it is from, its review and its approval."""
    return service.version_of(contract_id, number, who=call.who)


@texts.get("/{contract_id}/versions/{number}/text", needs="contracts:read", answers=TextView)
def read_contract_text(call: Call[None, NoQuery], contract_id: str, number: str) -> TextView:
    """Read the text of a version."""
    return TextView(text=service.text(contract_id, number, who=call.who))


@texts.get("/{contract_id}/versions/{number}/file", needs="contracts:read", answers=FileView)
def read_contract_paper(call: Call[None, NoQuery], contract_id: str, number: str) -> FileView:
    """Get the uploaded file of a version, as it was read."""
    url, digest = service.file_of(contract_id, number, who=call.who)
    return FileView(url=url, digest=digest)


@texts.get(
    "/{contract_id}/versions/{number}/changes",
    needs="contracts:read",
    query=Since,
    answers=DifferencesView,
)
def compare_contract_texts(call: Call[None, Since], contract_id: str, number: str) -> DifferencesView:
    """Compare a version with another: the paragraphs that differ, with their words."""
    found = service.changes_since(contract_id, number, since=call.query.since, who=call.who)
    return DifferencesView(differences=[DifferenceView.model_validate(each) for each in found])


@texts.post("/{contract_id}/versions/{number}/read", needs="contracts:write", answers=VersionView)
def read_contract_file(call: Call[None, NoQuery], contract_id: str, number: str) -> ContractVersion:
    """Have a file that was put in place read and reviewed; look again a moment later."""
    return service.read_file(contract_id, number, version=call.version, by=call.who)


@texts.post("/{contract_id}/approve-text", needs="contracts:approve", answers=ContractView)
def approve_contract_text(call: Call[None, NoQuery], contract_id: str) -> Contract:
    """Approve the text that is negotiated now, after the contract's own approval."""
    return service.approve_text(contract_id, version=call.version, by=call.who)
