"""The way in within this process: past the gateway, with the principals that its authorizer makes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from moto import mock_aws

from chalicelib.core.access import Principal
from chalicelib.organisation.people import directory
from chalicelib.organisation.people import service as people
from chalicelib.sales.revenue import service as revenue
from infra.demo import order, website
from tests.access.rows import Request
from tests.client import Client, Reply
from tests.memory import fresh_tables
from tests.platform.imports.bringing import make_bucket


class InProcess:
    """The whole app, called as the gateway calls it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.known: dict[str, Principal] = {}

    def let_in(self, who: str, user: Mapping[str, Any]) -> None:
        """Let a user sign in from now on."""
        self.known[who] = people.principal(people.user(user["id"]))

    def send(self, who: str, request: Request) -> Reply:
        """Send a request as somebody."""
        path, _, query = request.path.partition("?")
        return self.client.call(
            request.method,
            path,
            request.body,
            by=self.known[who],
            query=dict(parse_qsl(query)),
            match=request.match,
        )

    def hand_key(self, who: str, key: str) -> None:
        """Let a program come with a key from now on."""
        self.known[who] = people.identify(key)

    def book(self, source_id: str, schedule_id: str) -> None:
        """Have what was sold, or came back, in the books."""
        booked = revenue.follow(source_id)
        assert booked is not None
        assert booked.id == schedule_id


@contextmanager
def opened() -> Iterator[InProcess]:
    """Open the demo company, without history, in this process."""
    with mock_aws(), Client.open() as client:
        fresh_tables()
        make_bucket()
        directory.forget()
        order.set_up()
        website.open_up()
        yield InProcess(client)
    directory.forget()
