"""What is decided once for all: usual until somebody decides, and decided by one at a time."""

import pytest

from chalicelib.core import errors
from chalicelib.core.decisions import decide, decided
from chalicelib.sales.orders.models import OrderPolicy
from tests.client import OPERATIONS


def _policy() -> OrderPolicy:
    return decided(OrderPolicy, payment_days=14)


def test_until_somebody_decides_the_usual_holds_and_nothing_is_written(tables: None) -> None:
    assert (_policy().version, _policy().payment_days) == (0, 14)
    assert OrderPolicy.count() == 0


def test_the_first_decision_keeps_what_was_usual_of_the_rest(tables: None) -> None:
    decide(_policy(), by=OPERATIONS.id, version=0, number_prefix="PO")

    found = _policy()
    assert (found.version, found.payment_days, found.number_prefix) == (1, 14, "PO")


def test_later_decisions_replace_it_version_by_version(tables: None) -> None:
    decide(_policy(), by=OPERATIONS.id, version=None, payment_days=30)
    made = decide(_policy(), by=OPERATIONS.id, version=1, payment_days=60)

    assert (made.version, _policy().payment_days) == (2, 60)
    with pytest.raises(errors.Stale):
        decide(_policy(), by=OPERATIONS.id, version=1, payment_days=90)


def test_of_two_who_decide_for_the_first_time_at_once_one_is_told_to_look_again(tables: None) -> None:
    mine, theirs = _policy(), _policy()
    decide(theirs, by=OPERATIONS.id, version=0, payment_days=30)

    with pytest.raises(errors.Stale):
        decide(mine, by=OPERATIONS.id, version=0, payment_days=60)
    assert _policy().payment_days == 30
