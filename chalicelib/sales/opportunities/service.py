"""What one does with deals: `intake` opens them and brings them in, `pipelines` holds their stages."""

from chalicelib.core import ownership
from chalicelib.core.access import Principal
from chalicelib.sales.opportunities.history import history
from chalicelib.sales.opportunities.intake import bring_in, open_deal, put_opportunity
from chalicelib.sales.opportunities.models import Opportunity
from chalicelib.sales.opportunities.pipelines import (
    add_pipeline,
    change_pipeline,
    ensure_default_pipeline,
    pipeline,
    pipelines,
    stage_named,
)
from chalicelib.sales.opportunities.pipelines import (
    find_by_name as find_pipeline,
)
from chalicelib.sales.opportunities.register import deals, open_deals, recorded_since

__all__ = [
    "add_pipeline",
    "bring_in",
    "change_pipeline",
    "deals",
    "ensure_default_pipeline",
    "find_pipeline",
    "history",
    "open_deal",
    "open_deals",
    "opportunity",
    "pipeline",
    "pipelines",
    "put_opportunity",
    "recorded_since",
    "stage_named",
]


def opportunity(deal_id: str, *, who: Principal, to_write: bool = False) -> Opportunity:
    """Return a deal in the caller's reach."""
    return ownership.reached(Opportunity, deal_id, who=who, to_write=to_write)
