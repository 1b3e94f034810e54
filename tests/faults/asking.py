"""Sending a request of the table of verbs, and telling what came of it."""

import re
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.core.endpoint import Endpoint
from tests.client import Client, Reply
from tests.core.wrong import endpoints
from tests.faults.asks import Ask
from tests.faults.effects import effect, held, neutral

#: Asked by POST because the question is long; they change nothing.
QUESTIONS: Final = {
    "prices.ask_prices",
    "clause_reviews.review_text",
    "contract_templates.fill_contract_template",
}
#: What a customer may do who has nothing but a link.
BY_LINK: Final = {"quote_links.accept_quote", "quote_links.ask_changes"}
#: Every route that changes something and that not just anybody may call.
CHANGING: Final = {
    each.name: each
    for each in endpoints()
    if each.method != "GET" and (not each.public or each.name in BY_LINK) and each.name not in QUESTIONS
}


@dataclass(frozen=True)
class Tried:
    """What came of a request: its answer, and what it wrote."""

    answer: tuple[Any, ...]
    wrote: list[str]


def send(client: Client, endpoint: Endpoint, ask: Ask, key: str) -> Reply:
    """Send a request, with a key of its own."""
    ids = iter(ask.ids)
    path = "/".join(next(ids) if part.startswith("{") else part for part in endpoint.path.split("/"))
    match = ask.match if endpoint.if_match else None
    return client.call(
        endpoint.method, path, ask.body, by=ask.by, match=match, headers={"Idempotency-Key": key}
    )


def told(reply: Reply) -> tuple[Any, ...]:
    """An answer without what is each request's own; the version is, of what was there before it."""
    text = re.sub(r'"version":\d+', '"version":"#"', neutral(reply.text))
    return (reply.status, neutral(reply.headers.get("location", "")), "etag" in reply.headers, text)


def undisturbed(client: Client, endpoint: Endpoint, ask: Ask) -> Tried:
    """What comes of a request when nothing goes wrong."""
    before = held()
    reply = send(client, endpoint, ask, "undisturbed")
    assert reply.status < 300, reply.text
    return Tried(told(reply), effect(before, held()))
