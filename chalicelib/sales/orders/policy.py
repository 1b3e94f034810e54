"""What operations decide about orders, as data: approval, days to pay and to send back, the prefix."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.decisions import decide, decided
from chalicelib.core.money import Money, limits
from chalicelib.sales.orders.chain import AMOUNT, CREDIT, PRICE, Rule
from chalicelib.sales.orders.models import OrderPolicy


def policy() -> OrderPolicy:
    """Return the policy; until operations set one (version 0): every order needs approval."""
    return decided(OrderPolicy)


def set_policy(
    *,
    by: Principal,
    version: int | None,
    approval_limits: list[Money],
    payment_days: int,
    number_prefix: str,
    return_days: int | None = None,
    approval_steps: Sequence[Mapping[str, Any]] = (),
) -> OrderPolicy:
    """Replace the policy. Invalid when a currency has two limits, or two steps have one name."""
    names = [PRICE, AMOUNT, CREDIT, *(step["name"] for step in approval_steps)]
    if len(set(names)) < len(names):
        raise errors.Invalid.one("approval_steps", "duplicate_step")
    return decide(
        policy(),
        by=by.id,
        version=version,
        limits=limits(approval_limits, field="approval_limits"),
        step_rows=[_rule(step, position).row() for position, step in enumerate(approval_steps)],
        payment_days=payment_days,
        number_prefix=number_prefix,
        return_days=return_days,
    )


def _rule(step: Mapping[str, Any], position: int) -> Rule:
    return Rule(
        step["name"],
        over=_limits(step, position, "over"),
        margin_below_bps=step.get("margin_below_bps"),
        discount_above_bps=step.get("discount_above_bps"),
        unlisted_over=_limits(step, position, "unlisted_over"),
        roles=tuple(step.get("roles", ())),
    )


def _limits(step: Mapping[str, Any], position: int, name: str) -> dict[str, int] | None:
    asked = step.get(name)
    return None if asked is None else limits(asked, field=f"approval_steps.{position}.{name}")
