"""A lead as it is kept."""

from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import (
    DateAttribute,
    DocumentAttribute,
    InstantAttribute,
    IntegerAttribute,
    ListOfAttribute,
    MoneyAttribute,
)
from chalicelib.core.ownership import Owned
from chalicelib.core.table import index, meta

#: Statuses of a lead that somebody still has to do something about.
OPEN: Final = frozenset({"NEW", "ASSIGNED", "WORKING", "QUALIFIED", "RECYCLED"})
#: Statuses of a lead that is none any more: no list or figure has it, nobody is compared with it.
GONE: Final = frozenset({"VOIDED", "MERGED"})


class Lead(Owned):
    """Somebody who may buy. `owner_id` is empty while it waits in a pool.

    `desk` (``<owner>|<status>``) lists an owner's leads of one status. `claims` are the guard keys
    that make it the only lead of its e-mail and phone; those of the rows it came in, of which there may
    be any number, are not named here. `assignment` says why it is with whom, `reasons` why it has its
    score (of them `behaviour` what it did, when last looked at),
    `sla_by` why it is promised an answer by when; `pool_due_at` is how long its pool is patient.
    `merged_into` is the lead that it turned out to be (`merge_id` tells how), `merged_ids` are those
    that turned out to be this one.
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
    territory = UnicodeAttribute(null=True)
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
    behaviour = ListOfAttribute(default=list)
    assignment = DocumentAttribute(null=True)
    pool_id = UnicodeAttribute(null=True)
    pool_due_at = InstantAttribute(null=True)
    claimed_from = UnicodeAttribute(null=True)

    sla_status = UnicodeAttribute(null=True)
    sla_hours = IntegerAttribute(null=True)
    sla_by = DocumentAttribute(null=True)
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

    by_desk = index("desk", "listed")
    by_pool = index("pool_id", "listed")
    by_due = index("due_minute", "id")
