"""Calls to the app from many threads at once: Chalice keeps one request at hand, and deployed has one."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from chalice.app import Request

from chalicelib.core.web import serve
from tests.client import Client
from tests.core.wrong import endpoints

A = TypeVar("A")
R = TypeVar("R")


class _Door:
    """Serves a request by itself, past the app's one place for it."""

    def __init__(self, app: Any) -> None:
        self.routes = app.routes
        self.endpoints = {(each.method, each.path or "/"): each for each in endpoints()}

    def __call__(self, event: Any, context: Any) -> Any:
        endpoint = self.endpoints[event["httpMethod"], event["resource"]]
        answer = serve(endpoint, Request(event, context), event["pathParameters"] or {})
        return answer.to_dict(binary_types=[])


class ParallelClient(Client):
    """A client that any number of threads may share."""

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Self]:
        """Open the door."""
        with Client.open() as one_at_a_time:
            yield cls(_Door(one_at_a_time.app))


def at_once(verb: Callable[[A], R], arguments: Iterable[A], *, threads: int = 16) -> list[R]:
    """Do something with each argument, so many at a time; return what came of each."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(verb, arguments))
