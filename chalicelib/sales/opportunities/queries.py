"""What clients ask of the lists of deals."""

from typing import Any, Literal

from chalicelib.core.shapes import Id, OwnedQuery
from chalicelib.sales.opportunities.stage_shapes import StageCode


class OpportunityQuery(OwnedQuery):
    """Which deals: an account's, or an owner's, a team's, a month's, a member's; of these perhaps a part.

    `state` or, for a column of the board, `stage_id` (of `pipeline_id`, else the default pipeline);
    `stalled`: of the open ones those that are in their stage for too long.
    """

    account_id: Id | None = None
    member_id: Id | None = None
    state: Literal["OPEN", "CLOSED"] | None = None
    pipeline_id: Id | None = None
    stage_id: StageCode | None = None
    stalled: bool = False

    def part(self) -> dict[str, Any]:
        """Return what narrows the list."""
        return {
            name: getattr(self, name) for name in ("member_id", "state", "pipeline_id", "stage_id", "stalled")
        }
