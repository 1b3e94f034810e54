"""Requests about leads, their forms, channels, pools and rules."""

from typing import Final

from chalicelib.sales.leads import service as leads
from tests.client import OPERATIONS
from tests.faults.asks import WHY, Ask, Row, given, new, on, shared, voided
from tests.sales.leads.builders import DEMO, a_mail

LEADS: Final[dict[str, Row]] = {
    "leads.add_lead": lambda w: new({"name": "Li", "email": w.email()}, by=OPERATIONS),
    "leads.add_leads": lambda w: new(
        {
            "leads": [
                {"name": "Li", "email": w.email()},
                {"name": "Wu"},
                {"name": "Li again", "email": w.lead().email},
                {"email": "none"},
            ]
        },
        by=OPERATIONS,
    ),
    "leads.log_call": lambda w: new(
        {"call_id": w.code("C"), "phone": w.phone(), "started_at": "2026-11-20T02:00:00Z"}, by=OPERATIONS
    ),
    "leads.receive_mail": lambda w: new({"raw": a_mail(w.email(), w.code("M"))}, by=OPERATIONS),
    "leads.take_events": lambda w: new(
        {
            "events": [
                {"event_id": (twice := w.code("E")), "kind": "downloaded", "lead_id": w.lead().id},
                {"event_id": w.code("E"), "kind": "webinar_attended", "email": w.lead().email},
                {"event_id": w.code("E"), "kind": "page_visited", "lead_id": (lead := w.lead()).id},
                {"event_id": twice, "kind": "page_visited", "lead_id": lead.id},
                {"event_id": w.code("E"), "kind": "danced", "lead_id": lead.id},
            ]
        },
        by=OPERATIONS,
    ),
    "leads.change_lead": lambda w: on(w.lead(), body={"email": w.email()}),
    "leads.void_lead": lambda w: on(w.lead()),
    "leads.restore_lead": lambda w: on(voided(w.lead(), leads.void_lead)),
    "leads.reassign_lead": lambda w: given(w.lead()),
    "leads.share_lead": lambda w: shared(w.lead()),
    "leads.claim_lead": lambda w: on(w.waiting_lead()),
    "leads.return_lead": lambda w: on(w.lead(), body=WHY),
    "leads.qualify_lead": lambda w: on(w.lead()),
    "leads.unqualify_lead": lambda w: on(w.lead(), body=WHY),
    "leads.convert_lead": lambda w: on(w.lead(company=w.name("Acme")), body={}),
    "leads.merge_lead": lambda w: on(w.lead(), body={"into_id": w.lead().id, "take": ["name"]}),
    "leads.unmerge_lead": lambda w: on(w.merged_lead()),
    "leads.dismiss_duplicate": lambda w: on(
        (lead := w.likely_duplicate()), body={"other_id": lead.possible_duplicates[0]["lead_id"]}
    ),
    "leads.reconsider_duplicate": lambda w: on(
        w.dismissed_duplicate(lead := w.likely_duplicate()),
        body={"other_id": lead.possible_duplicates[0]["lead_id"]},
    ),
    "lead_forms.add_form": lambda w: new({**DEMO, "name": w.name("F")}, by=OPERATIONS),
    "lead_forms.change_form": lambda w: on(w.form(), by=OPERATIONS, body={"source": "fair"}),
    "lead_channels.add_channel": lambda w: new(
        {"name": w.name("C"), "mapping": {"email": "email"}}, by=OPERATIONS
    ),
    "lead_channels.change_channel": lambda w: on(w.channel(), by=OPERATIONS, body={"status": "PAUSED"}),
    "lead_pools.add_pool": lambda w: new({"name": w.name("P")}, by=OPERATIONS),
    "lead_pools.change_pool": lambda w: on(w.pool(), by=OPERATIONS, body={"daily_claims": 5}),
    "lead_rules.put_scoring_rules": lambda w: Ask(
        OPERATIONS, body={"rules": []}, match=leads.scoring_rules().version
    ),
    "lead_rules.put_assignment_rules": lambda w: Ask(
        OPERATIONS, body={"rules": []}, match=leads.assignment_rules().version
    ),
    "lead_rules.put_first_contact_rules": lambda w: Ask(
        OPERATIONS, body={"rules": []}, match=leads.first_contact_rules().version
    ),
}
