"""How a deal moves: through the stages, to won or lost, and back."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from chalicelib.core import clock, errors, ownership
from chalicelib.core.access import Principal, require
from chalicelib.core.lifecycle import STAYS, Lifecycle, Move
from chalicelib.core.table import expect
from chalicelib.sales.opportunities import criteria, journey, pipelines, stalling
from chalicelib.sales.opportunities.evidence import Interactions
from chalicelib.sales.opportunities.models import Opportunity, Pipeline
from chalicelib.sales.opportunities.pipelines import Stage
from chalicelib.sales.opportunities.placing import place

_WRITE: Final = "opportunities:write"
#: For those who may step in: taking a won deal back changes what was reported.
_STEP_IN: Final = "opportunities:approve"
LIFECYCLE: Final = Lifecycle(
    Move("amend", "OPEN", STAYS, needs=_WRITE),
    Move("approve_stage", "OPEN", STAYS, needs=_STEP_IN),
    Move("guide", "OPEN", STAYS, needs=_STEP_IN),
    Move("acknowledge", "OPEN WON LOST", STAYS, needs=_WRITE),
    Move("advance", "OPEN", STAYS, needs=_WRITE),
    Move("win", "OPEN", "WON", needs=_WRITE),
    Move("lose", "OPEN", "LOST", needs=_WRITE),
    Move("reopen", "WON LOST", "OPEN", needs=_WRITE),
    Move("void", "OPEN WON LOST", "VOIDED", needs=_WRITE),
    Move("restore", "VOIDED", "OPEN WON LOST", needs=_WRITE),
)


def movable(verb: str, deal_id: str, *, version: int | None, by: Principal) -> Opportunity:
    """Return a deal for a verb. Stale for another version, OutOfTurn when its status forbids the verb."""
    deal = ownership.reached(Opportunity, deal_id, who=by, to_write=True)
    expect(deal, version)
    LIFECYCLE.require(verb, deal.status, by=by)
    if deal.status == "WON" and verb in ("reopen", "void"):
        require(by, _STEP_IN)
    return deal


def advance(deal_id: str, *, stage_id: str, version: int | None, by: Principal) -> Opportunity:
    """Move a deal to another open stage, forward or back.

    Either way the new stage's entry criteria hold; forward also the present one's exit criteria, and
    both of the stages in between: Blocked lists what is missing. Invalid for a stage where deals are
    closed: that is to win or to lose. A deal that is there already stays as it is.
    """
    deal = movable("advance", deal_id, version=version, by=by)
    pipeline = pipelines.pipeline(deal.pipeline_id)
    target = pipelines.stage(pipeline, stage_id)
    if target["type"] != "OPEN":
        raise errors.Invalid.one("stage_id", "closing_stage")
    if target["id"] == deal.stage_id:
        return deal
    forward = _is_forward(pipeline, deal.stage_id, target)
    back = criteria.Gate(target, target["entry"])
    _require(_way(pipeline, deal.stage_id, target) if forward else [back], deal)
    way = _moved(deal, target, "advanced" if forward else "back")
    place(deal, by=by, **_entering(target), journey=way)
    return deal


def win(deal_id: str, *, version: int | None, by: Principal, closed_on: date | None = None) -> Opportunity:
    """Close a deal as won, today or on a day given: a move forward over all stages that are left.

    Blocked lists what is missing.
    """
    deal = movable("win", deal_id, version=version, by=by)
    pipeline = pipelines.pipeline(deal.pipeline_id)
    target = pipelines.closing_stage(pipeline, "WON")
    _require(_way(pipeline, deal.stage_id, target), deal)
    _close(deal, target, closed_on, by=by)
    return deal


def lose(
    deal_id: str,
    *,
    reason: str,
    version: int | None,
    by: Principal,
    note: str | None = None,
    competitor: str | None = None,
    closed_on: date | None = None,
) -> Opportunity:
    """Close a deal as lost, for one of its pipeline's reasons. What a stage lacks never keeps it open."""
    deal = movable("lose", deal_id, version=version, by=by)
    pipeline = pipelines.pipeline(deal.pipeline_id)
    if reason not in {known["id"] for known in pipeline.lost_reasons}:
        raise errors.Invalid.one("reason", "unknown_reason", pipeline=pipeline.name)
    why = {"lost_reason": reason, "lost_note": note, "competitor": competitor or deal.competitor}
    _close(deal, pipelines.closing_stage(pipeline, "LOST"), closed_on, by=by, **why)
    return deal


