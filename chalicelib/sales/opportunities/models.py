"""Pipelines and opportunities as they are kept."""

from typing import Any, Final

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
from chalicelib.core.money import Money
from chalicelib.core.ownership import VOIDED, Owned
from chalicelib.core.table import Record, index, meta


class Pipeline(Record):
    """A sales process; ACTIVE or RETIRED.

    `stages` are in their order, each as `criteria.Criterion` and `stage_shapes.StageShape` describe it:
    id, names by language, type (OPEN, WON, LOST), probability (whole %), forecast_category,
    expected_days, entry and exit criteria. `lost_reasons` are the codes, with names, among which
    a lost deal chooses.
    """

    Meta = meta("opportunities")
    kind = "pipeline"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("pipeline"))
    name = UnicodeAttribute()
    stages = ListOfAttribute()
    lost_reasons = ListOfAttribute(default=list)
    status = UnicodeAttribute(default="ACTIVE")
    group = UnicodeAttribute(default="pipelines")
    by_group = index("group", "name")


class Opportunity(Owned):
    """A deal; OPEN, WON, LOST or VOIDED. Its probability and category are those of its stage.

    `lines` are products with quantity, unit price and amount in minor units of the deal's
    currency; where there are any, the amount is their sum. `journey` tells of each stage how often
    the deal entered and left it, how often it went on from it, the seconds of the finished stays,
    and whether it was lost there (`journey.py`). `stage_approval` has who approved it in its stage
    (`approval.py`). Members have roles and splits (`staffing.py`); `buyers` and `competitors` are the
    other side (`buying.py`), `joined_lead_ids` leads that went into it beside the one it was opened for;
    `quotes` how its quotes stand (`quoted.py`), `guidance` is what its owner
    was told (`guidance.py`). `listed` puts open deals first, stage by stage, by close date (`placed`):
    a column of the board is a part of a list.
    """

    Meta = meta("opportunities")
    kind = "opportunity"
    area = "opportunities"

    id = UnicodeAttribute(hash_key=True, default=ids.maker("opportunity"))
    status = UnicodeAttribute(default="OPEN")
    name = UnicodeAttribute()
    account_id = UnicodeAttribute(null=True)
    contact_id = UnicodeAttribute(null=True)
    lead_id = UnicodeAttribute(null=True)
    joined_lead_ids = ListOfAttribute(default=list)
    pipeline_id = UnicodeAttribute()
    stage_id = UnicodeAttribute()
    amount = MoneyAttribute()
    close_on = DateAttribute(null=True)
    opened_on = DateAttribute(null=True)
    closed_on = DateAttribute(null=True)
    closed_from = UnicodeAttribute(null=True)
    probability = IntegerAttribute()
    forecast_category = UnicodeAttribute()
    category_override = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    campaign = UnicodeAttribute(null=True)
    region = UnicodeAttribute(null=True)
    industry = UnicodeAttribute(null=True)
    lines = ListOfAttribute(default=list)
    member_ids = ListOfAttribute(default=list)
    member_roles = DocumentAttribute(default=dict)
    member_splits = DocumentAttribute(default=dict)
    buyers = DocumentAttribute(default=dict)
    competitors = ListOfAttribute(default=list)
    quotes = DocumentAttribute(default=dict)
    guidance = ListOfAttribute(default=list)
    stage_since = InstantAttribute()
    stage_approval = DocumentAttribute(null=True)
    journey = DocumentAttribute(default=dict)
    next_step = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    lost_reason = UnicodeAttribute(null=True)
    lost_note = UnicodeAttribute(null=True)
    competitor = UnicodeAttribute(null=True)
    stalled_since = InstantAttribute(null=True)
    last_activity_at = InstantAttribute(null=True)
    reopen_reason = UnicodeAttribute(null=True)
    cloned_from = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    due_minute = UnicodeAttribute(null=True)
    by_account = index("account_id", "listed")
    by_due = index("due_minute", "id")

    def __init__(self, *key: Any, **values: Any) -> None:
        super().__init__(*key, **values)
        if self.stage_id:
            self.listed = self.placed()["listed"]

    def placed(self, **values: Any) -> dict[str, Any]:
        """Return the values to set, and with them the place that the deal then has in lists."""
        status, pipeline_id, stage_id, closed_on, close_on = (
            values.get(name, getattr(self, name))
            for name in ("status", "pipeline_id", "stage_id", "closed_on", "close_on")
        )
        column = column_of(pipeline_id, stage_id, is_open=status == "OPEN")
        listed = f"{self.kind}_{column}{closed_on or close_on or '-'}|{self.id.rpartition('_')[2]}"
        return {**values, "listed": listed}

    @property
    def priced_lines(self) -> list[dict[str, Any]]:
        """The lines with their prices as money."""
        currency = self.amount.currency
        return [
            {
                "product_id": line["product_id"],
                "quantity": line["quantity"],
                "unit_price": Money(line["unit_price_minor"], currency),
                "amount": Money(line["amount_minor"], currency),
            }
            for line in self.lines
        ]

    @property
    def team(self) -> list[dict[str, Any]]:
        """Who works on it: the owner, with what the others' splits leave; then the members."""
        others = [
            {"user_id": member, "role": role, "split_percent": self.member_splits.get(member, 0)}
            for member, role in sorted(self.member_roles.items())
        ]
        left = 100 - sum(other["split_percent"] for other in others)
        return [{"user_id": self.owner_id, "role": "OWNER", "split_percent": left}, *others]

    @property
    def approval(self) -> dict[str, Any] | None:
        """Who approved it in its stage, when, and up to which amount."""
        return shown_approval(self.stage_approval)

    @property
    def buying_roles(self) -> list[dict[str, Any]]:
        """The contacts who take part in the purchase."""
        return [{"contact_id": contact_id, **held} for contact_id, held in sorted(self.buyers.items())]

    @property
    def sent_quotes(self) -> list[dict[str, Any]]:
        """How its quotes stand that were sent, whatever became of them; not those voided."""
        return [
            {"quote_id": quote_id, **held}
            for quote_id, held in sorted(self.quotes.items())
            if held["status"] != VOIDED
        ]

    @property
    def priced_competitors(self) -> list[dict[str, Any]]:
        """The competitors with their prices as money."""
        return [
            {**each, "price": Money(**each["price"]) if each["price"] else None} for each in self.competitors
        ]


