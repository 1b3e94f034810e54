"""The matrix of who may do what, through the deployed stack: gateway, authorizer, function, table.

`make test` asks a sample of it, `make test-long` all of it. In the sample bad tokens are dealt out over
the routes; that none of them opens any route is asked of the authorizer itself in
`tests/access/test_tokens.py`.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, product
from typing import Any, Final, TypeVar

import pytest

from infra.demo.people import Person
from infra.sandbox import logins
from infra.sandbox.emulator import REGION
from infra.sandbox.installation import Installation
from infra.stack import Cloud
from tests.access.cells import ALL_ELSE, differing, key_for, seen
from tests.access.rows import GUARDED, ROWS, Request, Row
from tests.access.who import KEY, PEOPLE
from tests.access.world import World, built
from tests.stack.forging import Forger
from tests.stack.sandbox import Reply, Sandbox

pytestmark = [pytest.mark.stack, pytest.mark.timeout(3_600)]

#: Calls at a time: for each of them MiniStack starts a process of its own for every function.
AT_ONCE: Final = 2
#: For so long the streams may take.
MOST_SECONDS: Final = 60
#: One row in so many, and one column in so many, are in the sample.
EVERY_ROW, EVERY_COLUMN = 6, 3

T = TypeVar("T")
R = TypeVar("R")


class OverTheWire:
    """The way in through the deployed gateway, with tokens that were really issued."""

    def __init__(self, stack: Sandbox) -> None:
        self.stack = stack
        self.tokens: dict[str, str] = {}
        outputs = {
            "UserPoolId": stack.addresses["user_pool_id"],
            "UserPoolClientId": stack.addresses["user_pool_client_id"],
        }
        self.installed = Installation(Cloud(stack.addresses["endpoint"], REGION), outputs)

    def let_in(self, who: str, user: Mapping[str, Any]) -> None:
        """Make an account for a user, and sign them in."""
        key = user["email"].partition("@")[0].replace(".", "_")
        person = Person(key, user["name"], "", "en")
        assert person.email == user["email"]
        self.tokens[who] = logins.login(self.installed, who, person).token

    def hand_key(self, who: str, key: str) -> None:
        """Let a program come with a key from now on."""
        self.tokens[who] = key

    def send(self, who: str, request: Request) -> Reply:
        """Send a request as somebody."""
        match = {"If_Match": f'"{request.match}"'} if request.match is not None else {}
        return self.stack.call(request.method, request.path, request.body, token=self.tokens[who], **match)

    def book(self, source_id: str, schedule_id: str) -> None:
        """Wait until what was sold, or came back, is in the books."""
        for _ in range(MOST_SECONDS):
            if (
                self.send("ada", Request("GET", f"/revenue-schedules/{schedule_id}", None, None)).status
                == 200
            ):
                return
            time.sleep(1)
        raise AssertionError(f"{source_id} is not in the books after {MOST_SECONDS} s")


@pytest.fixture(scope="module")
def door(stack: Sandbox) -> OverTheWire:
    """The deployed gateway."""
    return OverTheWire(stack)


@pytest.fixture(scope="module")
def world(door: OverTheWire) -> World:
    """Wang Fang's records in the deployed stack."""
    return built(door, keys={ALL_ELSE, *(key_for(row) for row in GUARDED)})


