"""What is decided once for all 规则: policies and rules, one item of a kind, replaced as a whole.

Until somebody decides, the usual ones hold, as version 0:

found = decided(OrderPolicy, payment_days=30)
decide(found, by=who.id, version=call.version, payment_days=60)
"""

from typing import Any, TypeVar

from chalicelib.core import ids
from chalicelib.core.step import Step, stale
from chalicelib.core.table import Record, expect

R = TypeVar("R", bound=Record)


def decided(model: type[R], **usual: Any) -> R:
    """Return the one item of a kind; until there is one, version 0 with what is usual."""
    return model.find(ids.only(model.kind)) or model(version=0, **usual)


def decide(found: R, *, by: str, version: int | None, **terms: Any) -> R:
    """Decide these terms from now on, for the first time where `found` is of version 0.

    Stale when the caller saw another version, or somebody else decides at the same moment.
    """
    expect(found, version)
    step = Step(by=by)
    put(step, found, **terms)
    step.commit()
    return found


def put(step: Step, found: Record, **terms: Any) -> None:
    """Let a step change a record, or create one of version 0, which so far only reads as if it were there."""
    if found.version:
        step.change(found, **terms)
        return
    del found.attribute_values["version"]  # as new: a version cannot be set to nothing
    for name, value in terms.items():
        setattr(found, name, value)
    step.create(found, refusal=stale)
