"""The demo company in this process, once for each file of questions."""

from collections.abc import Iterator

import pytest

from tests.access import doors
from tests.access.cells import ALL_ELSE, key_for
from tests.access.doors import InProcess
from tests.access.rows import GUARDED
from tests.access.world import World, built


@pytest.fixture(scope="module")
def door() -> Iterator[InProcess]:
    """The demo company in this process."""
    with doors.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def world(door: InProcess) -> World:
    """Wang Fang's records."""
    return built(door, keys={ALL_ELSE, *(key_for(row) for row in GUARDED)})
