"""What a deal must have to enter or leave a stage: data to evaluate, and what is missing told.

A criterion is one of
- `{"rule": "field", "field": "next_step"}`: the field is filled in
- `{"rule": "value", "field": "region", "one_of": ["East", "West"]}`: the field has one of the values
- `{"rule": "amount"}`: an amount above zero
- `{"rule": "worth", "at_least": [{"amount": "50000", "currency": "CNY"}]}`: so much in its currency
- `{"rule": "lines", "at_least": 1}`: so many products
- `{"rule": "interactions", "at_least": 2}`: so many calls, e-mails, meetings, visits or messages
- `{"rule": "activity", "type": "MEETING", "within_days": 30}`: one of the type in the last days
- `{"rule": "member", "role": "PRESALES"}`: somebody of the deal's team has the role
- `{"rule": "buyer", "role": "DECISION_MAKER"}`: a contact has the part in the purchase
- `{"rule": "competitors", "at_least": 1}`: so many competitors are named
- `{"rule": "quote", "standing": "ACCEPTED"}`: a quote of it was sent (SENT), or is accepted
- `{"rule": "approval"}`: the deal is approved in the stage where it stands
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from chalicelib.core import errors
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money

Criterion = Mapping[str, Any]


class Interactions(Protocol):
    """A deal's interactions, notes aside; asked only where a criterion does."""

    def count(self, most: int) -> int:
        """Return how many there are, counted up to a number."""

    def had(self, type: str, *, within_days: int) -> bool:
        """Whether there was one of a type in the last days."""


Rule = Callable[[Criterion, Any, Interactions], FieldError | None]


@dataclass(frozen=True, slots=True)
class Gate:
    """What a stage asks of a deal on its way. `skipped`: the deal goes past it and was not in it."""

    stage: Mapping[str, Any]
    asks: Sequence[Criterion]
    skipped: bool = False


def require(gates: Iterable[Gate], deal: Any, interactions: Interactions) -> None:
    """Raise Blocked, listing stage by stage what is missing, unless a deal meets what every gate asks.

    What several stages ask for is told once, of the first of them. An approval is given in the stage
    that asks for it: such a stage is never skipped.
    """
    lacks = list(_missing(gates, deal, interactions))
    if lacks:
        raise errors.Blocked(*lacks, code="criteria_unmet")


def _missing(gates: Iterable[Gate], deal: Any, interactions: Interactions) -> Iterator[FieldError]:
    told: list[FieldError] = []
    for gate in gates:
        for criterion in gate.asks:
            lack = _lack(gate, criterion, deal, interactions)
            if lack and lack not in told:
                told.append(lack)
                yield replace(lack, values={**lack.values, "stage": gate.stage["names"]})


def _lack(gate: Gate, criterion: Criterion, deal: Any, interactions: Interactions) -> FieldError | None:
    if gate.skipped and criterion["rule"] == "approval":
        return FieldError("stage_approval", "stage_not_skipped")
    return _RULES[criterion["rule"]](criterion, deal, interactions)


def _field(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    name = criterion["field"]
    return None if getattr(deal, name) else FieldError(name, "field_needed")


def _value(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    name: str = criterion["field"]
    one_of: list[str] = criterion["one_of"]
    changed_by = _CHANGED_BY.get(name, name)
    if (getattr(deal, changed_by) or getattr(deal, name)) in one_of:
        return None
    return FieldError(changed_by, "value_needed", {"one_of": ", ".join(one_of)})


def _worth(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    least = [Money.of(each["amount"], each["currency"]) for each in criterion["at_least"]]
    if any(deal.amount.currency == each.currency and deal.amount.minor >= each.minor for each in least):
        return None
    return FieldError("amount", "worth_needed", {"at_least": " / ".join(map(str, least))})


def _amount(_: Criterion, deal: Any, __: Interactions) -> FieldError | None:
    return None if deal.amount.minor > 0 else FieldError("amount", "amount_needed")


def _lines(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    return _short("lines", len(deal.lines), criterion["at_least"])


def _competitors(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    return _short("competitors", len(deal.competitors), criterion["at_least"])


def _interactions(criterion: Criterion, _: Any, interactions: Interactions) -> FieldError | None:
    at_least = criterion["at_least"]
    return _short("interactions", interactions.count(at_least), at_least)


def _activity(criterion: Criterion, _: Any, interactions: Interactions) -> FieldError | None:
    asked = {name: criterion[name] for name in ("type", "within_days")}
    return None if interactions.had(**asked) else FieldError("interactions", "activity_needed", asked)


def _member(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    role = criterion["role"]
    return (
        None if role in deal.member_roles.values() else FieldError("members", "member_needed", {"role": role})
    )


def _buyer(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    role, held = criterion["role"], {each["role"] for each in deal.buyers.values()}
    return None if role in held else FieldError("buyers", "buyer_needed", {"role": role})


def _approval(_: Criterion, deal: Any, __: Interactions) -> FieldError | None:
    return None if deal.stage_approval else FieldError("stage_approval", "approval_needed")


def _quote(criterion: Criterion, deal: Any, _: Interactions) -> FieldError | None:
    standing = criterion["standing"]
    if any(standing in ("SENT", quote["status"]) for quote in deal.sent_quotes):
        return None
    return FieldError("quotes", f"quote_{standing.lower()}_needed")


def _short(name: str, now: int, at_least: int) -> FieldError | None:
    if now >= at_least:
        return None
    return FieldError(name, f"{name}_needed", {"at_least": at_least, "now": now})


#: A deal's category is its stage's, until it is put into another one.
_CHANGED_BY: Final[Mapping[str, str]] = {"forecast_category": "category_override"}
_RULES: Final[Mapping[str, Rule]] = {
    "field": _field,
    "value": _value,
    "amount": _amount,
    "worth": _worth,
    "lines": _lines,
    "interactions": _interactions,
    "activity": _activity,
    "member": _member,
    "buyer": _buyer,
    "competitors": _competitors,
    "quote": _quote,
    "approval": _approval,
}
