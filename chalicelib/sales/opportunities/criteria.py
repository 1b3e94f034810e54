"""What a deal must have to enter or leave a stage: data to evaluate, and what is missing told.

A criterion is one of
- `{"rule": "field", "field": "next_step"}`: the field is filled in
- `{"rule": "amount"}`: an amount above zero
- `{"rule": "lines", "at_least": 1}`: so many products
- `{"rule": "interactions", "at_least": 2}`: so many calls, e-mails, meetings, visits or messages
- `{"rule": "member", "role": "PRESALES"}`: somebody of the deal's team has the role
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from chalicelib.core import errors
from chalicelib.core.errors import FieldError

Criterion = Mapping[str, Any]
#: Counts a deal's interactions up to a number; called only where a criterion asks.
CountInteractions = Callable[[int], int]


def require(criteria: Iterable[Criterion], deal: Any, interactions: CountInteractions) -> None:
    """Raise Blocked, listing what is missing, unless a deal meets all criteria."""
    lacks = missing(criteria, deal, interactions)
    if lacks:
        raise errors.Blocked(*lacks, code="criteria_unmet")


def missing(criteria: Iterable[Criterion], deal: Any, interactions: CountInteractions) -> list[FieldError]:
    """Return what a deal lacks, one error for each criterion that is not met, in their order."""
    found = (_RULES[criterion["rule"]](criterion, deal, interactions) for criterion in criteria)
    return [lack for lack in found if lack]


def _field(criterion: Criterion, deal: Any, _: CountInteractions) -> FieldError | None:
    name = criterion["field"]
    return None if getattr(deal, name) else FieldError(name, "field_needed")


def _amount(_: Criterion, deal: Any, __: CountInteractions) -> FieldError | None:
    return None if deal.amount.minor > 0 else FieldError("amount", "amount_needed")


def _lines(criterion: Criterion, deal: Any, _: CountInteractions) -> FieldError | None:
    return _short("lines", len(deal.lines), criterion["at_least"])


def _interactions(criterion: Criterion, _: Any, interactions: CountInteractions) -> FieldError | None:
    at_least = criterion["at_least"]
    return _short("interactions", interactions(at_least), at_least)


def _member(criterion: Criterion, deal: Any, _: CountInteractions) -> FieldError | None:
    role = criterion["role"]
    return (
        None if role in deal.member_roles.values() else FieldError("members", "member_needed", {"role": role})
    )


def _short(name: str, now: int, at_least: int) -> FieldError | None:
    if now >= at_least:
        return None
    return FieldError(name, f"{name}_needed", {"at_least": at_least, "now": now})


_RULES: Final[Mapping[str, Callable[[Criterion, Any, CountInteractions], FieldError | None]]] = {
    "field": _field,
    "amount": _amount,
    "lines": _lines,
    "interactions": _interactions,
    "member": _member,
}
