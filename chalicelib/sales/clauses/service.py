"""What one does with clauses: keep a library, make templates of it, hold a policy, review a text."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide, decided
from chalicelib.core.step import change, create
from chalicelib.core.table import Page, expect, page
from chalicelib.sales.clauses import merging
from chalicelib.sales.clauses.kinds import note_in_words, usual
from chalicelib.sales.clauses.models import Clause, ClausePolicy, ContractTemplate
from chalicelib.sales.clauses.review import Finding, review

Kept = TypeVar("Kept", Clause, ContractTemplate)


def policy() -> ClausePolicy:
    """Return the policy; until operations set one (version 0), the usual one."""
    return decided(ClausePolicy, stances=usual())


def set_policy(*, stances: Sequence[Mapping[str, Any]], by: Principal, version: int | None) -> ClausePolicy:
    """Replace the policy. Invalid when a kind is named twice."""
    held = {each["kind"]: {"stance": each["stance"], "note": each.get("note")} for each in stances}
    if len(held) < len(stances):
        raise errors.Invalid.one("stances", "duplicate_kind")
    return decide(policy(), by=by.id, version=version, stances=held)


def reviewed(text: str) -> tuple[ClausePolicy, list[Finding]]:
    """Return what the policy makes of a text, and the policy."""
    held = policy()
    return held, review(text, held.stances)


def review_in_words(kept: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a review as it was kept, its notes told in a language."""
    findings = [{**each, "note": note_in_words(each["note"], language)} for each in kept["findings"]]
    return {**kept, "findings": findings}


def add_clause(*, by: Principal, **details: Any) -> Clause:
    """Add a clause to the library."""
    clause = Clause(**details)
    create(clause, by=by.id)
    return clause


def clause(clause_id: str) -> Clause:
    """Return a clause. NotFound when there is none."""
    return Clause.fetch(clause_id)


def change_clause(clause_id: str, *, by: Principal, version: int | None, **changes: Any) -> Clause:
    """Change a clause or retire it; contracts drafted before keep their text."""
    return _changed(Clause.fetch(clause_id), by=by, version=version, **changes)


def clauses(*, status: str, **paging: Any) -> Page[Clause]:
    """Return the library's clauses of a status, by name."""
    return page(Clause.by_group.query, f"clause|{status}", newest_first=False, **paging)


def add_template(*, by: Principal, clause_ids: Sequence[str], **details: Any) -> ContractTemplate:
    """Add a template. Invalid, naming each, for clauses that are not there or retired."""
    _in_use(clause_ids)
    template = ContractTemplate(clause_ids=list(clause_ids), **details)
    create(template, by=by.id)
    return template


def template(template_id: str) -> ContractTemplate:
    """Return a template. NotFound when there is none."""
    return ContractTemplate.fetch(template_id)


def change_template(
    template_id: str, *, by: Principal, version: int | None, **changes: Any
) -> ContractTemplate:
    """Change a template or retire it. Invalid as in `add_template`."""
    found = ContractTemplate.fetch(template_id)
    expect(found, version)
    _in_use(changes.get("clause_ids", ()))
    return _changed(found, by=by, version=version, **changes)


def templates(*, status: str, **paging: Any) -> Page[ContractTemplate]:
    """Return templates of a status, by name."""
    return page(ContractTemplate.by_group.query, f"contract_template|{status}", newest_first=False, **paging)


def drafted(template_id: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the text that a template makes with these values, and the merge fields still to be filled.

    Invalid when the template is not there or retired, or a clause of it has been retired.
    """
    found = ContractTemplate.find(template_id)
    if found is None or found.status != "ACTIVE":
        raise errors.Invalid.one("template_id", "unknown_reference")
    library = _in_use(found.clause_ids)
    laid_out = merging.lay_out(
        (library[clause_id].name, library[clause_id].body) for clause_id in found.clause_ids
    )
    missing = sorted(name for name in merging.fields(laid_out) if not values.get(name))
    return merging.fill(laid_out, values), missing


def _in_use(clause_ids: Sequence[str]) -> dict[str, Clause]:
    found = Clause.fetch_many(clause_ids)
    wrong = [
        errors.FieldError(f"clause_ids.{position}", "unknown_reference")
        for position, clause_id in enumerate(clause_ids)
        if clause_id not in found or found[clause_id].status != "ACTIVE"
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    return found


def _changed(record: Kept, *, by: Principal, version: int | None, **changes: Any) -> Kept:
    expect(record, version)
    status = changes.get("status", record.status)
    change(record, by=by.id, **changes, group=f"{record.kind}|{status}")
    return record