def reopen(
    deal_id: str, *, reason: str, version: int | None, by: Principal, stage_id: str | None = None
) -> Opportunity:
    """Take a win or a loss back: the deal returns to the stage it was closed from, or a given one.

    To a later one it moves forward: Blocked lists what is missing. The reason stays on the deal while
    it is open, and in its history. A won deal takes the right to approve.
    """
    deal = movable("reopen", deal_id, version=version, by=by)
    pipeline = pipelines.pipeline(deal.pipeline_id)
    origin = _stage_to_return_to(deal, pipeline, None)
    target = _stage_to_return_to(deal, pipeline, stage_id)
    if _is_forward(pipeline, origin["id"], target):
        _require(_way(pipeline, origin["id"], target), deal)
    way = journey.taken_back(
        deal.journey, closed=deal.stage_id, closed_from=deal.closed_from, to=target["id"]
    )
    outcome: dict[str, Any] = dict.fromkeys(("closed_on", "closed_from", "lost_reason", "lost_note"))
    again = {"status": "OPEN", "reopen_reason": reason, "journey": way}
    place(deal, by=by, **_entering(target), **outcome, **again)
    return deal


def _stage_to_return_to(deal: Opportunity, pipeline: Pipeline, stage_id: str | None) -> Stage:
    stages = pipelines.open_stages(pipeline.stages)
    if stage_id is None:
        return next((stage for stage in stages if stage["id"] == deal.closed_from), stages[0])
    target = pipelines.stage(pipeline, stage_id)
    if target not in stages:
        raise errors.Invalid.one("stage_id", "closing_stage")
    return target


def _close(deal: Opportunity, target: Stage, closed_on: date | None, *, by: Principal, **why: Any) -> None:
    opened_on: date | None = deal.opened_on
    day = closed_on or clock.today()
    if day > clock.today() or (opened_on and day < opened_on):
        raise errors.Invalid.one("closed_on", "not_while_open")
    way = _moved(deal, target, journey.OUTCOMES[target["type"]])
    closing = {
        "status": target["type"],
        "closed_on": day,
        "closed_from": deal.stage_id,
        "reopen_reason": None,
        "journey": way,
    }
    place(deal, by=by, **_entering(target), **closing, **why)


def _entering(target: Stage) -> dict[str, Any]:
    now = clock.now()
    return {
        "stage_id": target["id"],
        "stage_since": now,
        "stage_approval": None,
        "probability": target["probability"],
        "forecast_category": target["forecast_category"],
        **stalling.clock_of(target, now),
    }


def _moved(deal: Opportunity, target: Stage, how: journey.Exit) -> journey.Journey:
    return journey.moved(
        deal.journey, leaving=deal.stage_id, how=how, to=target["id"], since=deal.stage_since, at=clock.now()
    )


def _is_forward(pipeline: Pipeline, stage_id: str, target: Stage) -> bool:
    order = _order(pipeline)
    # A stage that operations have since taken out of the pipeline is behind all others.
    return stage_id not in order or order.index(target["id"]) > order.index(stage_id)


def _order(pipeline: Pipeline) -> list[str]:
    return [stage["id"] for stage in pipelines.open_stages(pipeline.stages)]


def _way(pipeline: Pipeline, stage_id: str, target: Stage) -> Iterator[criteria.Gate]:
    """Yield what the stage that a deal leaves asks of it, what those it skips, and the one it enters."""
    stages, order = pipelines.open_stages(pipeline.stages), _order(pipeline)
    here = order.index(stage_id) if stage_id in order else -1
    there = order.index(target["id"]) if target["id"] in order else len(order)
    if here >= 0:
        yield criteria.Gate(stages[here], stages[here]["exit"])
    for skipped in stages[here + 1 : there]:
        yield criteria.Gate(skipped, [*skipped["entry"], *skipped["exit"]], skipped=True)
    yield criteria.Gate(target, target["entry"])


def _require(gates: Iterable[criteria.Gate], deal: Opportunity) -> None:
    criteria.require(gates, deal, Interactions(deal.id))
