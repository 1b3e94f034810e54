"""Conditions on a lead, as data: what scoring and assignment rules are made of. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

#: What a rule may ask of a lead. Answers to a form's own fields are ``answers.<name>``.
FIELDS: Final = frozenset(
    {
        "name", "company", "title", "email_domain", "phone", "website", "country", "region", "city",
        "postcode", "territory", "industry", "employees", "products", "value", "currency", "language",
        "message", "channel", "source", "campaign", "form_id", "referrer", "page", "rating", "score",
        "touches", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    }
)  # fmt: skip
OPERATORS: Final = ("EQUALS", "ONE_OF", "CONTAINS", "AT_LEAST", "AT_MOST", "PRESENT", "ABSENT")

Facts = Mapping[str, Any]
Condition = Mapping[str, Any]


def facts_of(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what rules can ask of a lead's details: texts, whole numbers, lists; money as a decimal."""
    facts = {name: details.get(name) for name in FIELDS if name in details}
    facts |= (details.get("utm") or {}).items()
    facts |= {f"answers.{name}": value for name, value in (details.get("answers") or {}).items()}
    if email := details.get("email"):
        facts["email_domain"] = email.rpartition("@")[2]
    if value := details.get("value"):
        facts |= {"value": Decimal(value.amount), "currency": value.currency}
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def all_hold(conditions: Iterable[Condition], facts: Facts) -> bool:
    """Whether every condition holds; none at all always does."""
    return all(holds(condition, facts) for condition in conditions)


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds. Texts are compared without case; what is absent holds only ABSENT."""
    known = facts.get(condition["field"])
    operator = condition["operator"]
    if known is None or operator in ("PRESENT", "ABSENT"):
        return bool((known is None) == (operator == "ABSENT"))
    wanted = condition["value"]
    if operator in ("AT_LEAST", "AT_MOST"):
        return _compares(operator, known, wanted)
    return any(_fits(operator, member, wanted) for member in (known if isinstance(known, list) else [known]))


def _fits(operator: str, member: Any, wanted: Any) -> bool:
    known = folded(member)
    if operator == "ONE_OF":
        return known in {folded(each) for each in wanted}
    return folded(wanted) in known if operator == "CONTAINS" else folded(wanted) == known


def _compares(operator: str, known: Any, wanted: Any) -> bool:
    if isinstance(known, str | list | bool):
        return False
    bound = Decimal(str(wanted))
    return bool(known >= bound) if operator == "AT_LEAST" else bool(known <= bound)


def folded(value: Any) -> str:
    """Return a value as texts are compared: without case."""
    return str(value).strip().casefold()
