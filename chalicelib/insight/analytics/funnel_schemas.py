"""What clients see of the funnel."""

from chalicelib.core.shapes import MoneyShape, View
from chalicelib.insight.analytics.schemas import MeanView, ShareView


class StandingView(View):
    """What stands in a stage now, in one currency; weighted by the deals' probability."""

    amount: MoneyShape
    weighted: MoneyShape


class StageView(View):
    """A stage: what stands in it and what became of what entered. `dwell` sums seconds, its value is days."""

    stage_id: str
    name: str
    count: int
    standing: list[StandingView]
    entered: int
    advanced: int
    lost: int
    conversion: ShareView
    dwell: MeanView


class MemberFunnelView(View):
    """One member's funnel; `bottleneck` is the stage that the smallest part of deals gets beyond."""

    member: str | None
    name: str | None
    stages: list[StageView]
    bottleneck: str | None


class FunnelView(MemberFunnelView):
    """The funnel of all members in reach, and of each."""

    pipeline_id: str
    by: str
    first_month: str
    last_month: str
    members: list[MemberFunnelView]
