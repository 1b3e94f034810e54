"""The rules of scoring and assignment: read by every intake, written as a whole by operations."""

from typing import Any, Final, TypeVar

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.step import Step
from chalicelib.core.table import expect
from chalicelib.sales.leads import conditions, scoring
from chalicelib.sales.leads.assignment import EVERYBODY
from chalicelib.sales.leads.models import THE_ONLY, AssignmentRules, ScoringRules

R = TypeVar("R", ScoringRules, AssignmentRules)

#: What an installation scores by until operations say otherwise.
STARTING: Final = (
    {"name": "Has a phone number", "points": 10, "conditions": [{"field": "phone", "operator": "PRESENT"}]},
    {"name": "Names a company", "points": 15, "conditions": [{"field": "company", "operator": "PRESENT"}]},
    {
        "name": "Large company",
        "points": 20,
        "conditions": [{"field": "employees", "operator": "AT_LEAST", "value": 500}],
    },
    {"name": "Names a budget", "points": 20, "conditions": [{"field": "value", "operator": "PRESENT"}]},
    {"name": "Names a product", "points": 15, "conditions": [{"field": "products", "operator": "PRESENT"}]},
    {
        "name": "Came again",
        "points": 10,
        "conditions": [{"field": "touches", "operator": "AT_LEAST", "value": 1}],
    },
)


def scoring_rules() -> ScoringRules:
    """Return how leads are scored now; version 0 stands for the rules that come with the house."""
    return _only(ScoringRules, rules=list(STARTING))


def assignment_rules() -> AssignmentRules:
    """Return who gets which lead now; version 0 stands for everybody in turn."""
    return _only(AssignmentRules, rules=[dict(EVERYBODY)])


def put_scoring_rules(*, version: int | None, by: Principal, **rules: Any) -> ScoringRules:
    """Score by these rules from now on. Invalid when a rule asks for what leads do not have."""
    _check_conditions(rules["rules"])
    return _put(scoring_rules(), version=version, by=by, **rules)


def put_assignment_rules(*, version: int | None, by: Principal, **rules: Any) -> AssignmentRules:
    """Assign by these rules from now on. Invalid when a rule asks for what leads do not have."""
    _check_conditions(rules["rules"])
    return _put(assignment_rules(), version=version, by=by, **rules)


def score(details: dict[str, Any]) -> dict[str, Any]:
    """Return a lead's score, rating and reasons for its details, as attributes."""
    found = scoring_rules()
    facts = conditions.facts_of(details)
    scored = scoring.score(found.rules, facts, warm_from=found.warm_from, hot_from=found.hot_from)
    return {"score": scored.points, "rating": scored.rating, "reasons": scored.reasons}


def _only(model: type[R], **defaults: Any) -> R:
    return model.find(f"{model.kind}_{THE_ONLY}") or model(version=0, **defaults)


def _put(current: R, *, version: int | None, by: Principal, **values: Any) -> R:
    expect(current, version)
    step = Step(by=by.id)
    if current.version:
        step.change(current, **values)
    else:
        current = type(current)(**values)
        step.create(current)
    step.commit()
    return current


def _check_conditions(rules: list[dict[str, Any]]) -> None:
    wrong = [
        errors.FieldError(f"rules.{at}.conditions.{nth}.field", "unknown_lead_field")
        for at, rule in enumerate(rules)
        for nth, condition in enumerate(rule["conditions"])
        if condition["field"] not in conditions.FIELDS and not condition["field"].startswith("answers.")
    ]
    if wrong:
        raise errors.Invalid(*wrong)
