"""The company's web site: its public form, and who gets what comes in by it."""

from typing import Any, Final

from chalicelib.core.access import SYSTEM
from chalicelib.core.step import create
from chalicelib.sales.leads import service as leads
from chalicelib.sales.leads.models import LeadForm
from infra.demo.people import COMPANY, FORM_ID, known_id

_EVERYBODY: Final[dict[str, Any]] = {
    "conditions": [],
    "strategy": "ROUND_ROBIN",
    "user_ids": [],
    "team_ids": [],
    "pool_id": None,
    "sla_hours": None,
    "sla_calendar_id": None,
}


def open_up() -> None:
    """Set up the form, and the rules that give enquiries from abroad to the international team."""
    create(LeadForm(FORM_ID, **COMPANY["form"]), by=SYSTEM.id)
    abroad = {"field": "country", "operator": "ONE_OF", "value": COMPANY["abroad"]}
    rules = [
        {
            **_EVERYBODY,
            "code": "abroad",
            "name": "From abroad 海外线索",
            "conditions": [abroad],
            "team_ids": [known_id("team", "international")],
        },
        {
            **_EVERYBODY,
            "code": "home",
            "name": "From China 国内线索",
            "strategy": "LEAST_OPEN",
            "team_ids": [known_id("team", "east"), known_id("team", "south")],
        },
    ]
    leads.put_assignment_rules(version=None, by=SYSTEM, rules=rules)
