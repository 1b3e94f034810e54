"""Leads and what belongs to them, as they are kept."""

from chalicelib.sales.leads.models.lead import GONE, OPEN, Lead
from chalicelib.sales.leads.models.setup import (
    DEFAULT_POOL,
    AssignmentRules,
    FirstContactRules,
    LeadChannel,
    LeadForm,
    LeadPool,
    ScoringRules,
)
from chalicelib.sales.leads.models.traces import LeadBehaviour, LeadMerge, NotDuplicate, Submission, Touch

RECORDS = (
    Lead,
    LeadChannel,
    LeadForm,
    Submission,
    Touch,
    LeadBehaviour,
    LeadMerge,
    NotDuplicate,
    LeadPool,
    ScoringRules,
    AssignmentRules,
    FirstContactRules,
)

__all__ = [
    "DEFAULT_POOL",
    "GONE",
    "OPEN",
    "RECORDS",
    "AssignmentRules",
    "FirstContactRules",
    "Lead",
    "LeadBehaviour",
    "LeadChannel",
    "LeadForm",
    "LeadMerge",
    "LeadPool",
    "NotDuplicate",
    "ScoringRules",
    "Submission",
    "Touch",
]
