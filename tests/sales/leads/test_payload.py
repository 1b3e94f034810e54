"""Posts of other systems: whatever their shape, a path leads to what there is, and nothing makes it fail."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core import errors
from chalicelib.sales.leads import channels, payload


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", "1"),
        ("list.[key=x].value", "first"),
        ("list.value", "zero"),
        ("a.none.b", None),
        ("list.[key=z].value", None),
        ("empty", None),
        ("a", None),
    ],
)
def test_a_path_leads_to_the_first_text_there_is(path: str, value: str | None) -> None:
    body = {
        "a": {"b": [[], [1, 2]]},
        "list": [{"key": "y", "value": "zero"}, {"key": "x", "value": ["", "first"]}],
        "empty": "  ",
    }

    assert payload.text(body, path) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_whatever_is_posted_a_record_is_read_or_refused(body: Any) -> None:
    mapping = {"name": "a.b", "email": "b", "employees": "c.a", "answers.x": "a.[b=c].a"}
    try:
        details = channels.read(body, mapping)
    except errors.Invalid as refused:
        assert [each.code for each in refused.errors] == ["nobody"]  # noqa: PT017 - either outcome is right
    else:
        assert details["name"]
