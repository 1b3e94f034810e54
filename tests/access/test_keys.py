"""API keys: each opens what its scopes say, and nothing beside."""

from typing import Final

import pytest

from chalicelib.core.access import Principal, Role
from tests.access.cells import came
from tests.access.doors import InProcess
from tests.access.rows import GUARDED, Request, Row, nowhere
from tests.access.who import ALSO, KEY
from tests.access.world import World

AREAS: Final = sorted({row.scope.partition(":")[0] for row in GUARDED})
VERBS: Final = ("read", "write", "approve", "configure", "*")
SCOPES: Final = [*(f"{area}:{verb}" for area in AREAS for verb in VERBS), "*:read", "*:write"]


def opens(scope: str, row: Row) -> bool:
    """Whether the matrix lets a key with one scope through a row's door."""
    area, verb = row.scope.split(":")
    return verb != "admin" and scope in (row.scope, f"*:{verb}", f"{area}:*")


def _program(scope: str) -> Principal:
    return Principal("api_key_00000000000000000000000KEY", Role.INTEGRATION, scope, scopes=frozenset({scope}))


@pytest.mark.parametrize("row", [pytest.param(row, id=row.asked) for row in GUARDED])
def test_a_key_opens_what_its_scope_says(door: InProcess, world: World, row: Row) -> None:
    door.known |= {f"key {scope}": _program(scope) for scope in SCOPES}

    request = row.request(nowhere(world))  # of nothing: then 403 can only be the key's
    refused = {scope for scope in SCOPES if door.send(f"key {scope}", request).status == 403}

    assert refused == {scope for scope in SCOPES if not opens(scope, row)}


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row.asked) for row in GUARDED if row.cells[KEY] in ALSO]
)
def test_what_takes_a_second_right_takes_it_of_a_key_too(door: InProcess, world: World, row: Row) -> None:
    area = row.scope.partition(":")[0]
    second = f"key {row.scope} {area}:{ALSO[row.cells[KEY]]}"
    scopes = frozenset(second.split()[1:])
    door.known[second] = Principal("api_key_00000000000000000000000KEY", Role.INTEGRATION, "", scopes=scopes)

    assert came(door, world, row, f"key {row.scope}") == "!"
    assert came(door, world, row, second) == "+"


@pytest.mark.parametrize(
    "scope",
    [*(f"{area}:admin" for area in AREAS), "*:*", "*:admin", "*:approve", "*:configure", "*", "", "ADMIN"],
)
def test_no_key_is_issued_for_administration(door: InProcess, world: World, scope: str) -> None:
    reply = door.send("ada", Request("POST", "/api-keys", {"name": "x", "scopes": [scope]}, None))

    assert reply.status == 400
    assert reply.json["errors"][0]["field"] == "scopes.0"