def at_once(do: Callable[[T], R], each: Iterable[T]) -> list[R]:
    """Do something for each, some at a time; what comes of it in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, each))


def wrong_cells(door: OverTheWire, world: World, cells: Iterable[tuple[Row, str]]) -> dict[str, Any]:
    """The cells in which the stack does something else than the matrix says."""
    asked = list(cells)
    found = at_once(lambda cell: seen(door, world, *cell), asked)
    wrong = (
        (row, column, differing({column: got}, row)) for (row, column), got in zip(asked, found, strict=True)
    )
    return {f"{row.asked} by {column}": odd[column] for row, column, odd in wrong if odd}


def test_no_route_is_open_to_who_brings_no_token(stack: Sandbox, world: World) -> None:
    replies = at_once(lambda row: _bare(stack, row.request(world)), GUARDED)

    assert {reply.status for reply in replies} == {401}
    assert len({_body(reply) for reply in replies}) == 1


def test_every_bad_token_is_turned_away_from_some_route(stack: Sandbox, world: World) -> None:
    faults = Forger(stack).bad()
    spread = GUARDED[:: len(GUARDED) // len(faults)]

    assert _let_in(stack, world, zip(spread, cycle(faults.items()), strict=False)) == {}


@pytest.mark.long
def test_every_route_turns_every_bad_token_away(stack: Sandbox, world: World) -> None:
    assert _let_in(stack, world, product(GUARDED, Forger(stack).bad().items())) == {}


def test_a_sample_of_the_matrix_holds(door: OverTheWire, world: World) -> None:
    assert wrong_cells(door, world, _sample()) == {}


@pytest.mark.long
def test_the_whole_matrix_holds(door: OverTheWire, world: World) -> None:
    cells = [(row, column) for row in GUARDED for column in row.cells]

    assert wrong_cells(door, world, cells) == {}


def test_what_is_public_takes_no_token(stack: Sandbox, world: World) -> None:
    replies = at_once(lambda row: _bare(stack, row.request(world)), (row for row in ROWS if row.public))

    # One of two customers answers the same quote too late.
    assert {reply.status for reply in replies} <= {200, 400, 409}


def test_who_has_left_comes_in_no_more_with_a_token_that_is_still_good(
    door: OverTheWire, world: World
) -> None:
    user = _hired(door, "lea")
    door.let_in("lea", user)  # a token that no route has seen yet: the gateway remembers nobody
    left = door.send("ada", Request("DELETE", f"/users/{user['id']}", None, 1))
    assert left.status == 200

    assert door.send("lea", Request("GET", "/me", None, None)).status == 401


def test_a_role_that_changed_is_felt_by_the_next_token(door: OverTheWire, world: World) -> None:
    user = _hired(door, "rolf")
    door.let_in("rolf", user)
    path = f"/users/{user['id']}"
    changed = door.send("ada", Request("PATCH", path, {"role": "READ_ONLY"}, 1))
    assert changed.status == 200

    told = door.send("rolf", Request("GET", "/me", None, None))
    written = door.send("rolf", Request("POST", "/accounts", {"name": "Mine"}, None))

    assert told.json["role"] == "READ_ONLY"
    assert written.status == 403


def test_a_revoked_key_opens_nothing(door: OverTheWire, world: World) -> None:
    made = door.send("ada", Request("POST", "/api-keys", {"name": "Gone", "scopes": ["*:read"]}, None)).json
    door.hand_key("gone", made["key"])
    assert door.send("ada", Request("DELETE", f"/api-keys/{made['id']}", None, 1)).status == 200

    assert door.send("gone", Request("GET", "/products", None, None)).status == 401


def _sample() -> Iterator[tuple[Row, str]]:
    """Rows from the whole list, each for other columns than the row before."""
    columns = [*PEOPLE, KEY]
    for position, row in enumerate(GUARDED[::EVERY_ROW]):
        for column in columns[position % EVERY_COLUMN :: EVERY_COLUMN]:
            yield row, column


def _let_in(stack: Sandbox, world: World, cases: Iterable[tuple[Row, tuple[str, str]]]) -> dict[str, int]:
    """The routes, and faults, that were answered otherwise than by 401."""
    dealt = list(cases)
    statuses = at_once(lambda case: _bare(stack, case[0].request(world), token=case[1][1]).status, dealt)
    return {
        f"{row.asked}: {fault}": status
        for (row, (fault, _)), status in zip(dealt, statuses, strict=True)
        if status != 401
    }


def _bare(stack: Sandbox, request: Request, **options: Any) -> Reply:
    return stack.call(request.method, request.path, request.body, **options)


def _body(reply: Reply) -> str:
    return str({name: value for name, value in reply.json.items() if name != "instance"})


def _hired(door: OverTheWire, name: str) -> dict[str, Any]:
    body = {"name": name.title(), "email": f"{name}@example.com", "role": "OPERATIONS"}
    hired: dict[str, Any] = door.send("ada", Request("POST", "/users", body, None)).json
    return hired