def shown_approval(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an approval with its amount as money."""
    return kept and {**kept, "amount": Money(**kept["amount"])}


class Membership(Record):
    """A deal's place in the list of somebody on its team (`owner_id`): the same as in all other lists.

    There is one of each deal and member. With who is off the team again it stands in no list.
    """

    Meta = meta("opportunities")
    kind = "membership"

    id = UnicodeAttribute(hash_key=True)
    opportunity_id = UnicodeAttribute()
    owner_id = UnicodeAttribute(null=True)
    listed = UnicodeAttribute(null=True)
    by_owner = index("owner_id", "listed")

    @classmethod
    def id_of(cls, deal_id: str, user_id: str) -> str:
        """Return the id of a member's place for a deal."""
        return ids.derived(cls.kind, deal_id, user_id)

    @classmethod
    def place_of(cls, deal: Opportunity) -> str:
        """Return where a deal stands in its members' lists."""
        return str(deal.listed).replace(deal.kind, cls.kind, 1)


#: What the places of open and of closed deals start with, after the kind.
OPEN: Final = "1|"
CLOSED: Final = "0|"


def column_of(pipeline_id: str, stage_id: str, *, is_open: bool) -> str:
    """Return what the places of all deals of a stage have in common, after the kind."""
    return f"{OPEN if is_open else CLOSED}{pipeline_id}|{stage_id}|"


def in_column(start: str, *, of: type[Opportunity | Membership] = Opportunity) -> Any:
    """Return the range condition for deals whose place starts so, after the kind."""
    return of.listed.startswith(f"{of.kind}_{start}")


RECORDS = (Pipeline, Opportunity, Membership)
