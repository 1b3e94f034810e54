"""Many movements in one call: each is checked and recorded by itself, and answered by itself."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from chalicelib.core import errors, ids, problem
from chalicelib.core.access import Principal
from chalicelib.core.idempotency import InProgress
from chalicelib.core.parsing import checked_json
from chalicelib.sales.inventory import movements
from chalicelib.sales.inventory.movements import Recorded
from chalicelib.sales.inventory.names import Names
from chalicelib.sales.inventory.schemas import BatchItem, BatchView, NewMovement, RecordedView


def record_all(
    rows: Sequence[Mapping[str, Any]], *, by: Principal, origin: str, language: str, request_id: str
) -> BatchView:
    """Record movements one after the other; one that is refused stops none of the others.

    `origin` is the request: sent again, its rows are no repetitions of themselves.
    """
    told = partial(problem.problem, language=language, request_id=request_id)
    asked = [_checked(row) for row in rows]
    # All products and warehouses are looked up at once: a hundred rows are a few reads.
    names = Names.of({each["product"] for each in asked if isinstance(each, dict)})
    items = [
        _item(each, names, by=by, origin=ids.derived("row", origin, str(at)), told=told)
        for at, each in enumerate(asked)
    ]
    return BatchView(
        items=items,
        recorded=sum(item.status == 201 for item in items),
        repeated=sum(item.status == 200 for item in items),
        refused=sum(item.problem is not None for item in items),
    )


def _checked(row: Mapping[str, Any]) -> dict[str, Any] | errors.Invalid:
    try:
        return checked_json(NewMovement, row).values()
    except errors.Invalid as refused:
        return refused


def _item(
    asked: dict[str, Any] | errors.Invalid,
    names: Names,
    *,
    by: Principal,
    origin: str,
    told: Callable[[errors.SalesError], dict[str, Any]],
) -> BatchItem:
    try:
        if isinstance(asked, errors.Invalid):
            raise asked
        done = movements.record(asked, by=by, origin=origin, names=names)
    except InProgress:  # all of the request is somebody else's work, not this row alone
        raise
    except errors.SalesError as refused:
        problem_of_it = told(refused)
        return BatchItem(status=problem_of_it["status"], problem=problem_of_it)
    return BatchItem(status=status_of(done), recorded=RecordedView.model_validate(done))


def status_of(done: Recorded) -> int:
    """Return 201 for a movement that was recorded, 200 for one that was known."""
    return 200 if done.repeated else 201
