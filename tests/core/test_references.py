"""What a request names is looked up together, and every wrong one is told."""

from dataclasses import dataclass

import pytest

from chalicelib.core import errors
from chalicelib.core.access import Principal
from chalicelib.core.references import References
from tests.client import REP


@dataclass
class Held:
    status: str
    account_id: str


HELD = {"a": Held("ACTIVE", "acme"), "void": Held("VOIDED", "acme")}


def look_up(item_id: str, *, who: Principal) -> Held:
    if item_id not in HELD:
        raise errors.NotFound
    return HELD[item_id]


def test_what_is_there_and_fits_is_returned() -> None:
    named = References(REP)

    assert named.take("first", look_up, "a", account_id="acme") is HELD["a"]
    assert named.take("second", look_up, None) is None
    named.check()


def test_missing_voided_and_foreign_records_are_told_alike_and_at_once() -> None:
    named = References(REP)
    named.take("missing", look_up, "b")
    named.take("voided", look_up, "void")
    named.take("foreign", look_up, "a", account_id="other")

    with pytest.raises(errors.Invalid) as refused:
        named.check()

    assert [(wrong.field, wrong.code) for wrong in refused.value.errors] == [
        ("missing", "unknown_reference"),
        ("voided", "unknown_reference"),
        ("foreign", "unknown_reference"),
    ]
