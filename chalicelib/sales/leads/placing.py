"""Placing a new or reopened lead: with its account's owner, by the rules, or in a pool."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.core import access, clock, errors
from chalicelib.core.step import Step
from chalicelib.customers.accounts import service as accounts
from chalicelib.sales.leads import pool_setup, rules
from chalicelib.sales.leads.assignment import Candidate, choose, log
from chalicelib.sales.leads.conditions import all_hold, facts_of
from chalicelib.sales.leads.matching import Match
from chalicelib.sales.leads.models import DEFAULT_POOL, Lead
from chalicelib.sales.leads.roster import Roster, of_rule, stand_in_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead goes: `values` are its attributes, the rest what to write along with it."""

    values: dict[str, Any]
    rule: Mapping[str, Any] | None = None
    roster: Roster | None = None
    chosen: Candidate | None = None

    @property
    def capacity(self) -> int | None:
        """How many open leads whom it was given to by a rule can have at most; None: as many as come."""
        return self.chosen.capacity if self.chosen else None

    def write(self, step: Step) -> None:
        """Add to the lead's step the turn and the place of today that it takes."""
        if self.roster and self.chosen:
            self.roster.take(step, self.chosen)


def given(owner: Mapping[str, Any], how: str, **told: Any) -> Place:
    """Return the place with an owner who is known already."""
    told = _told(log(how) | told)
    return Place({**owner, "status": "ASSIGNED", "pool_id": None, "pool_due_at": None, "assignment": told})


def in_pool(pool_id: str, how: str = "POOL", **told: Any) -> Place:
    """Return the place in a pool, from now on; instead of one that was voided, in the default pool."""
    pool = pool_setup.pool(pool_id)
    if pool.status != "ACTIVE":
        pool = pool_setup.pool(DEFAULT_POOL)
    patient = pool_setup.to_be_claimed_by(pool, clock.now())
    nobody = {"owner_id": None, "team_id": None, "status": "NEW", "pool_id": pool.id, "pool_due_at": patient}
    return Place({**nobody, "assignment": _told(log(how) | told)})


def find(details: Mapping[str, Any], match: Match) -> Place:
    """Return where a lead of these details goes: the first of account's owner, rules, default pool."""
    if match.account_id and (place := _with_account_owner(match.account_id)):
        return place
    return by_rules(facts_of(details))


def again(lead: Lead) -> Place:
    """Return where a lead that was given up goes when it comes again: its owner's, if still here."""
    if lead.owner_id:
        user, stands_in = stand_in_of(lead.owner_id)
        if user and not stands_in:
            return given({"owner_id": user.id, "team_id": user.team_id}, "CAME_AGAIN")
    profile = {name: getattr(lead, name) for name in Lead.get_attributes()}
    return by_rules(facts_of(profile))


def by_rules(facts: Mapping[str, Any]) -> Place:
    """Return what the first rule that fits and has somebody, or a pool, says."""
    skipped: list[Any] = []
    for rule in rules.assignment_rules().rules:
        if not all_hold(rule["conditions"], facts):
            continue
        if rule.get("pool_id"):
            return Place(in_pool(rule["pool_id"], rule=rule["code"], skipped=skipped).values, rule)
        roster = of_rule(rule)
        choice = choose(rule["strategy"], roster.candidates, facts)
        skipped += [*roster.absent, *choice.skipped]
        if choice.chosen:
            return _with(choice.chosen, rule, roster, skipped)
    return in_pool(DEFAULT_POOL, skipped=skipped)


def _with(chosen: Candidate, rule: Mapping[str, Any], roster: Roster, skipped: list[Any]) -> Place:
    told = log("RULE", rule=rule, skipped=skipped)
    if chosen.stands_in_for:
        told["stands_in_for"] = chosen.stands_in_for
    owner = {"owner_id": chosen.id, "team_id": chosen.team_id, "status": "ASSIGNED"}
    values = {**owner, "pool_id": None, "pool_due_at": None, "assignment": _told(told)}
    return Place(values, rule, roster, chosen)


def _with_account_owner(account_id: str) -> Place | None:
    try:
        account = accounts.account(account_id, who=access.SYSTEM)
    except errors.NotFound:
        return None
    user, stands_in = stand_in_of(account.owner_id)
    if user is None:
        return None
    told = {"account_id": account_id} | ({"stands_in_for": account.owner_id} if stands_in else {})
    return given({"owner_id": user.id, "team_id": user.team_id}, "ACCOUNT_OWNER", **told)


def _told(decision: dict[str, Any]) -> dict[str, Any]:
    return decision | {"at": clock.iso(clock.now())}
