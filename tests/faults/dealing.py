"""The verbs of deals and pipelines, each with a request that succeeds."""

from typing import Final

from chalicelib.sales.opportunities import service as deals
from chalicelib.sales.opportunities.models import Opportunity
from tests.client import COLLEAGUE, MANAGER, OPERATIONS, REP
from tests.faults.asks import PRICE, WHY, Row, as_json, given, new, on, shared, voided
from tests.faults.world import STAGES
from tests.sales.opportunities.builders import REASONS, closing


def staffed(deal: Opportunity) -> Opportunity:
    """A deal that Rob works on too."""
    return deals.set_member(deal.id, COLLEAGUE.id, role="MEMBER", version=None, by=REP)


def guided(deal: Opportunity) -> Opportunity:
    """A deal whose owner was told what to do."""
    return deals.guide(deal.id, text="Ask who signs", version=None, by=MANAGER)


def bought(deal: Opportunity, contact_id: str) -> Opportunity:
    """A deal in which a contact has a part."""
    return deals.set_buyer(deal.id, contact_id, role="USER", version=None, by=REP)


DEALS: Final[dict[str, Row]] = {
    "opportunities.open_deal": lambda w: new(
        {"name": "Line", "account_id": w.account().id, "close_on": "2099-12-31", "amount": PRICE}
    ),
    "opportunities.amend_deal": lambda w: on(w.deal(), body={"next_step": "call"}),
    "opportunities.void_deal": lambda w: on(w.deal()),
    "opportunities.restore_deal": lambda w: on(voided(w.deal(), deals.void)),
    "opportunities.advance_deal": lambda w: on(w.deal(), body={"stage_id": "second"}),
    "opportunities.approve_stage": lambda w: on(w.deal(), by=MANAGER),
    "opportunities.guide_owner": lambda w: on(w.deal(), by=MANAGER, body={"text": "Ask who signs"}),
    "opportunities.acknowledge_guidance": lambda w: on(guided(w.deal()), below=("1",)),
    "opportunities.win_deal": lambda w: on(w.deal(), body={}),
    "opportunities.lose_deal": lambda w: on(w.deal(), body={"reason": "price"}),
    "opportunities.reopen_deal": lambda w: on(w.deal(won=True), by=MANAGER, body=WHY),
    "opportunities.clone_deal": lambda w: on(w.deal(won=True), body={"close_on": "2099-12-31"}),
    "opportunities.reassign_deal": lambda w: given(w.deal()),
    "opportunities.share_deal": lambda w: shared(w.deal()),
    "opportunities.set_member": lambda w: on(w.deal(), body={"role": "PRESALES"}, below=(COLLEAGUE.id,)),
    "opportunities.remove_member": lambda w: on(staffed(w.deal()), below=(COLLEAGUE.id,)),
    "opportunities.set_buyer": lambda w: on(
        w.deal(account_id=(who := w.contact()).account_id), body={"role": "CHAMPION"}, below=(who.id,)
    ),
    "opportunities.remove_buyer": lambda w: on(
        bought(w.deal(account_id=(who := w.contact()).account_id), who.id), below=(who.id,)
    ),
    "pipelines.add_pipeline": lambda w: new(
        {"name": w.name("P"), "stages": as_json([*STAGES, *closing()]), "lost_reasons": REASONS},
        by=OPERATIONS,
    ),
    "pipelines.change_pipeline": lambda w: on(w.pipeline(), by=OPERATIONS, body={"name": w.name("P")}),
}
