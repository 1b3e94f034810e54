"""Ids: typed, in the order of time, and the same for the same reason."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.core import clock, ids

kinds = st.from_regex(r"\A[a-z][a-z]{1,10}(_[a-z]{1,8})?\Z")
instants = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    datetime(2100, 1, 1),  # noqa: DTZ001 - the zone is given beside it
    timezones=st.just(UTC),
)
texts = st.text(max_size=20)


@given(kinds, instants)
def test_an_id_tells_its_kind_and_has_the_form_that_requests_take(kind: str, at: datetime) -> None:
    with clock.at(at):
        made = ids.new(kind)

    assert ids.kind_of(made) == kind
    assert re.fullmatch(ids.PATTERN, made)


@given(instants, st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)))
def test_what_is_made_later_sorts_later(at: datetime, wait: timedelta) -> None:
    with clock.at(at):
        first = ids.new("lead")
    with clock.at(at + wait):
        second = ids.new("lead")

    assert first < second


def test_no_two_ids_are_alike_within_one_instant() -> None:
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        assert len({ids.new("lead") for _ in range(1000)}) == 1000


@given(instants, kinds, st.lists(texts, max_size=3))
def test_a_derived_id_follows_from_its_parent_and_sorts_with_it(
    at: datetime, kind: str, parts: list[str]
) -> None:
    with clock.at(at):
        parent = ids.new("lead")

    made = ids.derived(kind, parent, *parts)

    assert made == ids.derived(kind, parent, *parts)
    assert re.fullmatch(ids.PATTERN, made)
    assert made.rpartition("_")[2][:10] == parent.rpartition("_")[2][:10]


@given(st.lists(texts, max_size=3), st.lists(texts, max_size=3))
def test_another_reason_makes_another_id(one: list[str], other: list[str]) -> None:
    assume(one != other)
    parent = "lead_01J00000000000000000000000"

    made = {ids.derived("task", parent, *one), ids.derived("task", parent, *other)}

    assert len(made) == 2


def test_an_attribute_gets_a_fresh_id_each_time() -> None:
    make = ids.maker("api_key")

    assert make() != make()
    assert ids.kind_of(make()) == "api_key"
