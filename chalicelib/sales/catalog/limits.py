"""Who may give what discount without asking 折扣权限: the policy, and what of a document exceeds it."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from chalicelib.core.access import Principal, Role
from chalicelib.core.decisions import decide, decided
from chalicelib.core.errors import FieldError
from chalicelib.core.money import Money
from chalicelib.core.rounding import WHOLE
from chalicelib.sales.catalog.models import PricePolicy

#: Until operations set a policy: those who manage decide, everybody else asks.
_AT_FIRST: Final[Mapping[str, int]] = {Role.MANAGER: WHOLE, Role.OPERATIONS: WHOLE}


class Negotiated(Protocol):
    """What of a line says how far somebody went below everybody's price."""

    @property
    def before_discount(self) -> Money:
        """The price without what somebody took off."""

    @property
    def net(self) -> Money:
        """The price with it."""

    @property
    def cost(self) -> Money | None:
        """What it costs us, None where that is not known."""


def policy() -> PricePolicy:
    """Return the policy; version 0 until operations set one."""
    return decided(PricePolicy, limits=dict(_AT_FIRST))


def set_policy(
    *, by: Principal, version: int | None, limits: Mapping[str, int], least_margin_bps: int | None = None
) -> PricePolicy:
    """Replace the policy: `limits` in basis points by role; a role that is not named may give nothing."""
    terms = {"limits": dict(limits), "least_margin_bps": least_margin_bps}
    return decide(policy(), by=by.id, version=version, **terms)


def beyond(lines: Sequence[Negotiated], *, role: Role) -> list[FieldError]:
    """Return what of some lines somebody of a role cannot decide alone, naming each line.

    Administrators decide all. The margin that is lacking is told, but not what things cost.
    """
    if role == Role.ADMIN:
        return []
    rules = policy()
    limit = rules.limits.get(role, 0)
    found = [
        FieldError(
            f"lines.{at}", "discount_beyond_limit", {"limit_bps": limit, "discount_bps": bps_off(line)}
        )
        for at, line in enumerate(lines)
        if is_beyond(line, limit)
    ]
    least: int | None = rules.least_margin_bps
    if least is not None and role not in (Role.MANAGER, Role.OPERATIONS) and _thin(lines, least):
        found.append(FieldError("lines", "margin_below_least", {"least_bps": least}))
    return found


def bps_off(line: Negotiated) -> int:
    """Return the discount of a line in basis points, to the nearest one."""
    before = line.before_discount.minor
    return ((before - line.net.minor) * 2 * WHOLE + before) // (2 * before) if before > 0 else 0


def is_beyond(line: Negotiated, limit_bps: int) -> bool:
    """Whether a line's discount is more than so many basis points, a rounded minor unit aside."""
    before = line.before_discount.minor
    allowed = -(-before * limit_bps // WHOLE)
    return before - line.net.minor > allowed


def margin(lines: Sequence[Negotiated]) -> tuple[int, int]:
    """Return the margin of the lines whose cost is known, and their price, in minor units."""
    known = [(line.net.minor, line.cost.minor) for line in lines if line.cost is not None]
    return sum(net - cost for net, cost in known), sum(net for net, _ in known)


def _thin(lines: Sequence[Negotiated], least_bps: int) -> bool:
    earned, price = margin(lines)
    return earned * WHOLE < least_bps * price
