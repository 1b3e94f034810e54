"""What of an order's prices somebody cannot decide alone 折扣权限: a step of its approval, as of quotes."""

from collections.abc import Sequence
from typing import Any

from chalicelib.core.access import Role
from chalicelib.core.errors import FieldError
from chalicelib.core.reasons import kept
from chalicelib.sales.catalog import service as catalog
from chalicelib.sales.orders.chain import PRICE, Approval, margin_level
from chalicelib.sales.orders.lines import Line


def beyond(lines: Sequence[Line], *, role: Role) -> Approval | None:
    """Return the step that lines need which somebody of a role asks for; None within his limits.

    Whoever could decide them signs it, by the limits that hold now. Of each kind of reason the worst
    line tells.
    """
    return _step(catalog.beyond(lines, role=role), lines, lines)


def beyond_anew(
    lines: Sequence[Line], *, anew: Sequence[Line], before: Sequence[Line], role: Role
) -> Approval | None:
    """Return the step that a change of approved lines needs: for what is `anew` (`worse`), and for a
    margin that was better before.
    """
    found = catalog.beyond(lines, role=role, anew=anew)
    if margin_level(lines) <= margin_level(before):
        found = [each for each in found if each.code != "margin_below_least"]
    return _step(found, lines, anew)


def worse(lines: Sequence[Line], before: Sequence[Line]) -> list[Line]:
    """Return the lines that nobody has approved as they are: new ones, and those that are cheaper now."""
    stood = {line.number: line for line in before}
    return [line for line in lines if line.number not in stood or _cheaper(line, stood[line.number])]


def _cheaper(line: Line, before: Line) -> bool:
    # A minor unit less may be how its part of a price rounds.
    less = (line.net.minor + 1) * before.quantity < before.net.minor * line.quantity
    return catalog.is_beyond(line, max(catalog.bps_off(before), 0)) or (bool(line.uncompared) and less)


def _step(found: Sequence[FieldError], lines: Sequence[Line], anew: Sequence[Line]) -> Approval | None:
    if not found:
        return None
    told: dict[str, dict[str, Any]] = {}
    for each, reason in zip(found, kept(found), strict=True):
        level = (
            margin_level(lines) if each.code == "margin_below_least" else each.values.get("discount_bps", 0)
        )
        if each.code not in told or level > told[each.code]["level"]:
            told[each.code] = {**reason, "level": level}
    return Approval(PRICE, "orders:approve", catalog.deciders(lines, anew=anew), list(told.values()))
