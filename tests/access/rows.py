"""The matrix as rows, and the requests that they stand for.

``matrix/*.txt`` says of every route who may call it: written by hand, compared with what happens.
A line is: the scope that opens it to a key (``-``: anybody on the internet may), the pattern of
`tests.access.who`, the request. In braces are records of `tests.access.world`; ``> {account}``
names the one that a list has, or has not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.core import ids
from chalicelib.core.endpoint import Endpoint
from tests.access.who import WHO
from tests.core import wrong

_MATRIX: Final = Path(__file__).with_name("matrix")
_PLACE: Final = re.compile(r"\{(\w+)\}")
#: A version that no record has: whoever may make a change is told so, and nothing changes.
NEVER: Final = 10**14


@dataclass(frozen=True)
class Request:
    """A request as it goes over the wire; `match` is If-Match."""

    method: str
    path: str
    body: Any
    match: int | None


@dataclass(frozen=True)
class Row:
    """A line of the matrix. `shows` is the place of the record that a list has, or has not."""

    scope: str
    pattern: str
    asked: str
    shows: str

    @property
    def cells(self) -> Mapping[str, str]:
        """What each column gets."""
        return WHO[self.pattern]

    @property
    def public(self) -> bool:
        """Whether anybody on the internet may call it."""
        return self.scope == "-"

    @property
    def names_a_record(self) -> bool:
        """Whether it is about one record, so that another id can be asked for."""
        return bool(_PLACE.search(self.asked))

    @property
    def route(self) -> str:
        """Its route, whatever the places in it are called."""
        return shape_of(self.asked.partition("?")[0])

    @property
    def endpoint(self) -> Endpoint:
        """The route itself."""
        return ENDPOINTS[self.route]

    def request(self, world: Mapping[str, str]) -> Request:
        """The request for the world's records. What would add a record says something no route knows."""
        method, _, path = _PLACE.sub(lambda place: world[place[1]], self.asked).partition(" ")
        shape = self.endpoint.body
        body = None
        if shape is not None:
            whole = self.names_a_record or method != "POST"
            body = _meant(wrong.least(shape), world) if whole else {"no_such": 1}
        return Request(method, path, body, None if method == "GET" else NEVER)


def _meant(body: dict[str, Any], world: Mapping[str, str]) -> dict[str, Any]:
    """A body that names somebody who is there: it is not refused for naming nobody."""
    nobody = f"user_{wrong.MISSING}"
    return {name: world["user"] if value == nobody else value for name, value in body.items()}


def shape_of(route: str) -> str:
    """Return a route without the names of its places."""
    return _PLACE.sub("{}", route)


def nowhere(world: Mapping[str, str]) -> dict[str, str]:
    """Return ids of the same kinds that nothing has."""
    return {
        place: f"{ids.kind_of(each)}_{wrong.MISSING}" if ids.is_id(each) else each
        for place, each in world.items()
    }


def _rows() -> Iterator[Row]:
    for page in sorted(_MATRIX.glob("*.txt")):
        for line in filter(None, page.read_text("utf-8").splitlines()):
            scope, pattern, rest = re.split(r"\s{2,}", line)
            asked, _, shows = rest.partition(" > ")
            yield Row(scope, pattern, asked, shows.strip("{}"))


#: The routes there are, by shape.
ENDPOINTS: Final = {shape_of(wrong.name_of(each)): each for each in wrong.endpoints()}
ROWS: Final = list(_rows())
GUARDED: Final = [row for row in ROWS if not row.public]
