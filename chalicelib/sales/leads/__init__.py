"""Leads 线索: who may become a customer, from the first form post to the conversion.

Owns leads (`lead_…`), the forms they come in by (`lead_form_…`), what was sent (`submission_…`),
repeats (`touch_…`), what they did (`lead_behaviour_…`), merges (`lead_merge_…`) and whom they are not
(`not_duplicate_…`), ways in for other systems (`lead_channel_…`), pools (`lead_pool_…`) and the rules
of scoring, assignment and first contact, all in the `leads` table. Announces their changes. A
submission is stored first and becomes a lead as a reaction to its own change, so that whatever fails
later, nobody's enquiry is lost.
"""
