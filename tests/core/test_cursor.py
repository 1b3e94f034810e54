"""Cursors: they go on from a page of one list, and nowhere else."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.core import cursor, errors
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


@given(st.text(max_size=200))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    with pytest.raises(errors.Invalid):
        cursor.decode(text, scope="leads")


def test_a_signature_for_something_else_is_no_cursor() -> None:
    with pytest.raises(errors.Invalid):
        cursor.decode(sign("form", '["leads",{}]'), scope="leads")
