"""Lead pools, and the rules of scoring and assignment, over HTTP."""

from chalicelib.core.endpoint import Answer, Call, created
from chalicelib.core.shapes import ListQuery, NoQuery
from chalicelib.core.table import Page
from chalicelib.core.web import Room
from chalicelib.sales.leads import service
from chalicelib.sales.leads.models import AssignmentRules, FirstContactRules, Lead, LeadPool, ScoringRules
from chalicelib.sales.leads.rule_schemas import (
    AssignmentRulesView,
    FirstContactRulesView,
    NewAssignmentRules,
    NewFirstContactRules,
    NewPool,
    NewScoringRules,
    PoolChange,
    PoolView,
    ScoringRulesView,
)
from chalicelib.sales.leads.views import LeadView

pools = Room("lead_pools", prefix="/lead-pools")
rules = Room("lead_rules", prefix="/lead-rules")


@pools.post("", needs="leads:configure", body=NewPool, answers=PoolView, status=201)
def add_pool(call: Call[NewPool, NoQuery]) -> Answer:
    """Set up a lead pool."""
    pool = service.add_pool(by=call.who, **call.body.values())
    return created(pool)


@pools.get("", needs="leads:read", query=ListQuery, answers=PoolView, listed=True)
def list_pools(call: Call[None, ListQuery]) -> Page[LeadPool]:
    """List lead pools by name."""
    return service.pools(**call.page)


@pools.get("/{pool_id}", needs="leads:read", answers=PoolView)
def read_pool(_: Call[None, NoQuery], pool_id: str) -> LeadPool:
    """Read a lead pool."""
    return service.pool(pool_id)


@pools.patch("/{pool_id}", needs="leads:configure", body=PoolChange, answers=PoolView)
def change_pool(call: Call[PoolChange, NoQuery], pool_id: str) -> LeadPool:
    """Change a lead pool."""
    return service.change_pool(pool_id, version=call.version, by=call.who, **call.body.values())


@pools.get("/{pool_id}/leads", needs="leads:read", query=ListQuery, answers=LeadView, listed=True)
def list_waiting(call: Call[None, ListQuery], pool_id: str) -> Page[Lead]:
    """List the leads that wait in a pool, newest first; for its members."""
    return service.waiting(pool_id, who=call.who, **call.page)


@rules.get("/scoring", needs="leads:read", answers=ScoringRulesView)
def read_scoring_rules(_: Call[None, NoQuery]) -> ScoringRules:
    """Read how leads are scored."""
    return service.scoring_rules()


@rules.put("/scoring", needs="leads:configure", body=NewScoringRules, answers=ScoringRulesView)
def put_scoring_rules(call: Call[NewScoringRules, NoQuery]) -> ScoringRules:
    """Replace the rules by which leads are scored."""
    body = call.body
    behaviours = body.behaviours
    return service.put_scoring_rules(
        version=call.version,
        by=call.who,
        rules=[rule.values() for rule in body.rules],
        behaviours=None if behaviours is None else [rule.model_dump() for rule in behaviours],
        warm_from=body.warm_from,
        hot_from=body.hot_from,
    )


@rules.get("/assignment", needs="leads:read", answers=AssignmentRulesView)
def read_assignment_rules(_: Call[None, NoQuery]) -> AssignmentRules:
    """Read who gets which lead."""
    return service.assignment_rules()


@rules.put("/assignment", needs="leads:configure", body=NewAssignmentRules, answers=AssignmentRulesView)
def put_assignment_rules(call: Call[NewAssignmentRules, NoQuery]) -> AssignmentRules:
    """Replace the rules by which leads are assigned."""
    return service.put_assignment_rules(
        version=call.version, by=call.who, rules=[rule.values() for rule in call.body.rules]
    )


@rules.get("/first-contact", needs="leads:read", answers=FirstContactRulesView)
def read_first_contact_rules(_: Call[None, NoQuery]) -> FirstContactRules:
    """Read how soon leads are answered, by source and rating."""
    return service.first_contact_rules()


@rules.put(
    "/first-contact", needs="leads:configure", body=NewFirstContactRules, answers=FirstContactRulesView
)
def put_first_contact_rules(call: Call[NewFirstContactRules, NoQuery]) -> FirstContactRules:
    """Replace the rules of how soon leads are answered, by source and rating."""
    rules = [rule.model_dump() for rule in call.body.rules]
    return service.put_first_contact_rules(version=call.version, by=call.who, rules=rules)
