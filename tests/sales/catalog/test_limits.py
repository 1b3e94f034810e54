"""Who may give what discount, and what of a document somebody else has to decide."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.core.access import Role
from chalicelib.core.money import Money
from chalicelib.sales.catalog import limits
from chalicelib.sales.catalog.pricing import reckoned
from tests.client import OPERATIONS
from tests.sales.catalog.builders import product, product_id, shelf


@dataclass(frozen=True)
class Sold:
    """A line with its price before and after somebody's discount, and its cost."""

    before: int
    after: int
    costs: int | None = None
    uncompared: Sequence[str] = ()

    @property
    def before_discount(self) -> Money:
        """The price before."""
        return Money(self.before, "CNY")

    @property
    def net(self) -> Money:
        """The price after."""
        return Money(self.after, "CNY")

    @property
    def cost(self) -> Money | None:
        """What it costs us."""
        return None if self.costs is None else Money(self.costs, "CNY")


def _codes(*lines: Sold, role: Role = Role.REP) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in limits.beyond(lines, role=role)]


def test_until_a_policy_is_set_a_rep_asks_for_any_discount(tables: None) -> None:
    assert _codes(Sold(1_000, 1_000)) == []
    assert _codes(Sold(1_000, 1_000), Sold(1_000, 999)) == [("lines.1", "discount_beyond_limit")]
    assert _codes(Sold(1_000, 0), role=Role.MANAGER) == []


def test_a_role_gives_as_much_as_the_policy_says(tables: None) -> None:
    limits.set_policy(
        by=OPERATIONS, version=None, limits={"REP": 1_000, "MANAGER": 2_000}, least_margin_bps=3_000
    )

    assert _codes(Sold(1_000, 900)) == []
    assert _codes(Sold(1_000, 899)) == [("lines.0", "discount_beyond_limit")]
    assert _codes(Sold(1_000, 799), role=Role.MANAGER) == [("lines.0", "discount_beyond_limit")]
    assert _codes(Sold(1_000, 0), role=Role.ADMIN) == []
    assert _codes(Sold(1_000, 1_000, 700), Sold(50, 50)) == []
    assert _codes(Sold(1_000, 1_000, 701)) == [("lines", "margin_below_least")]


def test_what_cannot_be_compared_is_decided_by_who_may_give_anything(tables: None) -> None:
    limits.set_policy(
        by=OPERATIONS, version=None, limits={"REP": 9_999, "MANAGER": 10_000}, least_margin_bps=3_000
    )
    foreign = Sold(1_000, 1_000, uncompared=("price", "cost"))

    assert _codes(foreign) == [("lines.0", "discount_unknown"), ("lines", "margin_unknown")]
    assert limits.deciders([foreign]) == (Role.ADMIN, Role.MANAGER)


def test_a_policy_is_changed_on_the_version_that_was_seen(tables: None) -> None:
    first = limits.set_policy(by=OPERATIONS, version=0, limits={"REP": 500})

    with pytest.raises(errors.Stale):
        limits.set_policy(by=OPERATIONS, version=0, limits={})

    assert limits.set_policy(by=OPERATIONS, version=first.version, limits={}).limits == {}


@given(st.integers(0, 10**9), st.integers(1, 500), st.integers(0, 10_000))
def test_a_discount_of_just_the_limit_is_within_it_however_it_rounds(
    minor: int, quantity: int, bps: int
) -> None:
    [line] = reckoned(
        [{"product_id": product_id(0), "quantity": quantity, "discount_bps": bps}],
        shelf([product(0, minor)]),
    )

    assert not limits.is_beyond(line, bps)
    assert 0 <= limits.bps_off(line) <= 10_000
