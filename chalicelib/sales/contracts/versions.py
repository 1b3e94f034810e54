"""The text of a contract: its versions, from the first draft over every round of negotiation."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors, files, ids
from chalicelib.core.access import SYSTEM, Principal, Role
from chalicelib.core.observe import count
from chalicelib.core.ownership import reached
from chalicelib.core.settings import settings
from chalicelib.core.step import Step, change
from chalicelib.core.table import Page, expect, page
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.clauses import service as clauses
from chalicelib.sales.contracts.comparing import Difference, differences
from chalicelib.sales.contracts.lifecycle import CONTRACT
from chalicelib.sales.contracts.lines import Line
from chalicelib.sales.contracts.models import Contract, ContractVersion
from chalicelib.sales.contracts.reading import PDF, Unreadable, text_of

PLAIN: Final = "text/plain; charset=utf-8"


def add_text(
    contract_id: str, *, text: str, by: Principal, version: int | None, note: str | None = None
) -> ContractVersion:
    """Add a version of the text as it was typed, reviewed."""
    contract = _open(contract_id, by=by, version=version)
    made = _next(contract, source="TYPED", by=by, note=note)
    return _kept(contract, made, text, by=by)


def add_from_template(
    contract_id: str,
    *,
    template_id: str,
    by: Principal,
    version: int | None,
    values_by_field: Mapping[str, str] | None = None,
    note: str | None = None,
) -> ContractVersion:
    """Add a version that a template makes of the contract's facts and of further values.

    `missing` names the merge fields that nobody has filled. Invalid for a template not in use.
    """
    contract = _open(contract_id, by=by, version=version)
    made, text = _templated(contract, template_id, values_by_field or {}, by=by, note=note)
    return _kept(contract, made, text, by=by)


def put_from_template(
    step: Step, contract: Contract, *, template_id: str, values: Mapping[str, str], by: Principal
) -> None:
    """Add to the step that is to create a contract its first text, as a template makes it."""
    made, text = _templated(contract, template_id, values, by=by)
    _store(made, text)
    contract.text_version = made.number
    step.create(made)


def _templated(
    contract: Contract, template_id: str, values: Mapping[str, str], *, by: Principal, note: str | None = None
) -> tuple[ContractVersion, str]:
    text, missing = clauses.drafted(template_id, {**_facts(contract), **values})
    return _next(contract, source="TEMPLATE", by=by, note=note, missing=missing), text


def await_file(
    contract_id: str,
    *,
    file_name: str,
    media: str,
    size: int,
    by: Principal,
    version: int | None,
    note: str | None = None,
) -> ContractVersion:
    """Add a version whose file is to be PUT (`upload`), and then read (`read_file`)."""
    contract = _open(contract_id, by=by, version=version)
    details = {"file_name": file_name, "media": media, "size": size}
    made = _next(contract, source="UPLOADED", by=by, note=note, status="AWAITING_FILE", **details)
    _write(contract, made, by=by)
    return made


def read_file(contract_id: str, number: str, *, by: Principal, version: int | None = None) -> ContractVersion:
    """Have a file that has been put in place read. Conflict when it is not there, or was read."""
    contract = reached(Contract, contract_id, who=by, to_write=True)
    found = _version(contract, number)
    expect(found, version)
    if found.status != "AWAITING_FILE":
        raise errors.Conflict("file_read_before")
    if files.size(found.file_key) != found.size:
        raise errors.Conflict("file_not_there", size=found.size)
    change(found, by=by.id, status="READING")
    return found


def take_in(version_id: str) -> None:
    """Read an uploaded file's text and review it; safe to repeat."""
    found = ContractVersion.fetch(version_id)
    if found.status != "READING":
        return
    content = files.read(found.file_key)
    file_digest = _keep_file(found, content)
    try:
        text = text_of(content, str(found.media))
    except Unreadable as why:
        count("ContractsUnreadable")
        failed = {"status": "UNREADABLE", "failure": why.args[0]}
        change(found, by=SYSTEM.id, **failed, file_digest=file_digest)
        return
    change(found, by=SYSTEM.id, status="READY", file_digest=file_digest, **_stored(found, text))


def _keep_file(found: ContractVersion, content: bytes) -> str:
    """Put a file where no link overwrites it; return its SHA-256."""
    found.file_digest = _digest(content)
    files.write(str(found.kept_file_key), content, media=str(found.media))
    return found.file_digest


def file_of(contract_id: str, number: str, *, who: Principal) -> tuple[str, str]:
    """Return where a version's file, as it was read, can be got for 15 minutes, and its SHA-256.

    Conflict when it has none (yet).
    """
    contract = reached(Contract, contract_id, who=who)
    found = _version(contract, number)
    if found.kept_file_key is None:
        raise errors.Conflict("no_file")
    name = f"{contract.number}-v{found.number}.{'pdf' if found.media == PDF else 'txt'}"
    return files.link_to_get(found.kept_file_key, name=name), str(found.file_digest)


