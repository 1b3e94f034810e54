"""Visitors without end: what is accepted is stored, what is refused is not, and nothing else happens."""

from typing import Any, Final

import pytest

from tests.stack import load
from tests.stack.sandbox import Sandbox

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1200)]

WIDE: Final = {"posts": 100_000, "seconds": 3600}
MEGABYTE: Final = 1024 * 1024
#: What a function has, as the template says; and what a warm one may still grow by under load.
MEMORY, GROWTH = 512 * MEGABYTE, 24 * MEGABYTE


def a_form(stack: Sandbox, **limits: Any) -> str:
    """Set up a form that anybody may post to at once."""
    text = {"en": "Contact", "zh-CN": "联系"}
    fields = [
        {"name": "name", "label": text, "type": "TEXT", "required": True},
        {"name": "email", "label": text, "type": "EMAIL", "required": True},
    ]
    wide = {"address_limit": WIDE, "form_limit": WIDE, "token_required": False}
    made = stack.call(
        "POST",
        "/lead-forms",
        {"name": "Load", "title": text, "fields": fields, **wide, **limits},
        login="ops",
    )
    assert made.status == 201, made.text
    found: str = made.json["id"]
    return found


def posted_for(stack: Sandbox, *, seconds: float, visitors: int) -> int:
    """Post without pause; everything must be taken, and stand there once. Return how much it was."""
    form_id = a_form(stack)
    load.visited(stack, form_id, load.so_often(3), visitors=visitors)
    before, warm = set(load.stored(stack, form_id)), load.workers(stack)

    tally = load.visited(stack, form_id, load.for_seconds(seconds), visitors=visitors)

    taken = set(load.stored(stack, form_id)) - before
    assert set(tally.statuses) == {202}
    assert len(tally.receipts) == tally.statuses[202] == len(taken)
    assert set(tally.receipts) == taken
    now = load.workers(stack)
    assert now
    assert max(now.values()) < MEMORY
    assert [pid for pid in warm.keys() & now.keys() if now[pid] - warm[pid] > GROWTH] == []
    return len(taken)


def limited(stack: Sandbox, *, posts: int, visitors: int, each: int, **limits: Any) -> load.Tally:
    """Post more than a form takes; it must take exactly so many, and store them alone."""
    form_id = a_form(stack, **limits)

    tally = load.visited(stack, form_id, load.so_often(each), visitors=visitors)

    assert tally.statuses == {202: posts, 429: visitors * each - posts}
    assert sorted(load.stored(stack, form_id)) == sorted(tally.receipts)
    return tally


def test_posts_of_many_visitors_are_stored_each_once(stack: Sandbox) -> None:
    assert posted_for(stack, seconds=4, visitors=4) > 4


def test_a_limit_by_address_is_exact_whatever_a_visitor_says_of_themselves(stack: Sandbox) -> None:
    limit = {"posts": 10, "seconds": 3600}
    limited(stack, posts=10, visitors=4, each=6, address_limit=limit)


def test_a_limit_by_form_is_exact(stack: Sandbox) -> None:
    limited(stack, posts=9, visitors=4, each=5, form_limit={"posts": 9, "seconds": 3600})


@pytest.mark.long
def test_posts_of_eight_visitors_for_a_minute_are_stored_each_once(stack: Sandbox) -> None:
    taken = posted_for(stack, seconds=60, visitors=8)
    print(f"{taken} posts taken and stored")  # noqa: T201 - the number is what the table of proofs names


@pytest.mark.long
def test_a_thousand_posts_from_one_address_meet_the_limit_exactly(stack: Sandbox) -> None:
    limit = {"posts": 10, "seconds": 3600}
    limited(stack, posts=10, visitors=8, each=125, address_limit=limit)


@pytest.mark.long
def test_each_of_a_thousand_addresses_may_post_as_often_as_the_limit_says(stack: Sandbox) -> None:
    form_id = a_form(stack, address_limit={"posts": 1, "seconds": 3600})
    addresses = [f"10.1.{number // 250}.{number % 250 + 1}" for number in range(1_000)]

    tally = load.visited(stack, form_id, load.from_each(addresses, times=2), visitors=4)

    assert tally.statuses == {202: 1_000, 429: 1_000}
    assert sorted(load.stored(stack, form_id)) == sorted(tally.receipts)
