"""What one does with leads. The verbs live in modules named for what they hold; others import these."""

from chalicelib.sales.leads.arrival import receive
from chalicelib.sales.leads.bringing import bring_in, origin_of
from chalicelib.sales.leads.calls import Logged, log_call
from chalicelib.sales.leads.channels import (
    add_channel,
    answer_challenge,
    change_channel,
    channel,
    channels,
    deliveries,
    greet,
    take_delivery,
)
from chalicelib.sales.leads.consent import consented
from chalicelib.sales.leads.conversion import convert
from chalicelib.sales.leads.desk import (
    add_lead,
    change_lead,
    lead,
    leads,
    qualify_lead,
    reassign_lead,
    restore_lead,
    return_lead,
    share_lead,
    touches,
    unqualify_lead,
    void_lead,
)
from chalicelib.sales.leads.events import behaviour_of
from chalicelib.sales.leads.follow_up import fire, interacted
from chalicelib.sales.leads.form_setup import add_form, change_form, form, forms_by_name, open_form, posts
from chalicelib.sales.leads.intake import Taken
from chalicelib.sales.leads.mails import Received, receive_mail
from chalicelib.sales.leads.merging import merge, unmerge
from chalicelib.sales.leads.pool_setup import add_pool, change_pool, pool, pools
from chalicelib.sales.leads.pools import claim, waiting
from chalicelib.sales.leads.rule_setup import put_assignment_rules, put_first_contact_rules, put_scoring_rules
from chalicelib.sales.leads.rules import assignment_rules, first_contact_rules, scoring_rules
from chalicelib.sales.leads.submission import Receipt, submit
from chalicelib.sales.leads.telling_apart import dismiss_duplicate, reconsider_duplicate, told_apart
from chalicelib.sales.leads.wanted import Wanted
from chalicelib.sales.leads.worth import fade

__all__ = [
    "Logged",
    "Receipt",
    "Received",
    "Taken",
    "Wanted",
    "add_channel",
    "add_form",
    "add_lead",
    "add_pool",
    "answer_challenge",
    "assignment_rules",
    "behaviour_of",
    "bring_in",
    "change_channel",
    "change_form",
    "change_lead",
    "change_pool",
    "channel",
    "channels",
    "claim",
    "consented",
    "convert",
    "deliveries",
    "dismiss_duplicate",
    "fade",
    "fire",
    "first_contact_rules",
    "form",
    "forms_by_name",
    "greet",
    "interacted",
    "lead",
    "leads",
    "log_call",
    "merge",
    "open_form",
    "origin_of",
    "pool",
    "pools",
    "posts",
    "put_assignment_rules",
    "put_first_contact_rules",
    "put_scoring_rules",
    "qualify_lead",
    "reassign_lead",
    "receive",
    "receive_mail",
    "reconsider_duplicate",
    "restore_lead",
    "return_lead",
    "scoring_rules",
    "share_lead",
    "submit",
    "take_delivery",
    "told_apart",
    "touches",
    "unmerge",
    "unqualify_lead",
    "void_lead",
    "waiting",
]