def approve_text(contract_id: str, *, by: Principal, version: int | None = None) -> Contract:
    """Approve the text that is negotiated now. Forbidden to its author, administrators aside."""
    contract = _open(contract_id, by=by, version=version, verb="approve_text")
    text = approvable(contract, by=by)
    if text is None:
        raise errors.Conflict("text_not_ready")
    step = Step(by=by.id)
    step.change(contract, approved_text=text.number)
    step.change(text, approved_by=by.id, approved_at=clock.now())
    step.commit()
    return contract


def approvable(contract: Contract, *, by: Principal) -> ContractVersion | None:
    """Return the text that is approved with a contract, None when none is kept here.

    Blocked when the text is not ready. Forbidden to its author, administrators aside.
    """
    current = current_text(contract)
    if current is None:
        return None
    require_ready(current)
    if current.author_id == by.id and by.role != Role.ADMIN:
        raise errors.Forbidden("own_submission")
    return current


def current_text(contract: Contract) -> ContractVersion | None:
    """Return the version that is negotiated now, None when none is kept here."""
    return _version(contract, str(contract.text_version)) if contract.text_version else None


def require_ready(current: ContractVersion) -> None:
    """Raise Blocked unless a version has a text, without open merge fields."""
    if current.status != "READY":
        raise errors.Blocked(errors.FieldError("text_version", "text_not_ready"))
    if current.missing:
        open_fields = {"fields": ", ".join(current.missing)[:500]}
        raise errors.Blocked(errors.FieldError("text_version", "merge_fields_open", open_fields))


def version_of(contract_id: str, number: str, *, who: Principal) -> ContractVersion:
    """Return a version of a contract in the caller's reach."""
    return _version(reached(Contract, contract_id, who=who), number)


def versions(contract_id: str, *, who: Principal, **paging: Any) -> Page[ContractVersion]:
    """Return a contract's versions, newest first."""
    contract = reached(Contract, contract_id, who=who)
    places = ContractVersion.place.startswith("contract_version|")
    return page(ContractVersion.by_contract.query, contract.id, between=places, **paging)


def text(contract_id: str, number: str, *, who: Principal) -> str:
    """Return a version's text. Conflict when it has none (yet)."""
    return _text(version_of(contract_id, number, who=who))


def changes_since(
    contract_id: str, number: str, *, who: Principal, since: int | None = None
) -> list[Difference]:
    """Return what a version changed against another, else the one before; the first is new as a whole."""
    contract = reached(Contract, contract_id, who=who)
    new = _version(contract, number)
    old = since or new.number - 1
    return differences(_text(_version(contract, str(old))) if old else "", _text(new))


def _text(found: ContractVersion) -> str:
    if found.status != "READY":
        raise errors.Conflict("text_not_ready")
    return files.read(found.text_key).decode()


def _open(contract_id: str, *, by: Principal, version: int | None, verb: str = "word") -> Contract:
    contract = reached(Contract, contract_id, who=by, to_write=True)
    expect(contract, version)
    CONTRACT.require(verb, contract.status, by=by)
    return contract


def _next(contract: Contract, *, by: Principal, status: str = "READY", **details: Any) -> ContractVersion:
    number = contract.text_version + 1
    return ContractVersion(
        ids.derived("contract_version", contract.id, str(number)),
        contract_id=contract.id,
        place=f"contract_version|{number:06d}",
        number=number,
        status=status,
        author_id=by.id,
        **details,
    )


def _kept(contract: Contract, made: ContractVersion, text: str, *, by: Principal) -> ContractVersion:
    _store(made, text)
    _write(contract, made, by=by)
    return made


def _store(made: ContractVersion, text: str) -> None:
    for name, value in _stored(made, text).items():
        setattr(made, name, value)


def _write(contract: Contract, made: ContractVersion, *, by: Principal) -> None:
    step = Step(by=by.id)
    step.create(made)
    step.change(contract, text_version=made.number)
    step.commit()


def _stored(made: ContractVersion, text: str) -> dict[str, Any]:
    """Put a version's text in its place; return what the version keeps of it."""
    raw = text.encode()
    made.digest = _digest(raw)
    files.write(made.text_key, raw, media=PLAIN)
    held, findings = clauses.reviewed(text)
    review = {"policy_version": held.version, "findings": [each.document() for each in findings]}
    return {"characters": len(text), "digest": made.digest, "review": review}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _version(contract: Contract, number: str) -> ContractVersion:
    return ContractVersion.fetch(ids.derived("contract_version", contract.id, number))


def _facts(contract: Contract) -> dict[str, str]:
    """What a template may say of a contract by itself."""
    return {
        "company_name": settings().company,
        "customer_name": accounts.account(contract.account_id, who=SYSTEM).name,
        "contract_number": contract.number,
        "contract_title": contract.title,
        "contract_value": str(contract.value),
        "contract_tax": str(contract.tax_on_top),
        "contract_total": str(contract.value + contract.tax_on_top),
        "contract_terms": contract.terms or "",
        "contract_lines": "\n".join(_in_words(line) for line in contract.lines),
        "starts_on": _day(contract.starts_on),
        "ends_on": _day(contract.ends_on),
    }


def _in_words(line: Line) -> str:
    return f"{line.number}. {line.name} × {line.quantity:,}: {line.net}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
