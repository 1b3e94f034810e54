"""Pipelines: adding and changing them, the one a new company starts with, finding a stage."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from chalicelib.core import boards, errors
from chalicelib.core.access import SYSTEM, Principal
from chalicelib.core.errors import FieldError
from chalicelib.core.step import change, create
from chalicelib.core.table import Page, all_of, expect, page
from chalicelib.sales.opportunities.models import Pipeline

Stage = Mapping[str, Any]
#: The pipeline of deals that name none. One per installation, so its id is fixed.
DEFAULT_ID: Final = f"pipeline_{0:026d}"
#: What a deal can have when it is opened, but for the fields that come later.
_AT_OPENING: Final = frozenset({"field", "value", "amount", "worth", "lines"})
_LATER: Final = frozenset({"competitor", "forecast_category"})
_DEFAULT: Final = Path(__file__).with_name("default_pipeline.json")


def ensure_default_pipeline() -> Pipeline:
    """Return the default pipeline; the first call creates it."""
    made = Pipeline(DEFAULT_ID, **json.loads(_DEFAULT.read_text("utf-8")))
    try:
        create(made, by=SYSTEM.id)
    except errors.AlreadyExists:
        return Pipeline.fetch(DEFAULT_ID)
    return made


def pipeline(pipeline_id: str | None) -> Pipeline:
    """Return a pipeline, the default one for None. NotFound when there is none."""
    if pipeline_id is None:
        return Pipeline.find(DEFAULT_ID) or ensure_default_pipeline()
    return Pipeline.fetch(pipeline_id)


def pipelines(**paging: Any) -> Page[Pipeline]:
    """Return one page of the pipelines, by name. A new installation has the default one."""
    found = page(Pipeline.by_group.query, "pipelines", newest_first=False, **paging)
    is_new = not found.items and paging.get("after") is None
    return Page([ensure_default_pipeline()]) if is_new else found


def find_by_name(name: str) -> Pipeline | None:
    """Return the active pipeline of a name, or None."""
    named = (found for found in all_of(Pipeline.by_group.query, "pipelines") if found.status == "ACTIVE")
    return next((found for found in named if found.name == name), None)


def for_new_deal(pipeline_id: str | None) -> Pipeline:
    """Return the pipeline that a new deal enters, the default one for None.

    Invalid (`pipeline_id`) when there is none, or it is retired.
    """
    found = Pipeline.find(pipeline_id) if pipeline_id else pipeline(None)
    if found is None or found.status != "ACTIVE":
        raise errors.Invalid.one("pipeline_id", "unknown_reference")
    return found


def add_pipeline(*, name: str, stages: list[Stage], lost_reasons: list[Stage], by: Principal) -> Pipeline:
    """Add a pipeline. Invalid naming every stage that breaks a rule."""
    _require_sound(stages, lost_reasons)
    _require_way_in(stages)
    made = Pipeline(name=name, stages=stages, lost_reasons=lost_reasons)
    create(made, by=by.id)
    return made


def change_pipeline(pipeline_id: str, *, version: int | None, by: Principal, **changes: Any) -> Pipeline:
    """Change a pipeline's name, stages, lost reasons or status.

    Open deals keep the probability and category they have until they move. Invalid when stages
    break a rule; Blocked when open deals stand in a stage that would go.
    """
    found = pipeline(pipeline_id)
    expect(found, version)
    stages = changes.get("stages", found.stages)
    _require_sound(stages, changes.get("lost_reasons", found.lost_reasons))
    _require_way_in(changes.get("stages", ()))
    kept = {each["id"] for each in open_stages(stages)}
    _require_empty(found, [each["id"] for each in open_stages(found.stages) if each["id"] not in kept])
    change(found, by=by.id, **changes)
    return found


def stage(of: Pipeline, stage_id: str, *, field: str = "stage_id") -> Stage:
    """Return a stage by its code. Invalid naming `field` when the pipeline has none such."""
    for found in of.stages:
        if found["id"] == stage_id:
            return dict(found)
    raise errors.Invalid.one(field, "unknown_stage", pipeline=of.name)


def stage_named(of: Pipeline, name: str) -> Stage | None:
    """Return the stage of this code or name, in any language and letter case, or None."""
    wanted = name.strip().casefold()
    for found in of.stages:
        if wanted in {found["id"].casefold(), *(text.casefold() for text in found["names"].values())}:
            return dict(found)
    return None


def closing_stage(of: Pipeline, outcome: str) -> Stage:
    """Return the stage of won (``WON``) or of lost deals (``LOST``)."""
    return next(found for found in of.stages if found["type"] == outcome)


def open_stages(stages: Sequence[Stage]) -> list[Stage]:
    """Return the stages in which deals are worked on, in their order."""
    return [found for found in stages if found["type"] == "OPEN"]


def _require_sound(stages: Sequence[Stage], lost_reasons: Sequence[Stage]) -> None:
    wrong = [*_twice("stages", stages), *_twice("lost_reasons", lost_reasons)]
    kinds = [found["type"] for found in stages]
    if kinds.count("WON") != 1 or kinds.count("LOST") != 1 or "OPEN" not in kinds:
        wrong.append(FieldError("stages", "one_won_one_lost"))
    if wrong:
        raise errors.Invalid(*wrong)


def _require_way_in(stages: Sequence[Stage]) -> None:
    """Raise Invalid when the first stage asks for what no deal has that is just being opened."""
    first = next(((n, found) for n, found in enumerate(stages) if found["type"] == "OPEN"), None)
    if first is None:
        return
    n, asks = first[0], enumerate(first[1]["entry"])
    never = [m for m, asked in asks if asked["rule"] not in _AT_OPENING or asked.get("field") in _LATER]
    if never:
        raise errors.Invalid(*(FieldError(f"stages.{n}.entry.{m}", "not_at_opening") for m in never))


def _twice(field: str, entries: Sequence[Stage]) -> list[FieldError]:
    codes = [entry["id"] for entry in entries]
    return [FieldError(f"{field}.{n}.id", "code_twice") for n, code in enumerate(codes) if code in codes[:n]]


def _require_empty(found: Pipeline, leaving: Sequence[str]) -> None:
    if not leaving:
        return
    standing = boards.total(boards.read(f"pipeline|{found.id}|team"))
    occupied = [stage_id for stage_id in leaving if standing.get(f"{stage_id}.count")]
    if occupied:
        raise errors.Blocked(*(FieldError("stages", "stage_in_use", {"stage": each}) for each in occupied))
