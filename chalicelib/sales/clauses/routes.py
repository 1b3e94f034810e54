"""Clauses, contract templates, the clause policy and reviews over HTTP."""

from typing import Any

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.clauses import service
from chalicelib.sales.clauses.models import Clause, ClausePolicy, ContractTemplate
from chalicelib.sales.clauses.schemas import (
    LONGEST_BODY,
    ClauseChange,
    ClauseView,
    DraftView,
    LibraryQuery,
    MergeValues,
    NewClause,
    NewTemplate,
    PolicyChange,
    PolicyView,
    ReviewView,
    TemplateChange,
    TemplateView,
    TextToReview,
)

library = Room("clauses", prefix="/clauses")
templates = Room("contract_templates", prefix="/contract-templates")
policy = Room("clause_policy", prefix="/clause-policy")
reviews = Room("clause_reviews", prefix="/clause-reviews")
routes = (library, templates, policy, reviews)


@library.post("", needs="clauses:configure", body=NewClause, answers=ClauseView, status=201)
def add_clause(call: Call[NewClause, NoQuery]) -> Answer:
    """Add a clause to the library."""
    clause = service.add_clause(**call.body.values(), by=call.who)
    return created(clause)


@library.get("", needs="clauses:read", query=LibraryQuery, answers=ClauseView, listed=True)
def list_clauses(call: Call[None, LibraryQuery]) -> Page[Clause]:
    """List the library's clauses by name."""
    return service.clauses(status=call.query.status, **call.page)


@library.get("/{clause_id}", needs="clauses:read", answers=ClauseView)
def read_clause(call: Call[None, NoQuery], clause_id: str) -> Clause:
    """Read a clause."""
    return service.clause(clause_id)


@library.patch("/{clause_id}", needs="clauses:configure", body=ClauseChange, answers=ClauseView)
def change_clause(call: Call[ClauseChange, NoQuery], clause_id: str) -> Clause:
    """Change a clause, or retire it."""
    return service.change_clause(clause_id, **call.body.values(), version=call.version, by=call.who)


@templates.post("", needs="clauses:configure", body=NewTemplate, answers=TemplateView, status=201)
def add_contract_template(call: Call[NewTemplate, NoQuery]) -> Answer:
    """Make a template of the library's clauses."""
    template = service.add_template(**call.body.values(), by=call.who)
    return created(template)


@templates.get("", needs="clauses:read", query=LibraryQuery, answers=TemplateView, listed=True)
def list_contract_templates(call: Call[None, LibraryQuery]) -> Page[ContractTemplate]:
    """List templates by name."""
    return service.templates(status=call.query.status, **call.page)


@templates.get("/{template_id}", needs="clauses:read", answers=TemplateView)
def read_contract_template(call: Call[None, NoQuery], template_id: str) -> ContractTemplate:
    """Read a template."""
    return service.template(template_id)


@templates.patch("/{template_id}", needs="clauses:configure", body=TemplateChange, answers=TemplateView)
def change_contract_template(call: Call[TemplateChange, NoQuery], template_id: str) -> ContractTemplate:
    """Change a template, or retire it."""
    return service.change_template(template_id, **call.body.values(), version=call.version, by=call.who)


@templates.post("/{template_id}/fill", needs="clauses:read", body=MergeValues, answers=DraftView)
def fill_contract_template(call: Call[MergeValues, NoQuery], template_id: str) -> DraftView:
    """See what a template makes of values, and what is still missing. Nothing is kept."""
    found = service.template(template_id)
    text, missing = service.drafted(found.id, call.body.values_by_field)
    return DraftView(text=text, missing=missing)


@policy.get("", needs="clauses:read", answers=PolicyView)
def read_clause_policy(call: Call[None, NoQuery]) -> ClausePolicy:
    """Read the clause policy; version 0 until operations set one."""
    return service.policy()


@policy.put("", needs="clauses:configure", body=PolicyChange, answers=PolicyView)
def set_clause_policy(call: Call[PolicyChange, NoQuery]) -> ClausePolicy:
    """Replace the clause policy."""
    return service.set_policy(**call.body.values(), version=call.version, by=call.who)


@reviews.post("", needs="clauses:read", body=TextToReview, answers=ReviewView, most=LONGEST_BODY)
def review_text(call: Call[TextToReview, NoQuery]) -> dict[str, Any]:
    """Review a text: which standard clauses are there, where, and what is missing or risky."""
    held, findings = service.reviewed(call.body.text)
    return {"policy_version": held.version, "findings": [finding.document() for finding in findings]}
