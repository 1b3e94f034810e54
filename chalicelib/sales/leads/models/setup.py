"""What operations set up for leads: forms, pools, and rules of which an installation has one item each."""

from typing import Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import DocumentAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.table import Record, index, meta

#: Where a lead waits when no rule finds anybody. It is there without being set up.
DEFAULT_POOL: Final = ids.only("lead_pool")


class LeadForm(Record):
    """A form that visitors fill in: ACTIVE, PAUSED or VOIDED. `schemas.NewForm` says what each part means."""

    Meta = meta("leads")
    kind = "lead_form"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("lead_form"))
    group = UnicodeAttribute(default="lead_forms")
    name = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    title = DocumentAttribute()
    thanks = DocumentAttribute(default=dict)
    fields = ListOfAttribute()
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    pipeline_id = UnicodeAttribute(null=True)
    redirects = ListOfAttribute(default=list)
    origins = ListOfAttribute(default=list)
    consent = DocumentAttribute(null=True)
    honeypot = UnicodeAttribute(default="homepage")
    token_required = BooleanAttribute(default=True)
    token_seconds = IntegerAttribute(default=2)
    address_limit = DocumentAttribute()
    form_limit = DocumentAttribute()
    sla_hours = IntegerAttribute(null=True)
    sla_calendar_id = UnicodeAttribute(null=True)
    by_group = index("group", "name")


class LeadChannel(Record):
    """A way in for another system's posts, ACTIVE or PAUSED: a social network's lead ads, an integration.

    `secret` (sealed) is what it signs its posts with; `verify_token` what it is asked for when it is
    registered. `mapping` says which attribute of a lead is found where in a record, `records` where the
    records are in a post, `event` where the number of one is; `consent` is what people agreed to there.
    `access_token` (sealed) reads what Meta's posts only have the number of.
    """

    Meta = meta("leads")
    kind = "lead_channel"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("lead_channel"))
    group = UnicodeAttribute(default="lead_channels")
    name = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    provider = UnicodeAttribute(default="GENERIC")
    secret = UnicodeAttribute()
    access_token = UnicodeAttribute(null=True)
    verify_token = UnicodeAttribute()
    records = UnicodeAttribute(null=True)
    event = UnicodeAttribute(null=True)
    mapping = DocumentAttribute()
    consent = DocumentAttribute(null=True)
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    post_limit = DocumentAttribute()
    by_group = index("group", "name")


class LeadPool(Record):
    """Leads that nobody owns yet 线索池: who may claim them, and how many.

    `daily_claims` and `most_held` limit each member (None: no limit); no members means everybody.
    `manager_id` is who hears of a breach, and of a lead that nobody claims within
    `claim_timeout_hours`. A claimed one that is not contacted within `contact_timeout_hours` comes back.
    """

    Meta = meta("leads")
    kind = "lead_pool"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("lead_pool"))
    group = UnicodeAttribute(default="lead_pools")
    name = UnicodeAttribute()
    status = UnicodeAttribute(default="ACTIVE")
    member_ids = ListOfAttribute(default=list)
    manager_id = UnicodeAttribute(null=True)
    daily_claims = IntegerAttribute(null=True)
    most_held = IntegerAttribute(null=True)
    claim_timeout_hours = IntegerAttribute(null=True)
    contact_timeout_hours = IntegerAttribute(null=True)
    by_group = index("group", "name")


class ScoringRules(Record):
    """How leads are scored: one item, its version says which rules a score came from.

    `rules` are of what a lead is, `behaviours` of what it does: points and half-life by kind of event.
    """

    Meta = meta("leads")
    kind = "scoring_rules"

    id = UnicodeAttribute(hash_key=True, default=ids.only("scoring_rules"))
    rules = ListOfAttribute(default=list)
    behaviours = ListOfAttribute(null=True)
    warm_from = IntegerAttribute(default=30)
    hot_from = IntegerAttribute(default=60)


class AssignmentRules(Record):
    """Who gets which lead: one item with the rules in their order; the first that fits decides."""

    Meta = meta("leads")
    kind = "assignment_rules"

    id = UnicodeAttribute(hash_key=True, default=ids.only("assignment_rules"))
    rules = ListOfAttribute(default=list)


class FirstContactRules(Record):
    """How soon leads are answered: one item with hours by source and rating; the narrowest rule wins."""

    Meta = meta("leads")
    kind = "first_contact_rules"

    id = UnicodeAttribute(hash_key=True, default=ids.only("first_contact_rules"))
    rules = ListOfAttribute(default=list)
