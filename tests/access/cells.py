"""One cell of the matrix: somebody asks, and what came of it as the matrix writes it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.access.rows import Row, nowhere
from tests.access.who import ALSO, EITHER, GONE, KEY, NO, PEOPLE, SEEN, WITHOUT, YES
from tests.access.world import Door, Reply, World

#: The widest key that can be issued.
ALL_ELSE: Final = "key *:read *:write"
#: What a GET says that is answered: the record, or that it has not come to that yet (a report).
_READ: Final = {200, 409}


def expected(row: Row, column: str) -> str:
    """What the matrix says."""
    cell = row.cells[column]
    return SEEN if cell in ALSO else cell


def seen(door: Door, world: World, row: Row, column: str) -> str:
    """What really happens, written as the matrix writes it; a status where it has no sign for it."""
    return came(door, world, row, key_for(row) if column == KEY else PEOPLE[column])


def key_for(row: Row) -> str:
    """The key with a row's scope; of administration, which no key can have, one that opens all else."""
    return ALL_ELSE if row.scope.endswith(":admin") else f"key {row.scope}"


def came(door: Door, world: World, row: Row, who: str) -> str:
    """What somebody (a person's key in the company, or ``key <scopes>``) gets for a row."""
    reply = door.send(who, row.request(world))
    if reply.status in (403, 404):
        other = door.send(who, row.request(nowhere(world))) if row.names_a_record else reply
        if _told(reply) == _told(other):
            return NO if reply.status == 403 else GONE
        return SEEN if reply.status == 403 else "404, but not as for an id that nothing has"
    read = row.endpoint.method == "GET"
    if reply.status not in _READ if read else not (200 <= reply.status < 500 and reply.status != 401):
        return f"{reply.status} {reply.text[:200]}"
    if row.shows:
        return YES if world[row.shows] in reply.text else WITHOUT
    return YES


def fits(wanted: str, found: str) -> bool:
    """Whether what happened is what the matrix says."""
    return found in (YES, WITHOUT) if wanted == EITHER else found == wanted


def differing(found: Mapping[str, str], row: Row) -> dict[str, str]:
    """The columns in which it is not."""
    return {
        column: f"{cell}, not {expected(row, column)}"
        for column, cell in found.items()
        if not fits(expected(row, column), cell)
    }


def _told(reply: Reply) -> tuple[int, Any]:
    """A refusal without what names this one request."""
    document = json.loads(reply.text)
    document.pop("instance", None)
    return reply.status, document
