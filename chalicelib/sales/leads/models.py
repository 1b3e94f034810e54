"""Leads and what belongs to them, as they are kept."""

from typing import Final

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
    MoneyAttribute,
)
from chalicelib.core.due import ByDue
from chalicelib.core.ownership import Owned
from chalicelib.core.table import Index, Record, index, meta

#: Statuses of a lead that somebody still has to do something about.
OPEN: Final = frozenset({"NEW", "ASSIGNED", "WORKING", "QUALIFIED", "RECYCLED"})
#: Statuses of a lead that is none any more: no list or figure has it, nobody is compared with it.
GONE: Final = frozenset({"VOIDED", "MERGED"})
#: Ids of items of which an installation has one.
THE_ONLY: Final = "0" * 26


class _ByDesk(Index):
    Meta = index("by_desk")

    desk = UnicodeAttribute(hash_key=True)
    listed = UnicodeAttribute(range_key=True)


class _ByPool(Index):
    Meta = index("by_pool")

    pool_id = UnicodeAttribute(hash_key=True)
    listed = UnicodeAttribute(range_key=True)


class _ByGroup(Index):
    Meta = index("by_group")

    group = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class _ByForm(Index):
    Meta = index("by_form")

    form_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class _ByLead(Index):
    Meta = index("by_lead")

    lead_id = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class Lead(Owned):
    """Somebody who may buy. `owner_id` is empty while it waits in a pool.

    `desk` (``<owner>|<status>``) lists an owner's leads of one status. `claims` are the guard keys
    that make it the only lead of its e-mail, phone and external id. `assignment` says why it is
    with whom, `reasons` why it has its score. `merged_into` is the lead that it turned out to be
    (`merge_id` tells how), `merged_ids` are those that turned out to be this one.
    """

    Meta = meta("leads")
    kind = "lead"
    area = "leads"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("lead"))
    owner_id = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default="NEW")
    desk = UnicodeAttribute(null=True)
    received_at = InstantAttribute()

    name = UnicodeAttribute()
    company = UnicodeAttribute(null=True)
    title = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    website = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    region = UnicodeAttribute(null=True)
    city = UnicodeAttribute(null=True)
    street = UnicodeAttribute(null=True)
    postcode = UnicodeAttribute(null=True)
    born_on = DateAttribute(null=True)
    industry = UnicodeAttribute(null=True)
    employees = IntegerAttribute(null=True)
    products = ListOfAttribute(null=True)
    value = MoneyAttribute(null=True)
    language = UnicodeAttribute(null=True)
    message = UnicodeAttribute(null=True)
    answers = DocumentAttribute(default=dict)

    channel = UnicodeAttribute()
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    form_id = UnicodeAttribute(null=True)
    pipeline_id = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    utm = DocumentAttribute(default=dict)
    referrer = UnicodeAttribute(null=True)
    page = UnicodeAttribute(null=True)
    consent = DocumentAttribute(null=True)

    claims = ListOfAttribute(default=list)
    touches = IntegerAttribute(default=0)
    last_touch_at = InstantAttribute(null=True)
    possible_duplicates = ListOfAttribute(default=list)

    score = IntegerAttribute(default=0)
    rating = UnicodeAttribute(default="COLD")
    reasons = ListOfAttribute(default=list)
    assignment = DocumentAttribute(null=True)
    pool_id = UnicodeAttribute(null=True)
    claimed_from = UnicodeAttribute(null=True)

    sla_status = UnicodeAttribute(null=True)
    sla_hours = IntegerAttribute(null=True)
    sla_calendar_id = UnicodeAttribute(null=True)
    sla_started_at = InstantAttribute(null=True)
    sla_due_at = InstantAttribute(null=True)
    sla_remind_at = InstantAttribute(null=True)
    sla_reminded_at = InstantAttribute(null=True)
    sla_breached_at = InstantAttribute(null=True)
    escalated_to = UnicodeAttribute(null=True)
    first_contacted_at = InstantAttribute(null=True)
    contact_outcome = UnicodeAttribute(null=True)
    last_activity_at = InstantAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)

    qualified_at = InstantAttribute(null=True)
    unqualified_reason = UnicodeAttribute(null=True)
    return_reason = UnicodeAttribute(null=True)
    converted_at = InstantAttribute(null=True)
    account_id = UnicodeAttribute(null=True)
    contact_id = UnicodeAttribute(null=True)
    opportunity_id = UnicodeAttribute(null=True)

    merged_into = UnicodeAttribute(null=True)
    merge_id = UnicodeAttribute(null=True)
    merged_ids = ListOfAttribute(default=list)

    by_desk = _ByDesk()
    by_pool = _ByPool()
    by_due = ByDue()


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
    by_group = _ByGroup()


