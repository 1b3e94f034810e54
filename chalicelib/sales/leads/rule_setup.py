"""Setting up the rules of scoring and assignment: written as a whole, checked before they hold."""

from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide
from chalicelib.core.errors import FieldError
from chalicelib.organisation.people import service as people
from chalicelib.sales.leads import conditions, pool_setup, sla
from chalicelib.sales.leads.models import AssignmentRules, FirstContactRules, ScoringRules
from chalicelib.sales.leads.rules import assignment_rules, first_contact_rules, scoring_rules


def put_scoring_rules(
    *, behaviours: list[dict[str, Any]] | None = None, version: int | None, by: Principal, **rules: Any
) -> ScoringRules:
    """Score by these rules from now on; without `behaviours` those that hold stay.

    Invalid when a rule asks for what leads do not have, or two are of one kind of event.
    """
    _check_conditions(rules["rules"])
    found = scoring_rules()
    kinds = [rule["kind"] for rule in behaviours or ()]
    if twice := [at for at, kind in enumerate(kinds) if kinds.index(kind) != at]:
        raise errors.Invalid(*(FieldError(f"behaviours.{at}.kind", "duplicate_key") for at in twice))
    kept = found.behaviours if behaviours is None else behaviours
    return decide(found, by=by.id, version=version, behaviours=kept, **rules)


def put_assignment_rules(*, version: int | None, by: Principal, **rules: Any) -> AssignmentRules:
    """Assign by these rules from now on.

    Invalid when a rule asks for what leads do not have, names somebody, a pool or a calendar that
    is not there, or has the code of another.
    """
    _check_conditions(rules["rules"])
    if wrong := [error for at, rule in enumerate(rules["rules"]) for error in _wrong(f"rules.{at}", rule)]:
        raise errors.Invalid(*wrong)
    codes = [rule["code"] for rule in rules["rules"]]
    if twice := [at for at, code in enumerate(codes) if codes.index(code) != at]:
        raise errors.Invalid(*(FieldError(f"rules.{at}.code", "duplicate_key") for at in twice))
    return decide(assignment_rules(), by=by.id, version=version, **rules)


def put_first_contact_rules(*, version: int | None, by: Principal, **rules: Any) -> FirstContactRules:
    """Promise answers by these rules from now on.

    Invalid when two are of the same source and rating, or a calendar is not there.
    """
    asked = [((rule["source"] or "").casefold(), rule["rating"]) for rule in rules["rules"]]
    wrong = [
        FieldError(f"rules.{at}", "duplicate_key") for at, each in enumerate(asked) if asked.index(each) != at
    ]
    wrong += [
        FieldError(f"rules.{at}.calendar_id", "unknown_reference")
        for at, rule in enumerate(rules["rules"])
        if not sla.counts_by(rule["calendar_id"])
    ]
    if wrong:
        raise errors.Invalid(*wrong)
    return decide(first_contact_rules(), by=by.id, version=version, **rules)


def _check_conditions(rules: list[dict[str, Any]]) -> None:
    wrong = [
        errors.FieldError(f"rules.{at}.conditions.{nth}.field", "unknown_lead_field")
        for at, rule in enumerate(rules)
        for nth, condition in enumerate(rule["conditions"])
        if condition["field"] not in conditions.FIELDS and not condition["field"].startswith("answers.")
    ]
    if wrong:
        raise errors.Invalid(*wrong)


def _wrong(where: str, rule: dict[str, Any]) -> Iterator[FieldError]:
    teams = {team.id for team in people.teams()}
    for at, user_id in enumerate(rule["user_ids"]):
        if not _is_there(people.user, user_id):
            yield FieldError(f"{where}.user_ids.{at}", "unknown_reference")
    for at, team_id in enumerate(rule["team_ids"]):
        if team_id not in teams:
            yield FieldError(f"{where}.team_ids.{at}", "unknown_reference")
    if rule["pool_id"] and not _is_there(pool_setup.open_pool, rule["pool_id"]):
        yield FieldError(f"{where}.pool_id", "unknown_reference")
    if not sla.counts_by(rule["sla_calendar_id"]):
        yield FieldError(f"{where}.sla_calendar_id", "unknown_reference")


def _is_there(find: Callable[[str], Any], item_id: str) -> bool:
    try:
        find(item_id)
    except errors.NotFound:
        return False
    return True
