"""Who may do what: the hand-written matrix, and what every route really answers to everybody."""

from collections.abc import Iterable, Iterator

import pytest

from tests.access.cells import differing, seen
from tests.access.doors import InProcess
from tests.access.rows import ENDPOINTS, GUARDED, ROWS, Row
from tests.access.who import WHO
from tests.access.world import World
from tests.core import wrong


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_written(world: World) -> Iterator[None]:
    """No question of this file leaves a trace."""
    with wrong.Ledger.kept() as ledger:
        yield
        ledger.check()


def _each(rows: Iterable[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.asked) for row in rows])


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {row.route for row in ROWS} == set(ENDPOINTS)


def test_every_pattern_is_somebodys() -> None:
    assert {row.pattern for row in ROWS} == set(WHO)


@_each(GUARDED)
def test_everybody_gets_what_the_matrix_says(door: InProcess, world: World, row: Row) -> None:
    found = {column: seen(door, world, row, column) for column in row.cells}

    assert differing(found, row) == {}


@_each(row for row in ROWS if row.public)
def test_what_is_public_asks_nobody_who_they_are(door: InProcess, world: World, row: Row) -> None:
    request = row.request(world)

    assert door.client.call(request.method, request.path, request.body).status in (200, 303, 400, 409)
