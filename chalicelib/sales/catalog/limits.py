"""Who may give what discount without asking 折扣权限: the policy, and what of a document exceeds it."""

from collections.abc import Iterator, Mapping, Sequence
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

    @property
    def uncompared(self) -> Sequence[str]:
        """What the catalogue knows of it in other currencies only: "price", "cost"."""


def policy() -> PricePolicy:
    """Return the policy; version 0 until operations set one."""
    return decided(PricePolicy, limits=dict(_AT_FIRST))


def set_policy(
    *, by: Principal, version: int | None, limits: Mapping[str, int], least_margin_bps: int | None = None
) -> PricePolicy:
    """Replace the policy: `limits` in basis points by role; a role that is not named may give nothing."""
    terms = {"limits": dict(limits), "least_margin_bps": least_margin_bps}
    return decide(policy(), by=by.id, version=version, **terms)


def beyond(
    lines: Sequence[Negotiated], *, role: Role, anew: Sequence[Negotiated] | None = None
) -> list[FieldError]:
    """Return what of some lines somebody of a role cannot decide alone, naming each line.

    Administrators decide all. The margin that is lacking is told, but not what things cost. Only of the
    lines that are `anew` (all, unless said) the discount is asked for; `lines` then names those.
    """
    return _beyond(policy(), lines, lines if anew is None else anew, role)


def deciders(lines: Sequence[Negotiated], *, anew: Sequence[Negotiated] | None = None) -> tuple[Role, ...]:
    """Return the roles for which nothing of some lines is `beyond`."""
    rules, asked = policy(), lines if anew is None else anew
    return tuple(role for role in Role if not _beyond(rules, lines, asked, role))


def _beyond(
    rules: PricePolicy, lines: Sequence[Negotiated], asked: Sequence[Negotiated], role: Role
) -> list[FieldError]:
    if role == Role.ADMIN:
        return []
    limit = rules.limits.get(role, 0)
    found = [error for at, line in enumerate(asked) for error in _too_cheap(line, f"lines.{at}", limit)]
    least: int | None = rules.least_margin_bps
    if least is not None and role not in (Role.MANAGER, Role.OPERATIONS):
        found += _too_thin(lines, asked, least)
    return found


def _too_cheap(line: Negotiated, field: str, limit: int) -> Iterator[FieldError]:
    if is_beyond(line, limit):
        given = {"limit_bps": limit, "discount_bps": bps_off(line)}
        yield FieldError(field, "discount_beyond_limit", given)
    if is_unknown(line, limit):
        yield FieldError(field, "discount_unknown", {"currency": line.net.currency})


def _too_thin(
    lines: Sequence[Negotiated], asked: Sequence[Negotiated], least_bps: int
) -> Iterator[FieldError]:
    earned, price = margin(lines)
    if earned * WHOLE < least_bps * price:
        yield FieldError("lines", "margin_below_least", {"least_bps": least_bps})
    if any("cost" in line.uncompared for line in asked):
        yield FieldError("lines", "margin_unknown", {"least_bps": least_bps})


def bps_off(line: Negotiated) -> int:
    """Return the discount of a line in basis points, to the nearest one."""
    before = line.before_discount.minor
    return ((before - line.net.minor) * 2 * WHOLE + before) // (2 * before) if before > 0 else 0


def is_beyond(line: Negotiated, limit_bps: int) -> bool:
    """Whether a line's discount is more than so many basis points, a rounded minor unit aside."""
    before = line.before_discount.minor
    allowed = -(-before * limit_bps // WHOLE)
    return before - line.net.minor > allowed


def is_unknown(line: Negotiated, limit_bps: int) -> bool:
    """Whether a line may be below so much discount or beyond: no price is there to compare it with."""
    return "price" in line.uncompared and limit_bps < WHOLE


def margin(lines: Sequence[Negotiated]) -> tuple[int, int]:
    """Return the margin of the lines whose cost is known, and their price, in minor units."""
    known = [(line.net.minor, line.cost.minor) for line in lines if line.cost is not None]
    return sum(net - cost for net, cost in known), sum(net for net, _ in known)
