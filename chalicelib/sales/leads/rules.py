"""The rules of scoring and assignment that hold now: what every intake reads."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.core.decisions import decided
from chalicelib.sales.leads import conditions, scoring
from chalicelib.sales.leads.assignment import EVERYBODY
from chalicelib.sales.leads.models import AssignmentRules, FirstContactRules, ScoringRules
from chalicelib.sales.leads.scoring import Score

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
#: What leads do, and what it is worth until operations say otherwise.
BEHAVIOURS: Final = (
    {"kind": "page_visited", "name": "Visited a page", "points": 2, "half_life_days": 7, "most": 15},
    {"kind": "mail_opened", "name": "Opened a mail", "points": 1, "half_life_days": 7, "most": 10},
    {"kind": "link_clicked", "name": "Clicked a link", "points": 5, "half_life_days": 14, "most": 20},
    {"kind": "form_begun", "name": "Began a form", "points": 8, "half_life_days": 14, "most": 20},
    {"kind": "downloaded", "name": "Downloaded a file", "points": 10, "half_life_days": 21, "most": 30},
    {"kind": "webinar_attended", "name": "Came to a webinar", "points": 20, "half_life_days": 30, "most": 40},
    {"kind": "unsubscribed", "name": "Wants no more mail", "points": -20, "half_life_days": 90, "most": 20},
)


def scoring_rules() -> ScoringRules:
    """Return how leads are scored now; version 0 stands for the rules that come with the house."""
    found = decided(ScoringRules, rules=list(STARTING))
    known: Any = found.behaviours
    if known is None:  # decided before behaviour counted, or not at all
        found.behaviours = [dict(rule) for rule in BEHAVIOURS]
    return found


def assignment_rules() -> AssignmentRules:
    """Return who gets which lead now; version 0 stands for everybody in turn."""
    return decided(AssignmentRules, rules=[dict(EVERYBODY)])


def first_contact_rules() -> FirstContactRules:
    """Return how soon leads are answered now; version 0 stands for no rule of source or rating."""
    return decided(FirstContactRules)


def score(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return a lead's score, rating and reasons for its details, as attributes.

    `behaviour` of the details is what the lead's behaviour was worth when it was looked at last.
    """
    return as_attributes(scorer(scoring_rules(), details)(details.get("behaviour") or []))


def scorer(found: ScoringRules, details: Mapping[str, Any]) -> Callable[[list[dict[str, Any]]], Score]:
    """Return how a lead of these details is scored, given what its behaviour is worth."""
    known = scoring.reasons(found.rules, conditions.facts_of(details))
    limits: dict[str, int] = {"warm_from": found.warm_from, "hot_from": found.hot_from}
    return lambda worth: scoring.score([*known, *worth], **limits)


def as_attributes(scored: Score) -> dict[str, Any]:
    """Return a score as a lead's attributes."""
    return {"score": scored.points, "rating": scored.rating, "reasons": scored.reasons}
