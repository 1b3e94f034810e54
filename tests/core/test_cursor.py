"""Cursors: they go on from a page of one list, and nowhere else."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.core import clock, cursor, errors
from chalicelib.core.signing import sign

keys = st.dictionaries(
    st.text(max_size=10),
    st.dictionaries(st.sampled_from("SN"), st.text(max_size=20), min_size=1, max_size=1),
    max_size=4,
)
scopes = st.text(max_size=30)


@given(keys, scopes)
def test_a_cursor_leads_to_where_the_page_ended(after: dict[str, Any], scope: str) -> None:
    assert cursor.decode(cursor.encode(after, scope=scope), scope=scope) == after


@given(keys, scopes, scopes)
def test_a_cursor_of_another_list_or_caller_is_refused(after: dict[str, Any], scope: str, other: str) -> None:
    assume(scope != other)

    with pytest.raises(errors.Invalid) as refused:
        cursor.decode(cursor.encode(after, scope=scope), scope=other)

    assert [(each.field, each.code) for each in refused.value.errors] == [("cursor", "cursor")]


def test_a_cursor_is_good_for_a_day() -> None:
    made = cursor.encode({"id": {"S": "lead_1"}}, scope="leads")

    with clock.at(clock.now() + cursor.LASTS - timedelta(minutes=1)):
        assert cursor.decode(made, scope="leads")
    with clock.at(clock.now() + cursor.LASTS), pytest.raises(errors.Invalid):
        cursor.decode(made, scope="leads")


@given(st.text(max_size=200))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(errors.Invalid):
        cursor.decode(text, scope="leads")


def test_a_signature_for_something_else_is_no_cursor() -> None:
    with pytest.raises(errors.Invalid):
        cursor.decode(sign("form", '["leads",{}]'), scope="leads")
