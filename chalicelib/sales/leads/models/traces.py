"""What leads leave behind: posts, touches, what they did, merges, and what they are not."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.core import ids
from chalicelib.core.attributes import DocumentAttribute, InstantAttribute, IntegerAttribute, ListOfAttribute
from chalicelib.core.table import Record, index, meta


class Submission(Record):
    """What a visitor or a channel sent: RECEIVED, then DONE once it is a lead or a touch (`lead_id`).

    `form_id` is the form or channel by which it came.
    """

    Meta = meta("leads")
    kind = "submission"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("submission"))
    form_id = UnicodeAttribute()
    status = UnicodeAttribute(default="RECEIVED")
    received_at = InstantAttribute()
    details = DocumentAttribute()
    lead_id = UnicodeAttribute(null=True)
    by_form = index("form_id", "id")


class Touch(Record):
    """A repeat: somebody who is a lead already came again. `details` is what came this time.

    `moved_from` are the leads it came to before these were merged, the first one first. How a merged
    lead came in is a touch of its survivor (matched by ``merge``), and nobody's once that is undone.
    """

    Meta = meta("leads")
    kind = "touch"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("touch"))
    lead_id = UnicodeAttribute(null=True)
    received_at = InstantAttribute()
    channel = UnicodeAttribute()
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    form_id = UnicodeAttribute(null=True)
    submission_id = UnicodeAttribute(null=True)
    matched_by = UnicodeAttribute()
    details = DocumentAttribute()
    moved_from = ListOfAttribute(default=list)
    by_lead = index("lead_id", "id")


class LeadBehaviour(Record):
    """What a lead did: by kind of event, how often on which day. It is looked at again as its worth fades."""

    Meta = meta("leads")
    kind = "lead_behaviour"

    id = UnicodeAttribute(hash_key=True)
    lead_id = UnicodeAttribute()
    days = DocumentAttribute(default=dict)
    due_minute = UnicodeAttribute(null=True)
    by_due = index("due_minute", "id")


class NotDuplicate(Record):
    """A lead (`lead_id`) that somebody said another one is not: DISMISSED, or RECONSIDERED since.

    There is one of each side. `noted` is how the other was suggested there, to be put back.
    """

    Meta = meta("leads")
    kind = "not_duplicate"

    id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute(default="DISMISSED")
    lead_id = UnicodeAttribute()
    other_id = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    decided_by = UnicodeAttribute()
    noted = DocumentAttribute(null=True)
    by_lead = index("lead_id", "id")


class LeadMerge(Record):
    """A lead (`lead_id`) that went into another (`into_id`): DONE, or UNDONE since.

    `survivor` keeps each attribute of the other that changed, as it was before and after; `merged`
    what the lead itself had before; `added_touches` how often it had come; `days` what the other had
    done by then (`LeadBehaviour`).
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
    days = DocumentAttribute(default=dict)
    by_lead = index("lead_id", "id")
