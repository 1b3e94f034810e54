"""The rules of scoring and assignment that hold now: what every intake reads."""

from typing import Any, Final

from chalicelib.core.decisions import decided
from chalicelib.sales.leads import conditions, scoring
from chalicelib.sales.leads.assignment import EVERYBODY
from chalicelib.sales.leads.models import AssignmentRules, FirstContactRules, ScoringRules

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
    return decided(ScoringRules, rules=list(STARTING))


def assignment_rules() -> AssignmentRules:
    """Return who gets which lead now; version 0 stands for everybody in turn."""
    return decided(AssignmentRules, rules=[dict(EVERYBODY)])


def first_contact_rules() -> FirstContactRules:
    """Return how soon leads are answered now; version 0 stands for no rule of source or rating."""
    return decided(FirstContactRules)


def score(details: dict[str, Any]) -> dict[str, Any]:
    """Return a lead's score, rating and reasons for its details, as attributes."""
    found = scoring_rules()
    facts = conditions.facts_of(details)
    scored = scoring.score(found.rules, facts, warm_from=found.warm_from, hot_from=found.hot_from)
    return {"score": scored.points, "rating": scored.rating, "reasons": scored.reasons}