class Submission(Record):
    """What a visitor sent: RECEIVED, then DONE once it is a lead or a touch (`lead_id`)."""

    Meta = meta("leads")
    kind = "submission"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("submission"))
    form_id = UnicodeAttribute()
    status = UnicodeAttribute(default="RECEIVED")
    received_at = InstantAttribute()
    details = DocumentAttribute()
    lead_id = UnicodeAttribute(null=True)
    by_form = _ByForm()


class Touch(Record):
    """A repeat: somebody who is a lead already came again. `details` is what came this time.

    `moved_from` are the leads it came to before these were merged, the first one first.
    """

    Meta = meta("leads")
    kind = "touch"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("touch"))
    lead_id = UnicodeAttribute()
    received_at = InstantAttribute()
    channel = UnicodeAttribute()
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    form_id = UnicodeAttribute(null=True)
    submission_id = UnicodeAttribute(null=True)
    matched_by = UnicodeAttribute()
    details = DocumentAttribute()
    moved_from = ListOfAttribute(default=list)
    by_lead = _ByLead()


class LeadMerge(Record):
    """A lead (`lead_id`) that went into another (`into_id`): DONE, or UNDONE since.

    `survivor` keeps each attribute of the other that changed, as it was before and after; `merged`
    what the lead itself had before; `added_touches` how often it had come.
    """

    Meta = meta("leads")
    kind = "lead_merge"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("lead_merge"))
    status = UnicodeAttribute(default="DONE")
    lead_id = UnicodeAttribute()
    into_id = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    merged_by = UnicodeAttribute()
    undone_by = UnicodeAttribute(null=True)
    survivor = DocumentAttribute()
    merged = DocumentAttribute()
    added_touches = IntegerAttribute()
    by_lead = _ByLead()


class LeadPool(Record):
    """Leads that nobody owns yet 线索池: who may claim them, and how many.

    `daily_claims` and `most_held` limit each member (None: no limit); no members means everybody.
    `manager_id` is who hears of a breach. Timeouts are hours until an unclaimed lead, or a claimed
    one that nobody contacts, is overdue.
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
    by_group = _ByGroup()


class ScoringRules(Record):
    """How leads are scored: one item, its version says which rules a score came from."""

    Meta = meta("leads")
    kind = "scoring_rules"

    id = UnicodeAttribute(hash_key=True, default=f"scoring_rules_{THE_ONLY}")
    rules = ListOfAttribute(default=list)
    warm_from = IntegerAttribute(default=30)
    hot_from = IntegerAttribute(default=60)


class AssignmentRules(Record):
    """Who gets which lead: one item with the rules in their order; the first that fits decides."""

    Meta = meta("leads")
    kind = "assignment_rules"

    id = UnicodeAttribute(hash_key=True, default=f"assignment_rules_{THE_ONLY}")
    rules = ListOfAttribute(default=list)


#: Where a lead waits when no rule finds anybody. It is there without being set up.
DEFAULT_POOL: Final = f"lead_pool_{THE_ONLY}"

RECORDS = (Lead, LeadForm, Submission, Touch, LeadMerge, LeadPool, ScoringRules, AssignmentRules)
